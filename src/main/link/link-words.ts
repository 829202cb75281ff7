import type { ErrorCode } from '../../shared/errors'
import type { LinkState } from './link-machine'

/** What a state says to a person: the cause of trouble, and when it is tried again. */
export function describeState(
  state: LinkState,
  peerName: string,
): { readonly code: ErrorCode | null; readonly detail: string } {
  switch (state.kind) {
    case 'idle':
    case 'opening':
      return { code: null, detail: '' }
    case 'connected':
      return { code: null, detail: peerName }
    case 'waiting': {
      const delay = state.delayMs < 1000 ? `${state.delayMs} ms` : `${state.delayMs / 1000} s`
      const detail = `${state.detail}; opening again in ${delay} (attempt ${state.attempts + 1})`
      return { code: state.code, detail }
    }
    case 'reconnecting':
      return { code: null, detail: `attempt ${state.attempts}` }
    case 'interrupted':
    case 'closed':
      return { code: state.code, detail: state.detail }
  }
}
