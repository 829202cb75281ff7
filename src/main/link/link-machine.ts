import type { ErrorCode } from '../../shared/errors'

/**
 * The states of a link in the words a person sees: idle → opening → connected → (interrupted → waiting →
 * reconnecting) → closed. One pure function moves between them and names what the link has to do; it does nothing
 * itself, so the whole table can be tested.
 */
export type LinkState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'connected'; readonly sinceMs: number; readonly attempts: number }
  /** The connection is gone or being given up; what was in flight has been settled. */
  | {
      readonly kind: 'interrupted'
      readonly attempts: number
      readonly code: ErrorCode
      readonly detail: string
    }
  | {
      readonly kind: 'waiting'
      readonly attempts: number
      readonly delayMs: number
      readonly retryAtMs: number
      readonly code: ErrorCode
      readonly detail: string
    }
  | { readonly kind: 'reconnecting'; readonly attempts: number }
  | { readonly kind: 'closed'; readonly code: ErrorCode | null; readonly detail: string }

export type LinkInput =
  | { readonly type: 'open-asked' }
  | { readonly type: 'close-asked' }
  /** A peer came to a listener: there is a connection without opening one. */
  | { readonly type: 'accepted'; readonly nowMs: number }
  | { readonly type: 'opened'; readonly nowMs: number }
  | {
      readonly type: 'open-failed'
      readonly nowMs: number
      readonly code: ErrorCode
      readonly detail: string
      readonly luck?: number
    }
  /** The connection ended without being asked to. */
  | { readonly type: 'ended'; readonly nowMs: number; readonly code: ErrorCode; readonly detail: string }
  /** The bytes can not be understood any more: the connection has to go. */
  | { readonly type: 'given-up'; readonly nowMs: number; readonly code: ErrorCode; readonly detail: string }
  /** The peer does not want us, or we do not want it: asking again would not help. */
  | { readonly type: 'refused'; readonly code: ErrorCode; readonly detail: string }
  /** The old connection holds nothing any more: its port may be opened again. */
  | { readonly type: 'released'; readonly nowMs: number; readonly luck?: number }
  | { readonly type: 'retry-due' }

export type LinkEffect =
  | 'open-transport'
  | 'abort-opening'
  | 'close-connection'
  /** Tell the stack that a fresh connection begins. */
  | 'attach-stack'
  /** Tell the stack that the connection ended, so that everything in flight is settled. */
  | 'detach-stack'
  /** Tell the stack that nothing will be connected any more: what outlived the connection is settled too. */
  | 'stop-stack'
  | 'schedule-retry'
  | 'cancel-retry'

export type LinkStep = readonly [LinkState, ...LinkEffect[]]

export interface ReconnectPolicy {
  readonly isOn: boolean
  readonly firstDelayMs: number
  readonly maxDelayMs: number
  /** The next delay is so many times the one before. Default: 2. */
  readonly factor?: number
  /** Attempts in a row before the link closes; 0 or absent: it never does. */
  readonly attempts?: number
  /** Share of each delay that chance may add, 0 to 1. Default: none. */
  readonly jitter?: number
  /** A connection that lasted this long counts as good: the next loss begins with the first delay again. */
  readonly stableAfterMs: number
}

export const DEFAULT_RECONNECT: ReconnectPolicy = {
  isOn: true,
  firstDelayMs: 250,
  maxDelayMs: 5000,
  stableAfterMs: 5000,
}

export const NO_RECONNECT: ReconnectPolicy = { ...DEFAULT_RECONNECT, isOn: false }

/**
 * Delay before attempt number `attempts` (0 = the first): 250 ms doubling up to 5 s.
 *
 * @param luck - From 0 to below 1; only a policy with jitter asks for it.
 */
export function backOffMs(attempts: number, policy: ReconnectPolicy, luck = 0): number {
  const { firstDelayMs, maxDelayMs, factor = 2, jitter = 0 } = policy
  const delayMs = Math.min(maxDelayMs, firstDelayMs * factor ** Math.min(attempts, 32))
  return jitter === 0 ? delayMs : Math.round(delayMs * (1 + jitter * luck))
}

