import type { CSSProperties, JSX } from 'react'
import type { SnippetRunView, SnippetStepView, StepState } from '../../../shared/model/snippets'
import { formatMsNumber } from '../../ui/format'
import { Icon, type IconName } from '../../ui/icons'
import { revealLine } from '../../ui/visible-text'
import { showMessage } from './show-message'
import { snippetTexts as t } from './texts'

const LOOKS: Record<StepState, { readonly icon: IconName; readonly tone?: 'ok' | 'err' | 'warn' }> = {
  waiting: { icon: 'wait' },
  running: { icon: 'play' },
  passed: { icon: 'check', tone: 'ok' },
  failed: { icon: 'x', tone: 'err' },
  stopped: { icon: 'stop', tone: 'warn' },
}

/** Each step of the file: how it went the last time, how long it took, and its messages. */
export function StepTable({ run }: { readonly run: SnippetRunView }): JSX.Element {
  return (
    <table className="snippet-steps" aria-label={t.steps}>
      <thead>
        <tr>
          <th scope="col">
            <span className="sr-only">{t.runTitle}</span>
          </th>
          <th scope="col">{t.stepColumns.title}</th>
          <th scope="col" className="num">
            {t.stepColumns.count}
          </th>
          <th scope="col" className="num">
            {t.stepColumns.time}
          </th>
        </tr>
      </thead>
      <tbody>
        {run.steps.map((step) => (
          <StepRow key={step.index} step={step} />
        ))}
      </tbody>
    </table>
  )
}

function StepRow({ step }: { readonly step: SnippetStepView }): JSX.Element {
  const { state, title, count, totalMs, detail, messageIds, depth, line } = step
  const { icon, tone } = LOOKS[state]
  const indent: CSSProperties = { paddingLeft: `${depth * 16}px` }
  const hasMore = detail !== '' || messageIds.length > 0
  return (
    <tr className={state === 'waiting' ? 't3' : undefined} data-state={state}>
      <td>
        <Icon name={icon} small {...(tone && { tone })} />
        <span className="sr-only">{t.stepStates[state]}</span>
      </td>
      <td title={t.line(line)}>
        <div className="mono ell" style={indent}>
          {revealLine(title)}
        </div>
        {hasMore && (
          <div className={state === 'failed' ? 'err snippet-detail' : 't3 snippet-detail'} style={indent}>
            <span className="selectable">{revealLine(detail)}</span>
            {messageIds.map((id) => (
              <button
                key={id}
                type="button"
                className="textlink"
                title={t.showMessage(id)}
                aria-label={t.showMessage(id)}
                onClick={() => showMessage(id)}
              >
                {t.message(id)}
              </button>
            ))}
          </div>
        )}
      </td>
      <td className="num">{count > 1 ? count : ''}</td>
      <td className="num">{count === 0 ? <span className="t4">–</span> : formatMsNumber(totalMs)}</td>
    </tr>
  )
}
