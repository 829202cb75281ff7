import { ERROR_CATALOGUE } from '../../../shared/errors'
import { RUN_OUTCOMES } from '../../../shared/model/tasks'
import type { TraceEvent } from '../../../shared/model/trace'

const PHASES: ReadonlySet<string> = new Set([
  'idle',
  'opening',
  'connected',
  'interrupted',
  'waiting',
  'reconnecting',
  'closed',
  'listening',
])
const SESSION_PHASES: ReadonlySet<string> = new Set([
  'handshake',
  'ready',
  'silent',
  'one-way',
  'refused',
  'ended',
])
const KINDS: ReadonlySet<string> = new Set(['request', 'response', 'event', 'bytes'])
const OUTCOMES: ReadonlySet<string> = new Set(['complete', 'cancelled', 'failed', 'interrupted'])
const RUNS: ReadonlySet<string> = new Set(RUN_OUTCOMES)
const MOST_BYTES = 2 ** 48
const LONGEST_TEXT = 65_536

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0 && value < MOST_BYTES
const isText = (value: string): boolean => value.length <= LONGEST_TEXT
const isCode = (code: string | null | undefined): boolean =>
  code === null || code === undefined || Object.hasOwn(ERROR_CATALOGUE, code)
const isDirection = (dir: string): boolean => dir === 'in' || dir === 'out'

/**
 * Whether an event that was read from a file may be shown: that its fields are there and of their kinds is known already;
 * here, that they have values which can be. A file may come from anybody, and screens trust what the core tells.
 */
export function isSound(event: TraceEvent): boolean {
  if (!Number.isSafeInteger(event.linkId) || event.linkId < 0) return false
  switch (event.type) {
    case 'bytes':
      return isCount(event.streamOffset)
    case 'frame':
      return (
        isDirection(event.dir) &&
        isCount(event.wireBytes) &&
        isCount(event.payloadBytes) &&
        isCount(event.bodyOffset) &&
        isCount(event.messageKey) &&
        isText(event.ref)
      )
    case 'message-opened':
      return (
        isDirection(event.dir) &&
        KINDS.has(event.kind) &&
        isCount(event.messageKey) &&
        isCount(event.priority) &&
        event.priority <= 7 &&
        isText(event.route) &&
        isText(event.ref) &&
        isText(event.correlationId) &&
        (event.declaredBytes === null || isCount(event.declaredBytes))
      )
    case 'message-closed':
      return (
        isDirection(event.dir) &&
        OUTCOMES.has(event.outcome) &&
        isCode(event.code) &&
        isCount(event.bodyBytes)
      )
    case 'request-settled':
      return isCode(event.code) && event.roundTripMs >= 0
    case 'fault':
      return isDirection(event.dir) && isCode(event.code) && isCount(event.lostBytes) && isText(event.detail)
    case 'link-state':
      return PHASES.has(event.phase) && isCode(event.code) && isText(event.url) && isText(event.detail)
    case 'session':
      return SESSION_PHASES.has(event.phase) && isCode(event.code) && isText(event.peerIdentity)
    case 'queue':
      return isCount(event.queuedBytes) && isCount(event.queuedMessages)
    case 'task-run':
      return isText(event.task) && isText(event.detail) && RUNS.has(event.outcome)
    case 'cache':
      return isText(event.key) && isText(event.by)
    default:
      return true
  }
}