export function stepLink(state: LinkState, input: LinkInput, policy: ReconnectPolicy): LinkStep {
  switch (state.kind) {
    case 'idle':
      if (input.type === 'open-asked') return [{ kind: 'opening' }, 'open-transport']
      if (input.type === 'accepted') return [connected(input.nowMs, 0), 'attach-stack']
      if (input.type === 'close-asked') return [CLOSED, 'stop-stack']
      return [state]
    case 'opening':
      if (input.type === 'opened') return [connected(input.nowMs, 0), 'attach-stack']
      if (input.type === 'open-failed')
        return [{ kind: 'closed', code: input.code, detail: input.detail }, 'stop-stack']
      if (input.type === 'close-asked') return [CLOSED, 'abort-opening', 'stop-stack']
      return [state]
    case 'connected':
      if (input.type === 'ended') return [interrupted(state, input, policy), 'detach-stack']
      if (input.type === 'given-up') {
        return [interrupted(state, input, policy), 'detach-stack', 'close-connection']
      }
      if (input.type === 'close-asked') return [CLOSED, 'detach-stack', 'close-connection', 'stop-stack']
      if (input.type === 'refused') {
        const { code, detail } = input
        return [{ kind: 'closed', code, detail }, 'detach-stack', 'close-connection', 'stop-stack']
      }
      return [state]
    case 'interrupted':
      if (input.type === 'released') {
        if (!policy.isOn || isEnough(state.attempts, policy))
          return [{ kind: 'closed', code: state.code, detail: state.detail }, 'stop-stack']
        return [waiting(state.attempts, input, state, policy), 'schedule-retry']
      }
      if (input.type === 'close-asked') return [CLOSED, 'stop-stack']
      return [state]
    case 'waiting':
      if (input.type === 'retry-due') {
        return [{ kind: 'reconnecting', attempts: state.attempts + 1 }, 'open-transport']
      }
      // A person who does not want to wait.
      if (input.type === 'open-asked') {
        return [{ kind: 'reconnecting', attempts: state.attempts + 1 }, 'cancel-retry', 'open-transport']
      }
      if (input.type === 'close-asked') return [CLOSED, 'cancel-retry', 'stop-stack']
      return [state]
    case 'reconnecting':
      if (input.type === 'opened') return [connected(input.nowMs, state.attempts), 'attach-stack']
      if (input.type === 'open-failed') {
        if (isEnough(state.attempts, policy))
          return [{ kind: 'closed', code: input.code, detail: input.detail }, 'stop-stack']
        return [waiting(state.attempts, input, input, policy), 'schedule-retry']
      }
      if (input.type === 'close-asked') return [CLOSED, 'abort-opening', 'stop-stack']
      return [state]
    case 'closed':
      if (input.type === 'open-asked') return [{ kind: 'opening' }, 'open-transport']
      return [state]
  }
}

interface Cause {
  readonly code: ErrorCode
  readonly detail: string
}

const CLOSED: LinkState = { kind: 'closed', code: null, detail: '' }

const connected = (nowMs: number, attempts: number): LinkState => ({
  kind: 'connected',
  sinceMs: nowMs,
  attempts,
})

function interrupted(
  state: { readonly sinceMs: number; readonly attempts: number },
  input: Cause & { readonly nowMs: number },
  policy: ReconnectPolicy,
): LinkState {
  // A peer that accepts and hangs up at once must not be asked four times a second for ever.
  const wasStable = input.nowMs - state.sinceMs >= policy.stableAfterMs
  return {
    kind: 'interrupted',
    attempts: wasStable ? 0 : state.attempts,
    code: input.code,
    detail: input.detail,
  }
}

const isEnough = (attempts: number, { attempts: most = 0 }: ReconnectPolicy): boolean =>
  most > 0 && attempts >= most

function waiting(
  attempts: number,
  { nowMs, luck }: { readonly nowMs: number; readonly luck?: number },
  cause: Cause,
  policy: ReconnectPolicy,
): LinkState {
  const delayMs = backOffMs(attempts, policy, luck)
  return {
    kind: 'waiting',
    attempts,
    delayMs,
    retryAtMs: nowMs + delayMs,
    code: cause.code,
    detail: cause.detail,
  }
}
