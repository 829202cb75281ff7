import type { ErrorCode } from '../../shared/errors'
import type { Direction, MessageOutcome } from '../../shared/model/trace'
import type { MessageStatus } from '../../shared/model/views'

/** What is known of a message, from which its status follows. */
export interface MessageFacts {
  readonly dir: Direction
  /** An outgoing request whose answer somebody waits for. */
  readonly isAwaited: boolean
  readonly outcome: MessageOutcome | 'open'
  readonly hasFrames: boolean
  /** How the wait for the answer ended; null while it lasts, or when there is none. */
  readonly settled: 'answered' | ErrorCode | null
}

/** A wait that failed says more than the outcome of the transfer; an answer counts once the request is through. */
export function messageStatus(facts: MessageFacts): MessageStatus {
  const { settled, outcome } = facts
  if (settled !== null && settled !== 'answered') return failedWait(settled)
  switch (outcome) {
    case 'open':
      if (facts.dir === 'in') return 'receiving'
      return facts.hasFrames ? 'sending' : 'queued'
    case 'complete':
      if (facts.dir === 'in') return 'received'
      if (settled === 'answered') return 'answered'
      return facts.isAwaited ? 'waiting' : 'sent'
    default:
      return settled === 'answered' ? 'answered' : outcome
  }
}

function failedWait(code: ErrorCode): MessageStatus {
  switch (code) {
    case 'REQUEST_TIMEOUT':
      return 'timeout'
    case 'REQUEST_CANCELLED':
    case 'MESSAGE_CANCELLED':
      return 'cancelled'
    case 'MESSAGE_INTERRUPTED':
    case 'LINK_LOST':
    case 'LINK_NOT_CONNECTED':
      return 'interrupted'
    default:
      return 'failed'
  }
}

/** Nothing more will happen to a message of this status, but for an answer that comes late. */
export function isFinal(status: MessageStatus): boolean {
  return status !== 'queued' && status !== 'sending' && status !== 'waiting' && status !== 'receiving'
}
