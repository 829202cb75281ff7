import { type JSX, useEffect, useRef, useState } from 'react'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { formatDuration } from '../../ui/format'
import { MAX_REPEAT_EVERY_MS, MAX_REPEATS, type RepeatCounts, RepeatRun } from './repeat-run'
import type { SendCheck } from './send-check'
import { texts } from './texts'

/** Sends the message again and again; leaving the part ends the run. */
export function RepeatPart({ check }: { readonly check: SendCheck }): JSX.Element {
  const session = useSession()
  const { timesText, everyText } = useApp((s) => s.repeat)
  const { repeatChanged } = useApp.getState()
  const [counts, setCounts] = useState<RepeatCounts | null>(null)
  const run = useRef<RepeatRun | null>(null)
  const times = whole(timesText, 1, MAX_REPEATS)
  const everyMs = whole(everyText, 0, MAX_REPEAT_EVERY_MS)
  const isRunning = counts?.isRunning === true
  useEffect(() => () => run.current?.stop(), [])
  const start = (): void => {
    if (check.kind !== 'ready' || times === null || everyMs === null) return
    const { message } = check
    const made = new RepeatRun(session.client, () => session.handOver(message), { times, everyMs }, setCounts)
    run.current = made
    void made.run()
  }
  return (
    <div className="repeat-part">
      <label className={times === null ? 'field bad' : 'field'}>
        <span className="lab">{texts.repeatTimes}</span>
        <input
          inputMode="numeric"
          aria-invalid={times === null}
          disabled={isRunning}
          value={timesText}
          onChange={(event) => repeatChanged({ timesText: event.target.value })}
        />
      </label>
      <label className={everyMs === null ? 'field bad' : 'field'}>
        <span className="lab">{texts.repeatEvery}</span>
        <input
          inputMode="numeric"
          aria-invalid={everyMs === null}
          disabled={isRunning}
          value={everyText}
          onChange={(event) => repeatChanged({ everyText: event.target.value })}
        />
        <span className="t3">{texts.ms}</span>
      </label>
      <button
        type="button"
        className="btn"
        aria-disabled={!isRunning && (check.kind !== 'ready' || times === null || everyMs === null)}
        onClick={() => (isRunning ? run.current?.stop() : start())}
      >
        {isRunning ? texts.stop : texts.start}
      </button>
      <span className="grow ell t2" role="status">
        {times === null || everyMs === null ? (
          <span className="err">{texts.badRepeat(MAX_REPEATS)}</span>
        ) : counts === null ? (
          <span className="t3">{check.kind === 'blocked' ? check.reason : texts.repeatIdle}</span>
        ) : (
          <Counts counts={counts} />
        )}
      </span>
    </div>
  )
}

function Counts({ counts }: { readonly counts: RepeatCounts }): JSX.Element {
  const { sent, times, answered, failed, p50Ms, p99Ms, problem } = counts
  return (
    <>
      {texts.repeatCounts(sent, times, answered, failed)}
      {p50Ms !== null && p99Ms !== null && `, p50 ${formatDuration(p50Ms)}, p99 ${formatDuration(p99Ms)}`}
      {problem !== null && <span className="err"> {problem}</span>}
    </>
  )
}

/** A typed whole number within its bounds; null for anything else. */
function whole(text: string, least: number, most: number): number | null {
  const trimmed = text.replaceAll(/\s/g, '')
  if (!/^\d{1,7}$/.test(trimmed)) return null
  const value = Number(trimmed)
  return value >= least && value <= most ? value : null
}
