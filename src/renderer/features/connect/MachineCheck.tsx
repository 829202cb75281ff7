import { type JSX, type KeyboardEvent, useEffect, useState } from 'react'
import type { MachineCheck as Check } from '../../../shared/model/views'
import { toWireError, asConsoleError, type WireError } from '../../../shared/errors'
import { useSession } from '../../store/session-context'
import { CopyText } from '../../ui/CopyText'
import { sentences } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { commandIn } from './remedy-command'
import { texts as t } from './texts'

type Run =
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly checks: readonly Check[] }
  | { readonly kind: 'failed'; readonly problem: WireError }

/** What stands between this computer and its serial ports, each with the command that helps. Leaving cancels. */
export function MachineCheck({ onBack }: { readonly onBack: () => void }): JSX.Element {
  const { client } = useSession()
  const [turn, setTurn] = useState(0)
  const [run, setRun] = useState<Run>({ kind: 'running' })
  useEffect(() => {
    let isCancelled = false
    client.call('machine.check', {}).then(
      ({ checks }) => {
        if (!isCancelled) setRun({ kind: 'done', checks })
      },
      (error: unknown) => {
        if (!isCancelled) setRun({ kind: 'failed', problem: toWireError(asConsoleError(error)) })
      },
    )
    return () => {
      isCancelled = true
    }
  }, [client, turn])
  const again = (): void => {
    setRun({ kind: 'running' })
    setTurn(turn + 1)
  }
  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    onBack()
  }
  const isRunning = run.kind === 'running'
  return (
    <section className="checks" aria-label={t.check} aria-busy={isRunning} onKeyDown={pressed}>
      <h2>
        {t.check}
        <span className="sum" role="status">
          {run.kind === 'running' && t.checking}
          {run.kind === 'done' && t.checkSum(run.checks.filter(({ ok }) => !ok).length, run.checks.length)}
        </span>
        <button type="button" className="btn ghost sm" disabled={isRunning} onClick={again}>
          <Icon name="refresh" />
          {t.checkAgain}
        </button>
        <button type="button" className="btn sm" autoFocus onClick={onBack}>
          {isRunning ? t.cancel : t.checkBack}
        </button>
      </h2>
      {run.kind === 'running' && <div className="bar" aria-hidden="true" />}
      {run.kind === 'failed' && (
        <p className="hint" role="alert">
          <b className="err">{run.problem.code}</b> {sentences(run.problem.message, run.problem.remedy)}
        </p>
      )}
      {run.kind === 'done' && (
        <ul className="scrolls" tabIndex={0} aria-label={t.check}>
          {run.checks.map((check) => (
            <CheckLine key={check.id} check={check} />
          ))}
        </ul>
      )}
    </section>
  )
}

function CheckLine({ check }: { readonly check: Check }): JSX.Element {
  const command = commandIn(check.remedy)
  return (
    <li>
      <Icon name={check.ok ? 'check' : 'x'} tone={check.ok ? 'ok' : 'err'} />
      <div className="selectable">
        <b>
          <span className="sr-only">{check.ok ? t.checkPassed : t.checkFailed}</span>
          {check.title}
        </b>
        <p>{check.message}</p>
        {!check.ok && check.remedy !== '' && <p className="fix">{check.remedy}</p>}
      </div>
      {!check.ok && check.remedy !== '' && <CopyText text={command ?? check.remedy} labels={t.copyFix} />}
    </li>
  )
}
