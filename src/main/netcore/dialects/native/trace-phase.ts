import type { SessionPhase } from '../../../../shared/model/trace'
import type { PhaseChange } from './session/session-types'

/** What a session does, in the words of the trace. */
export function tracePhase(phase: PhaseChange['phase'], condition: PhaseChange['condition']): SessionPhase {
  switch (phase) {
    case 'hello':
    case 'auth':
      return 'handshake'
    case 'up':
      return condition === 'live' ? 'ready' : condition
    case 'incompatible':
    case 'refused':
      return 'refused'
    case 'down':
      return 'ended'
  }
}
