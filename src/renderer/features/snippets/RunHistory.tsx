import { type JSX, type KeyboardEvent, useMemo, useRef } from 'react'
import type { RunState } from '../../../shared/model/snippets'
import { useApp } from '../../store/app-store'
import { formatClock, formatDuration } from '../../ui/format'
import { roveFocus } from '../../ui/roving'
import { revealLine } from '../../ui/visible-text'
import { useSnippets } from './snippets-store'
import { snippetTexts as t } from './texts'

const DOTS: Record<RunState, string> = {
  running: 'dot warn',
  passed: 'dot ok',
  failed: 'dot err',
  stopped: 'dot',
}
const SHOWN_RUNS = 20

/** The last runs of the open snippet, newest first; choosing one shows its steps. */
export function RunHistory({ shownRunId }: { readonly shownRunId: number | null }): JSX.Element | null {
  const startedAtMs = useApp((s) => s.startedAtMs)
  const name = useSnippets((s) => s.open?.name ?? '')
  const runs = useSnippets((s) => s.runs?.runs)
  const own = useMemo(
    () => (runs ?? []).filter((run) => run.name === name).slice(0, SHOWN_RUNS),
    [runs, name],
  )
  const list = useRef<HTMLUListElement>(null)
  if (own.length === 0) return null
  const moved = (event: KeyboardEvent): void => {
    roveFocus(event, [...(list.current?.querySelectorAll('button') ?? [])])
  }
  return (
    <section className="sec snippet-history">
      <h3>{t.runs}</h3>
      <ul ref={list} onKeyDown={moved}>
        {own.map(({ runId, state, detail, startedAtMs: atMs, endedAtMs }) => (
          <li key={runId} className={runId === shownRunId ? 'sel' : undefined}>
            <button
              type="button"
              tabIndex={runId === shownRunId || (shownRunId === null && runId === own[0]?.runId) ? 0 : -1}
              aria-current={runId === shownRunId ? 'true' : undefined}
              title={revealLine(detail)}
              onClick={() => useSnippets.setState({ chosenRunId: runId })}
            >
              <span className={DOTS[state]} />
              <span>{formatClock(startedAtMs, atMs)}</span>
              <span className="t2 ell">
                {t.runStates[state]}
                {state === 'failed' && <span className="t3"> · {revealLine(detail)}</span>}
              </span>
              <span className="grow" />
              <span className="t3">{endedAtMs === null ? '' : formatDuration(endedAtMs - atMs)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
