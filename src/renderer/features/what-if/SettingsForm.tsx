import { type JSX, useState } from 'react'
import type { Priority } from '../../../shared/model/trace'
import {
  AS_RECORDED,
  MAX_WHATIF_AHEAD_MS,
  MAX_WHATIF_BAUD,
  MAX_WHATIF_CHUNK_BYTES,
  type RecordedLine,
  type WhatIfRoute,
  type WhatIfSummary,
} from '../../../shared/model/what-if'
import { Icon } from '../../ui/icons'
import { Segmented } from '../../ui/Segmented'
import { revealLine } from '../../ui/visible-text'
import { whatIfTexts as t } from './texts'
import { useWhatIf } from './what-if-store'

/** Routes whose priority can be tried here; rarer ones can be from the command line. */
const MAX_ROUTES = 24
/** A recording may last for months. */
const MAX_SPAN_MS = 1e10
const USUAL_BAUDS = [9600, 57_600, 115_200, 230_400, 460_800, 921_600, 3_000_000]
const USUAL_CHUNKS = [64, 96, 128, 272, 512, 1024, 4096]

interface SettingsFormProps {
  readonly recording: string
  readonly line: RecordedLine | null
  readonly used: WhatIfSummary['used'] | null
}

/** What to try, each beside what was recorded. Empty fields mean: as it was. */
export function SettingsForm({ recording, line, used }: SettingsFormProps): JSX.Element {
  const settings = useWhatIf((s) => s.settings)
  const { changed, recordingChosen } = useWhatIf.getState()
  const recordedChunk =
    line === null ? '' : `${line.chunkBytes} ${t.bytes}${line.isChunkAutomatic ? `, ${t.automatic}` : ''}`
  const recordedAhead =
    line === null ? '' : line.aheadMs === null ? t.notSeen : `${line.aheadMs.toFixed(1)} ${t.ms}`
  return (
    <form className="pane what-if-form" aria-label={t.settings} onSubmit={(event) => event.preventDefault()}>
      <div className="what-if-form-head">
        <h2 className="ell" title={recording}>
          {recording}
        </h2>
        <button
          type="button"
          className="btn ghost sm sq"
          aria-label={t.other}
          title={t.other}
          onClick={() => recordingChosen(null)}
        >
          <Icon name="x" />
        </button>
      </div>
      <div className="scrolls what-if-fields">
        {line !== null && line.links.length > 1 ? <LinkSetting line={line} /> : null}
        <NumberSetting
          label={t.baud}
          unit=""
          value={settings.baud}
          was={line === null ? '' : line.baud === null ? t.socket : String(line.baud)}
          most={MAX_WHATIF_BAUD}
          least={1}
          usual={USUAL_BAUDS}
          onChange={(baud) => changed({ baud })}
        />
        <NumberSetting
          label={t.chunk}
          unit={t.bytes}
          value={settings.chunkBytes}
          was={recordedChunk}
          most={MAX_WHATIF_CHUNK_BYTES}
          least={1}
          usual={USUAL_CHUNKS}
          {...(used !== null && settings.chunkBytes === null && { hint: String(used.chunkBytes) })}
          onChange={(chunkBytes) => changed({ chunkBytes })}
        />
        <NumberSetting
          label={t.ahead}
          unit={t.ms}
          value={settings.aheadMs}
          was={recordedAhead}
          most={MAX_WHATIF_AHEAD_MS}
          least={0}
          usual={[0, 5, 10, 25, 50, 100]}
          onChange={(aheadMs) => changed({ aheadMs })}
        />
        <div className="what-if-field">
          <span className="what-if-label">{t.policy}</span>
          <Segmented
            label={t.policy}
            value={settings.policy}
            options={[
              { value: 'reply', label: t.byReply },
              { value: 'time', label: t.byTime },
            ]}
            onChange={(policy) => changed({ policy })}
          />
          <span className="what-if-was">{t.policyHint}</span>
        </div>
        <SpanSetting line={line} />
        {line === null ? null : <Priorities routes={line.routes.slice(0, MAX_ROUTES)} />}
      </div>
      <div className="what-if-form-foot">
        <button
          type="button"
          className="btn sm"
          data-what-if-reset
          onClick={() =>
            changed({ ...AS_RECORDED, linkId: settings.linkId, fromMs: settings.fromMs, toMs: settings.toMs })
          }
        >
          {t.reset}
        </button>
      </div>
    </form>
  )
}

/** Which link of the recording is asked about. Routes are its own, and so are the priorities that were tried. */
function LinkSetting({ line }: { readonly line: RecordedLine }): JSX.Element {
  const linkId = useWhatIf((s) => s.settings.linkId)
  const { changed } = useWhatIf.getState()
  const known = line.links.some((link) => link.linkId === linkId)
  return (
    <label className="what-if-field">
      <span className="what-if-label">{t.link}</span>
      <span className="field">
        <select
          aria-label={t.link}
          value={known ? linkId : 0}
          onChange={({ target }) => changed({ linkId: Number(target.value), priorities: {} })}
        >
          <option value={0}>{t.busiest}</option>
          {line.links.map(({ linkId: id, url, messages }) => (
            <option key={id} value={id}>
              {t.linkOf(id, revealLine(url), messages)}
            </option>
          ))}
        </select>
        <Icon name="down" />
      </span>
    </label>
  )
}

