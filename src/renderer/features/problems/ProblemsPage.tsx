import { type JSX, useState } from 'react'
import type { StandingProblem } from '../../../shared/model/problems'
import { useApp } from '../../store/app-store'
import { formatClock } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { revealLine } from '../../ui/visible-text'
import { canOpen, goTo } from './go-to'
import { problemsTexts as t } from './texts'
import './problems.css'

/** What is wrong for as long as it is, with its cause and what helps. */
export function ProblemsPage(): JSX.Element {
  const state = useApp((s) => s.problems)
  const problems = state?.problems ?? []
  return (
    <section className="pane problems" data-pane="problems" aria-label={t.title}>
      <header className="phead">
        <h2>{t.title}</h2>
        {state !== null && <span className="t3">{t.count(problems.length + state.hidden)}</span>}
      </header>
      {state === null ? (
        <p className="empty">{t.loading}</p>
      ) : problems.length === 0 ? (
        <NothingWrong />
      ) : (
        <ul className="problem-list scrolls" aria-label={t.title} tabIndex={0} data-pane-focus>
          {problems.map((problem) => (
            <ProblemItem key={problem.id} problem={problem} />
          ))}
          {state.hidden > 0 && <li className="t3">{t.hidden(state.hidden)}</li>}
        </ul>
      )}
    </section>
  )
}

const NothingWrong = (): JSX.Element => (
  <div className="problems-none" tabIndex={-1} data-pane-focus>
    <p className="lead">
      <Icon name="check" tone="ok" />
      {t.none}
    </p>
    <p className="t2">{t.noneHint}</p>
    <ul className="t3">
      {t.checks.map((check) => (
        <li key={check}>{check}</li>
      ))}
    </ul>
  </div>
)

const ICONS = { error: 'x', warning: 'warn', info: 'note' } as const

function ProblemItem({ problem }: { readonly problem: StandingProblem }): JSX.Element {
  const startedAtMs = useApp((s) => s.startedAtMs)
  const { severity, title, cause, remedy, command, target, sinceMs, count, check } = problem
  const tone = severity === 'error' ? 'err' : severity === 'warning' ? 'warn' : null
  return (
    <li className="problem" data-check={check}>
      <span className="mark" title={t.severity[severity]}>
        <Icon name={ICONS[severity]} {...(tone !== null && { tone })} />
        <span className="sr-only">{t.severity[severity]}</span>
      </span>
      <div className="what">
        <h3>
          <span className="ell">{revealLine(title)}</span>
          {count > 1 && <span className="t3">{t.times(count)}</span>}
          <span className="t3 since">{t.since(formatClock(startedAtMs, sinceMs).slice(0, 8))}</span>
        </h3>
        <p className="t2 selectable">{revealLine(cause)}</p>
        <p className="selectable">
          <span className="t3">{t.remedy}: </span>
          {revealLine(remedy)}
        </p>
        {command !== '' && <CommandLine command={command} />}
      </div>
      {target !== null && canOpen(target) && (
        <button type="button" className="btn sm" onClick={() => goTo(target)}>
          {t.go[target.to]}
        </button>
      )}
    </li>
  )
}

/** A command to be typed literally. */
function CommandLine({ command }: { readonly command: string }): JSX.Element {
  const [isCopied, setIsCopied] = useState(false)
  const copy = (): void => {
    void navigator.clipboard.writeText(command).then(
      () => setIsCopied(true),
      () => setIsCopied(false),
    )
  }
  return (
    <p className="problem-command">
      <code className="mono selectable">{command}</code>
      <button type="button" className="btn ghost sm sq" title={t.copy} aria-label={t.copy} onClick={copy}>
        <Icon name={isCopied ? 'check' : 'copy'} />
      </button>
      <span className="sr-only" role="status">
        {isCopied ? t.copied : ''}
      </span>
    </p>
  )
}
