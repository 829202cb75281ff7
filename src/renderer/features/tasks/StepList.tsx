import { type JSX, useEffect, useState } from 'react'
import { formatDuration } from '../../../shared/workspace/duration'
import { parseMessage } from '../../../shared/workspace/message-file'
import { parseSnippet } from '../../../shared/workspace/snippet-file'
import type { MessageDraft, SnippetStep, TaskAction } from '../../../shared/workspace/workspace-types'
import { useSession } from '../../store/session-context'
import { revealLine } from '../../ui/visible-text'
import { taskTexts as t } from './texts'

interface Step {
  readonly text: string
  readonly aside: string
}

const MAX_SHOWN = 32

/** What a run does, step by step, as the files say now. */
export function StepList({ action }: { readonly action: TaskAction }): JSX.Element {
  const { client } = useSession()
  const [steps, setSteps] = useState<readonly Step[]>([])
  const key = JSON.stringify(action)
  useEffect(() => {
    let isGone = false
    const known = JSON.parse(key) as TaskAction
    const file = async (kind: 'messages' | 'snippets', name: string): Promise<string> =>
      (await client.call('workspace.read', { kind, name })).file.text
    const read = async (): Promise<readonly Step[]> => {
      if (known.action === 'cache') {
        const { change } = known
        return [
          { text: change.operation === 'clear' ? 'clear' : `${change.operation} ${change.key}`, aside: '' },
        ]
      }
      if (known.action === 'snippet') {
        const { value } = parseSnippet(await file('snippets', known.snippet), known.snippet)
        return (value?.steps ?? []).map(stepOf)
      }
      const { message } = known
      const draft =
        typeof message === 'string' ? parseMessage(await file('messages', message), message).value : message
      return draft === undefined ? [] : [messageStep(draft)]
    }
    void read().then(
      (found) => {
        if (!isGone) setSteps(found)
      },
      () => {
        if (!isGone) setSteps([]) // the runs say what is missing
      },
    )
    return () => {
      isGone = true
    }
  }, [client, key])
  if (steps.length === 0) return <></>
  return (
    <section className="sec">
      <h3>
        {t.steps}
        {action.action === 'snippet' && <span className="r">{revealLine(action.snippet)}</span>}
      </h3>
      <ol className="tasks-steps">
        {steps.slice(0, MAX_SHOWN).map((step, at) => (
          <li key={`${at}-${step.text}`}>
            <span className="t3">{at + 1}</span>
            <span className="mono ell">{revealLine(step.text)}</span>
            <span className="t3">{step.aside}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

const messageStep = ({ route, kind, body, priority }: MessageDraft): Step => ({
  text: `${kind === 'request' ? 'send' : kind} ${route}${body === null ? '' : ` ${body.text.replaceAll(/\s+/g, ' ')}`}`,
  aside: t.priority(priority),
})

function stepOf(step: SnippetStep): Step {
  switch (step.step) {
    case 'send':
      return typeof step.message === 'string'
        ? { text: `send ${step.message}`, aside: '' }
        : messageStep(step.message)
    case 'wait':
      return { text: `wait ${formatDuration(step.waitMs)}`, aside: '' }
    case 'expect':
      return { text: `expect ${step.filter}`, aside: `within ${formatDuration(step.withinMs)}` }
    case 'check':
      return { text: `check ${step.filter}`, aside: '' }
    case 'set':
      return { text: `set ${Object.keys(step.variables).join(', ')}`, aside: '' }
    case 'repeat':
      return {
        text: `repeat ${step.times === 0 ? 'forever' : step.times}`,
        aside: `${step.steps.length} steps`,
      }
    case 'stop-if':
      return { text: `stop if ${step.filter}`, aside: step.isFailure ? 'fails' : '' }
  }
}
