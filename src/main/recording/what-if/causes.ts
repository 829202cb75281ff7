import type { RecordedMessage } from './recorded-traffic'

/** What was sent this soon after an answer is taken for its consequence. */
const FOLLOWS_WITHIN_MS = 50

/** Why a message was sent when it was: so long after an answer was whole. */
export interface Cause {
  /** Key of the answer. */
  readonly answerKey: number
  readonly gapMs: number
}

/**
 * Finds what followed answers: each message of ours that was sent within `FOLLOWS_WITHIN_MS` after an answer had come
 * followed the latest one. Everything else had reasons of its own, such as a timer or a person.
 *
 * @param messages - In the order in which they began. Answers of ours have their reason in the request, and are left out.
 */
export function causesOf(messages: readonly RecordedMessage[]): Map<number, Cause> {
  const answers = messages
    .filter(({ dir, kind, isComplete }) => dir === 'in' && kind === 'response' && isComplete)
    .sort((a, b) => a.closedMs - b.closedMs)
  const causes = new Map<number, Cause>()
  let next = 0
  for (const message of messages) {
    if (message.dir !== 'out' || message.kind === 'response') continue
    while (next < answers.length && answers[next]!.closedMs <= message.openedMs) next += 1
    const answer = answers[next - 1]
    if (answer === undefined) continue
    const gapMs = message.openedMs - answer.closedMs
    if (gapMs <= FOLLOWS_WITHIN_MS) causes.set(message.messageKey, { answerKey: answer.messageKey, gapMs })
  }
  return causes
}
