import { useSession } from '../../store/session-context'
import { useFirings } from './use-firings'

/** Listens for triggers that fire for as long as the screen stands. Shows nothing itself. */
export function TriggerWatch(): null {
  useFirings(useSession())
  return null
}
