import { asConsoleError } from '../../../shared/errors'
import { MAX_RUN_MESSAGES } from '../../../shared/model/tasks'
import type { TaskFile } from '../../../shared/workspace/workspace-types'
import { KINDS } from '../../capture/message-words'
import type { SendResult } from '../operate-types'
import type { TaskWorld } from './task-world'

/** How the action of one run went. */
export interface ActionOutcome {
  readonly isOk: boolean
  readonly detail: string
  /** All messages, as they came; at most `MAX_RUN_MESSAGES`. */
  readonly messageIds: readonly number[]
  /** Of them the last answer, or null. */
  readonly answerId: number | null
  readonly roundTripMs: number | null
}

/**
 * Does what a task does. Never rejects: a failure is an outcome.
 *
 * @param onMessage - Told of each message as it is sent.
 */
export async function performAction(
  world: TaskWorld,
  name: string,
  task: TaskFile,
  signal: AbortSignal,
  onMessage: (messageId: number) => void,
): Promise<ActionOutcome> {
  const sent: number[] = []
  const place = {
    link: task.link,
    onMessage: (messageId: number): void => {
      if (sent.length < MAX_RUN_MESSAGES) sent.push(messageId)
      onMessage(messageId)
    },
  }
  try {
    const { action } = task
    if (action.action === 'cache') {
      const writer = { kind: 'task', name, messageId: null } as const
      return { ...world.cache.applyCacheOperation(action.change, writer), answerId: null }
    }
    const variables = world.variables(task.environment)
    if (action.action === 'snippet') {
      const result = await world.snippets.run(action.snippet, { ...place, variables }, signal)
      const messageIds = allOf(sent, result.messageIds)
      return { ...result, messageIds, answerId: lastAnswer(world, messageIds) }
    }
    const draft = typeof action.message === 'string' ? world.message(action.message) : action.message
    return outcomeOf(await world.sender.send(draft, { ...place, variables }, signal))
  } catch (error) {
    const { code, message } = asConsoleError(error)
    return { isOk: false, detail: `${code}: ${message}`, messageIds: sent, answerId: null, roundTripMs: null }
  }
}

function outcomeOf({ messageId, answer, roundTripMs, problem }: SendResult): ActionOutcome {
  const answerId = answer?.messageId ?? null
  return {
    isOk: problem === null,
    detail:
      problem !== null
        ? `${problem.code}: ${problem.message}`
        : roundTripMs === null
          ? 'sent'
          : `answered in ${roundTripMs.toFixed(1)} ms`,
    messageIds: [messageId, ...(answerId === null ? [] : [answerId])].filter((id) => id > 0),
    answerId,
    roundTripMs,
  }
}

const allOf = (sent: readonly number[], told: readonly number[]): readonly number[] =>
  [...new Set([...sent, ...told])].slice(0, MAX_RUN_MESSAGES)

function lastAnswer({ subjects: { messages } }: TaskWorld, messageIds: readonly number[]): number | null {
  const isAnswer = (id: number): boolean =>
    messages.has(id) && KINDS.word(messages.columnsOf(id).kinds[messages.indexOf(id)]!) === 'response'
  return messageIds.findLast(isAnswer) ?? null
}
