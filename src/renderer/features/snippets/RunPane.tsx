import type { JSX } from 'react'
import type { RunState, SnippetRunView } from '../../../shared/model/snippets'
import { parseSnippet } from '../../../shared/workspace/snippet-file'
import { useApp } from '../../store/app-store'
import { linkWords } from '../../store/link-words'
import { isUsable, selectSendLink } from '../../store/links-slice'
import { useSession } from '../../store/session-context'
import { formatClock, formatDuration } from '../../ui/format'
import { Icon, type IconName } from '../../ui/icons'
import { revealLine } from '../../ui/visible-text'
import { RunHistory } from './RunHistory'
import { runSnippet, stopRun } from './snippets-desk'
import { useSnippets } from './snippets-store'
import { StepTable } from './StepTable'
import { snippetTexts as t } from './texts'

const LOOKS: Record<RunState, { readonly icon: IconName; readonly tone: 'ok' | 'err' | 'warn' | undefined }> =
  {
    running: { icon: 'wait', tone: undefined },
    passed: { icon: 'check', tone: 'ok' },
    failed: { icon: 'x', tone: 'err' },
    stopped: { icon: 'stop', tone: 'warn' },
  }

/** How the open snippet runs, ran, and may be run. */
export function RunPane(): JSX.Element {
  const shown = useSnippets((s) => s.runs?.shown ?? null)
  const openName = useSnippets((s) => s.open?.name ?? null)
  const chosenRunId = useSnippets((s) => s.chosenRunId)
  const run = shown !== null && (chosenRunId === shown.runId || shown.name === openName) ? shown : null
  return (
    <section className="pane snippet-run" data-pane="snippet-run" aria-label={t.runTitle}>
      <RunHead run={run} />
      <div className="scrolls snippet-run-body">
        {run === null ? (
          <div className="snippet-never">
            <p className="t2">{t.never}</p>
            <p className="t3">{t.neverHint}</p>
          </div>
        ) : (
          <>
            <Outcome run={run} />
            <StepTable run={run} />
            <Variables run={run} />
          </>
        )}
        <RunHistory shownRunId={run?.runId ?? null} />
      </div>
    </section>
  )
}

function RunHead({ run }: { readonly run: SnippetRunView | null }): JSX.Element {
  const { client } = useSession()
  const link = useApp(selectSendLink)
  const open = useSnippets((s) => s.open)
  const environments = useSnippets((s) => s.environments)
  const environment = useSnippets((s) => s.environment)
  const isBroken = open !== null && parseSnippet(open.text, '').problem !== undefined
  const canSend = link !== undefined && isUsable(link)
  const why = !canSend ? t.noLink : isBroken ? t.notWhileBroken : ''
  return (
    <div className="phead">
      <h2>{t.runTitle}</h2>
      <span className="t3 ell">{why !== '' ? why : link === undefined ? '' : linkWords(link).name}</span>
      <span className="grow" />
      {environments.length > 0 && (
        <label className="field sm">
          <span className="sr-only">{t.environment}</span>
          <select
            value={environment}
            onChange={(event) => useSnippets.setState({ environment: event.target.value })}
          >
            <option value="">{t.noEnvironment}</option>
            {environments.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
          <Icon name="down" small />
        </label>
      )}
      {run?.state === 'running' && (
        <button
          type="button"
          className="btn sm"
          data-stop-snippet
          onClick={() => void stopRun(client, run.runId)}
        >
          <Icon name="stop" />
          {t.stop}
        </button>
      )}
      <button
        type="button"
        className="btn sm primary"
        data-run-snippet
        data-pane-focus=""
        disabled={open === null || why !== ''}
        title={why === '' ? undefined : why}
        onClick={() => {
          if (link !== undefined) void runSnippet(client, link.linkId)
        }}
      >
        <Icon name="play" />
        {t.run}
        <kbd>Ctrl ⏎</kbd>
      </button>
    </div>
  )
}

function Outcome({ run }: { readonly run: SnippetRunView }): JSX.Element {
  const startedAtMs = useApp((s) => s.startedAtMs)
  const { state, detail, code, startedAtMs: atMs, endedAtMs, origin, originName } = run
  const { icon, tone } = LOOKS[state]
  const took = endedAtMs === null ? '' : formatDuration(endedAtMs - atMs)
  const by = origin === 'operator' ? '' : `${t.origins[origin]} ${originName}`.trim()
  return (
    <div className="snippet-outcome" role="status">
      <p>
        <Icon name={icon} {...(tone && { tone })} />
        <b className={tone}>{t.runStates[state]}</b>
        <span className="t3">
          {[formatClock(startedAtMs, atMs), took, by].filter((part) => part !== '').join(' · ')}
        </span>
        <span className="grow" />
        {code !== null && <span className="mono t3">{code}</span>}
      </p>
      {state !== 'running' && state !== 'passed' && (
        <p className="selectable snippet-why">{revealLine(detail)}</p>
      )}
    </div>
  )
}

function Variables({ run }: { readonly run: SnippetRunView }): JSX.Element | null {
  if (run.variables.length === 0) return null
  return (
    <section className="sec">
      <h3>{t.variables}</h3>
      <dl className="snippet-variables">
        {run.variables.map(([name, value]) => (
          <div key={name}>
            <dt className="mono ell">{revealLine(name)}</dt>
            <dd className="mono ell selectable" title={revealLine(value)}>
              {revealLine(value)}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
