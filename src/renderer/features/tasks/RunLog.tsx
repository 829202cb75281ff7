import { type JSX, type KeyboardEvent, useMemo, useState } from 'react'
import { LATE_MS, type TaskRunEntry } from '../../../shared/model/tasks'
import { useApp } from '../../store/app-store'
import { formatClock, formatMsNumber } from '../../ui/format'
import { Icon, type IconName } from '../../ui/icons'
import { offsetToShow, pageRows } from '../../ui/scaled-scroll'
import { useVirtualViewport } from '../../ui/use-virtual-viewport'
import { revealLine } from '../../ui/visible-text'
import { showMessage } from './task-actions'
import { taskTexts as t } from './texts'

const ROW_PX = 22

const ICONS: Record<TaskRunEntry['outcome'], IconName> = {
  ok: 'check',
  failed: 'x',
  timeout: 'wait',
  held: 'unplug',
  dropped: 'unplug',
  skipped: 'skip',
}

const timeOf = ({ startedMs, dueMs }: TaskRunEntry): number => startedMs ?? dueMs

/** What came of each due time, newest first; Enter goes to the message of a run. */
export function RunLog({ runs: told }: { readonly runs: readonly TaskRunEntry[] }): JSX.Element {
  // They are told as they end; a run that took long began before those that were left out meanwhile.
  const runs = useMemo(() => told.toSorted((one, other) => timeOf(one) - timeOf(other)), [told])
  const startedAtMs = useApp((s) => s.startedAtMs)
  const [offset, setOffset] = useState(0)
  const [chosen, setChosen] = useState<number | null>(null)
  const { ref, geometry, spacerPx, rows } = useVirtualViewport(runs.length, ROW_PX, offset, setOffset)
  const runAt = (index: number): TaskRunEntry | undefined => runs[runs.length - 1 - index]
  const at = chosen === null ? -1 : runs.length - 1 - runs.findIndex(({ runId }) => runId === chosen)
  const go = (index: number): void => {
    const next = Math.max(0, Math.min(runs.length - 1, index))
    setChosen(runAt(next)?.runId ?? null)
    setOffset(offsetToShow(next, offset, geometry))
  }
  const open = (run: TaskRunEntry | undefined): void => {
    const [messageId] = run?.messageIds ?? []
    if (run !== undefined && messageId !== undefined) showMessage(messageId, run.behind !== '')
  }
  const pressed = (event: KeyboardEvent): void => {
    const steps: Record<string, () => void> = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      PageDown: () => go(at + pageRows(geometry)),
      PageUp: () => go(at - pageRows(geometry)),
      Home: () => go(0),
      End: () => go(runs.length - 1),
      Enter: () => open(runAt(at)),
    }
    const step = steps[event.key]
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    step()
  }
  const drawn: JSX.Element[] = []
  for (let index = rows.first; index < rows.end; index++) {
    const run = runAt(index)
    if (run === undefined) continue
    drawn.push(
      <RunRow
        key={run.runId}
        run={run}
        index={index}
        isSelected={run.runId === chosen}
        time={formatClock(startedAtMs, timeOf(run))}
        onSelect={() => setChosen(run.runId)}
        onOpen={() => open(run)}
      />,
    )
  }
  return (
    <section className="tasks-runs" aria-label={t.runs}>
      <div className="sec">
        <h3>{t.runs}</h3>
      </div>
      <div className="gh" aria-hidden="true">
        <span>{t.runColumns.time}</span>
        <span>{t.runColumns.result}</span>
        <span className="num">{t.runColumns.late}</span>
        <span className="num">{t.runColumns.rtt}</span>
      </div>
      <div
        ref={ref}
        className="vp scrolls tasks-log"
        role="grid"
        tabIndex={0}
        aria-label={t.runs}
        aria-description={t.toMessage}
        aria-rowcount={runs.length}
        aria-activedescendant={at >= rows.first && at < rows.end ? `run-row-${at}` : undefined}
        onKeyDown={pressed}
      >
        <div className="vp-layer" style={{ height: geometry.viewportPx, marginBottom: -geometry.viewportPx }}>
          <div style={{ transform: `translateY(${rows.shiftPx}px)` }}>{drawn}</div>
        </div>
        <div style={{ height: spacerPx }} />
        {runs.length === 0 && (
          <div className="empty">
            <p>{t.runsEmpty}</p>
          </div>
        )}
      </div>
    </section>
  )
}

interface RunRowProps {
  readonly run: TaskRunEntry
  readonly index: number
  readonly time: string
  readonly isSelected: boolean
  readonly onSelect: () => void
  readonly onOpen: () => void
}

function RunRow({ run, index, time, isSelected, onSelect, onOpen }: RunRowProps): JSX.Element {
  const { outcome, detail, lateMs, roundTripMs, isManual, behind, messageIds } = run
  const isBad = outcome === 'failed' || outcome === 'timeout'
  const words =
    outcome === 'ok' ? t.outcomes.ok : `${t.outcomes[outcome]}${detail === '' ? '' : `, ${detail}`}`
  const result = revealLine(isManual ? `${words}, ${t.byHand}` : words)
  return (
    <div
      id={`run-row-${index}`}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={isSelected}
      className={`gr${isSelected ? ' sel' : ''}`}
      title={detail}
      onPointerDown={(event) => event.button === 0 && onSelect()}
      onDoubleClick={onOpen}
    >
      <span role="gridcell" className="t2">
        {messageIds.length === 0 ? (
          time
        ) : (
          <button type="button" className="textlink" tabIndex={-1} title={t.toMessage} onClick={onOpen}>
            {time}
          </button>
        )}
      </span>
      <span role="gridcell" className="st">
        <Icon name={ICONS[outcome]} small {...(isBad && { tone: 'err' as const })} />
        <span className={`ell ${isBad ? 'err' : outcome === 'ok' ? '' : 't3'}`}>{result}</span>
      </span>
      <span role="gridcell" className={`num ${(lateMs ?? 0) > LATE_MS ? 'warn b' : ''}`}>
        {lateMs === null ? (
          <span className="t4">{t.absent}</span>
        ) : behind === '' ? (
          formatMsNumber(lateMs)
        ) : (
          <button
            type="button"
            className="textlink warn"
            tabIndex={-1}
            title={t.explain(behind)}
            onClick={onOpen}
          >
            {formatMsNumber(lateMs)}
          </button>
        )}
      </span>
      <span role="gridcell" className="num">
        {roundTripMs === null ? <span className="t4">{t.absent}</span> : formatMsNumber(roundTripMs)}
      </span>
    </div>
  )
}
