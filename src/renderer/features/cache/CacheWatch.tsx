import { useSession } from '../../store/session-context'
import { useWatchedKeys } from './use-cache-feeds'

/** Shows nothing itself: a watched key tells of its changes by toasts. */
export function CacheWatch(): null {
  useWatchedKeys(useSession())
  return null
}
