import type { JSX } from 'react'
import { useShallow } from 'zustand/shallow'
import { useApp } from '../../store/app-store'
import { linkWords } from '../../store/link-words'
import { selectLinks } from '../../store/links-slice'
import { Icon } from '../../ui/icons'
import { Segmented } from '../../ui/Segmented'
import { useCharts } from './charts-store'
import { chartTexts as t } from './texts'
import { FOLLOW_SPANS, type FollowSpan } from './time-window'

interface ChartsHeadProps {
  readonly outcome: string
  readonly onCopy: () => void
  readonly onAddPlot: () => void
}

const SPANS = FOLLOW_SPANS.map((span) => ({ value: String(span), label: t.spans[span] }))

/** Link, time, pause, and what can be done with what is drawn. */
export function ChartsHead({ outcome, onCopy, onAddPlot }: ChartsHeadProps): JSX.Element {
  const window = useCharts((s) => s.window)
  const isPaused = useCharts((s) => s.isPaused)
  const isTable = useCharts((s) => s.isTable)
  const { windowChosen, pauseToggled, tableToggled } = useCharts.getState()
  const isFollowing = window.kind === 'follow' && !isPaused
  return (
    <div className="phead">
      <h2>{t.pane}</h2>
      <LinkChooser />
      <Segmented
        label={t.span}
        value={window.kind === 'follow' ? String(window.span) : ''}
        options={SPANS}
        onChange={(value) => windowChosen({ kind: 'follow', span: spanOf(value) })}
      />
      {!isFollowing && (
        <button
          type="button"
          className="btn sm"
          title={t.liveHint}
          onClick={() =>
            windowChosen({ kind: 'follow', span: window.kind === 'follow' ? window.span : 120_000 })
          }
        >
          <Icon name="live" small />
          {t.live}
          <kbd>End</kbd>
        </button>
      )}
      <span className="t3 ell grow" role="status">
        {outcome}
      </span>
      <button type="button" className="btn ghost sm" onClick={onAddPlot}>
        <Icon name="plus" />
        {t.addPlot}
      </button>
      <button
        type="button"
        className="btn ghost sm"
        aria-pressed={isTable}
        title={t.tableHint}
        onClick={tableToggled}
      >
        <Icon name="columns" />
        {t.table}
      </button>
      <button type="button" className="btn ghost sm" onClick={onCopy}>
        <Icon name="copy" />
        {t.copy}
      </button>
      <button type="button" className="btn ghost sm" aria-pressed={isPaused} onClick={pauseToggled}>
        <Icon name={isPaused ? 'play' : 'pause'} />
        {isPaused ? t.resume : t.pause}
        <kbd>Space</kbd>
      </button>
    </div>
  )
}

const spanOf = (value: string): FollowSpan => FOLLOW_SPANS.find((span) => String(span) === value) ?? 120_000

function LinkChooser(): JSX.Element {
  const linkId = useCharts((s) => s.linkId)
  const links = useApp(
    useShallow((s) => selectLinks(s).map((link) => `${link.linkId} ${linkWords(link).name}`)),
  )
  const { linkChosen } = useCharts.getState()
  return (
    <span className="field ch-link">
      <select
        aria-label={t.linkLabel}
        value={linkId ?? ''}
        onChange={(event) => linkChosen(event.target.value === '' ? null : Number(event.target.value))}
      >
        <option value="">{t.allLinks}</option>
        {links.map((entry) => {
          const at = entry.indexOf(' ')
          return (
            <option key={entry} value={entry.slice(0, at)}>
              {entry.slice(at + 1)}
            </option>
          )
        })}
      </select>
      <Icon name="down" small />
    </span>
  )
}
