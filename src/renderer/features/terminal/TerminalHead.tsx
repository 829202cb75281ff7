import { type JSX, useEffect } from 'react'
import type { LinkStatus } from '../../../shared/model/views'
import { useApp } from '../../store/app-store'
import { linkWords, stateWords, toneOf } from '../../store/link-words'
import { selectLinks } from '../../store/links-slice'
import { Icon } from '../../ui/icons'
import { Segmented } from '../../ui/Segmented'
import { LogButton, type LogOutcome } from './LogButton'
import type { TimeKind } from './prefix'
import { clampFontSize, SCROLLBACKS, type TerminalSettings } from './settings'
import { terminalTexts as t } from './texts'
import { groupDigits } from '../../ui/format'

const VIEWS = (['text', 'hex'] as const).map((value) => ({ value, label: t.views[value] }))
const TOLD_MS = 1500

interface TerminalHeadProps {
  readonly link: LinkStatus
  readonly settings: TerminalSettings
  readonly isPaused: boolean
  readonly waitingBytes: number
  /** What became of the last copy; empty when that was told long enough. */
  readonly copied: string
  readonly onSettings: (change: Partial<TerminalSettings>) => void
  readonly onPause: () => void
  readonly onClear: () => void
  readonly onFind: () => void
  readonly onCopy: () => void
  readonly onCopyTold: () => void
  readonly onLogOutcome: (outcome: LogOutcome) => void
}

/** Which link is shown, how, and what can be done with it. */
export function TerminalHead(props: TerminalHeadProps): JSX.Element {
  const { link, settings, isPaused, waitingBytes, copied, onSettings, onCopyTold } = props
  useEffect(() => {
    if (copied === '') return
    const timer = setTimeout(onCopyTold, TOLD_MS)
    return () => clearTimeout(timer)
  }, [copied, onCopyTold])
  return (
    <header className="phead">
      <h2>{t.pane}</h2>
      <LinkChoice link={link} />
      <span className="sep" />
      <Segmented
        label={t.view}
        value={settings.view}
        options={VIEWS}
        onChange={(view) => onSettings({ view })}
      />
      <label className="field small" title={t.times}>
        <span className="sr-only">{t.times}</span>
        <select
          value={settings.times}
          onChange={(event) => onSettings({ times: event.target.value as TimeKind })}
        >
          {(Object.keys(t.timeKinds) as TimeKind[]).map((kind) => (
            <option key={kind} value={kind}>
              {t.timeKinds[kind]}
            </option>
          ))}
        </select>
        <Icon name="down" small />
      </label>
      <button
        type="button"
        className="btn ghost sm"
        title={t.echoHint}
        aria-pressed={settings.hasEcho}
        onClick={() => onSettings({ hasEcho: !settings.hasEcho })}
      >
        {t.echo}
      </button>
      <span className="grow" />
      <span className="t2 told" role="status">
        {copied}
      </span>
      <button
        type="button"
        className={isPaused ? 'btn sm' : 'btn ghost sm'}
        aria-pressed={isPaused}
        onClick={props.onPause}
      >
        <Icon name={isPaused ? 'play' : 'pause'} small />
        {!isPaused ? t.pause : waitingBytes === 0 ? t.resume : t.paused(waitingBytes)}
      </button>
      <button type="button" className="btn ghost sm" title={t.clearHint} onClick={props.onClear}>
        {t.clear}
      </button>
      <button type="button" className="btn ghost sm" title={t.findHint} onClick={props.onFind}>
        {t.find}
      </button>
      <button type="button" className="btn ghost sm" title={t.copyHint} onClick={props.onCopy}>
        {t.copy}
      </button>
      <LogButton key={link.linkId} linkId={link.linkId} onOutcome={props.onLogOutcome} />
      <span className="sep" />
      <label className="field small" title={t.scrollback}>
        <span className="sr-only">{t.scrollback}</span>
        <select
          value={settings.scrollback}
          onChange={(event) => onSettings({ scrollback: Number(event.target.value) })}
        >
          {SCROLLBACKS.map((lines) => (
            <option key={lines} value={lines}>
              {`${groupDigits(lines)} lines`}
            </option>
          ))}
        </select>
        <Icon name="down" small />
      </label>
      <FontButton label={t.smaller} sign="−" settings={settings} step={-1} onSettings={onSettings} />
      <FontButton label={t.larger} sign="+" settings={settings} step={1} onSettings={onSettings} />
    </header>
  )
}

interface FontButtonProps {
  readonly label: string
  readonly sign: string
  readonly step: 1 | -1
  readonly settings: TerminalSettings
  readonly onSettings: (change: Partial<TerminalSettings>) => void
}

const FontButton = ({ label, sign, step, settings, onSettings }: FontButtonProps): JSX.Element => (
  <button
    type="button"
    className="btn ghost sm sq"
    title={`${label} (Ctrl ${sign})`}
    aria-label={label}
    onClick={() => onSettings({ fontSize: clampFontSize(settings.fontSize + step) })}
  >
    A{sign}
  </button>
)

/** Which link; a choice where there are several. */
function LinkChoice({ link }: { readonly link: LinkStatus }): JSX.Element {
  const links = useApp(selectLinks).filter(({ phase }) => phase !== 'listening')
  const { linkChosen } = useApp.getState()
  const { name, settings } = linkWords(link)
  if (links.length < 2) {
    return (
      <span className="term-link t2">
        <span className={`dot ${toneOf(link)}`} />
        <span className="ell">{`${name} · ${settings}`}</span>
      </span>
    )
  }
  return (
    <label className="field small term-link">
      <span className={`dot ${toneOf(link)}`} />
      <span className="sr-only">{t.link}</span>
      <select value={link.linkId} onChange={(event) => linkChosen(Number(event.target.value))}>
        {links.map((each) => (
          <option key={each.linkId} value={each.linkId}>
            {`${linkWords(each).name} · ${stateWords(each)}`}
          </option>
        ))}
      </select>
      <Icon name="down" small />
    </label>
  )
}