/** Which part of the recording, in the times that it is shown with. */
function SpanSetting({ line }: { readonly line: RecordedLine | null }): JSX.Element {
  const { fromMs, toMs } = useWhatIf((s) => s.settings)
  const { changed } = useWhatIf.getState()
  const wasOf = (ms: number | undefined): string => (ms === undefined ? '' : `${Math.round(ms)} ${t.ms}`)
  const shared = { unit: t.ms, least: 0, most: MAX_SPAN_MS, usual: [] }
  return (
    <div className="what-if-field" role="group" aria-label={t.spanHint}>
      <NumberSetting
        {...shared}
        label={t.from}
        value={fromMs === null ? null : Math.round(fromMs)}
        hint={t.beginning}
        was={wasOf(line?.fromMs)}
        onChange={(from) => changed({ fromMs: from })}
      />
      <NumberSetting
        {...shared}
        label={t.to}
        value={toMs === null ? null : Math.round(toMs)}
        hint={t.end}
        was={wasOf(line?.toMs)}
        onChange={(to) => changed({ toMs: to })}
      />
      <span className="what-if-was">{t.spanHint}</span>
    </div>
  )
}

interface NumberSettingProps {
  readonly label: string
  readonly unit: string
  readonly value: number | null
  /** As it was recorded; empty while unknown. */
  readonly was: string
  readonly hint?: string
  readonly least: number
  readonly most: number
  readonly usual: readonly number[]
  readonly onChange: (value: number | null) => void
}

/** A number or nothing. What is out of bounds is shown as wrong, and what held before goes on holding. */
function NumberSetting(props: NumberSettingProps): JSX.Element {
  const { label, unit, value, was, hint, least, most, usual, onChange } = props
  const [typed, setTyped] = useState<string | null>(null)
  const [known, setKnown] = useState(value)
  if (known !== value) {
    // set from outside, such as "As recorded"
    setKnown(value)
    if (typed !== null && numberOf(typed, least, most) !== value) setTyped(null)
  }
  const text = typed ?? (value === null ? '' : String(value))
  const isBad = numberOf(text, least, most) === undefined
  const listId = `what-if-${label.replaceAll(' ', '-').toLowerCase()}`
  return (
    <label className="what-if-field">
      <span className="what-if-label">{label}</span>
      <span className={`field${isBad ? ' bad' : ''}`}>
        <input
          inputMode="numeric"
          aria-label={label}
          aria-invalid={isBad}
          list={listId}
          placeholder={hint ?? t.asRecorded}
          value={text}
          onChange={({ target }) => {
            setTyped(target.value)
            const read = numberOf(target.value, least, most)
            if (read !== undefined) onChange(read)
          }}
        />
        <span className="lab">{unit}</span>
      </span>
      <datalist id={listId}>
        {usual.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <span className="what-if-was">{isBad ? `${least} to ${most}` : was === '' ? '' : t.wasWords(was)}</span>
    </label>
  )
}

/** Null for nothing, undefined for what is no number in bounds. */
function numberOf(text: string, least: number, most: number): number | null | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return null
  const value = Number(trimmed)
  return /^\d+$/.test(trimmed) && value >= least && value <= most ? value : undefined
}

function Priorities({ routes }: { readonly routes: readonly WhatIfRoute[] }): JSX.Element {
  const priorities = useWhatIf((s) => s.settings.priorities)
  const set = (route: string, priority: Priority, recorded: Priority): void => {
    const others = Object.fromEntries(Object.entries(priorities).filter(([name]) => name !== route))
    useWhatIf
      .getState()
      .changed({ priorities: priority === recorded ? others : { ...others, [route]: priority } })
  }
  return (
    <fieldset className="what-if-priorities">
      <legend>{t.priorities}</legend>
      {routes.map(({ route, priority, hue, count }) => (
        <label key={route} className="what-if-priority">
          <i className="sw" data-hue={hue} />
          <span className="ell" title={revealLine(route)}>
            {revealLine(route)}
          </span>
          <span className="t3 num">{count}</span>
          <span className={`field${Object.hasOwn(priorities, route) ? ' what-if-set' : ''}`}>
            <select
              aria-label={t.priorityOf(revealLine(route))}
              value={priorities[route] ?? priority}
              onChange={({ target }) => set(route, Number(target.value) as Priority, priority)}
            >
              {[0, 1, 2, 3, 4, 5, 6, 7].map((each) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </select>
            <Icon name="down" />
          </span>
        </label>
      ))}
    </fieldset>
  )
}
