import type { JSX } from 'react'
import { useApp } from '../../../store/app-store'
import { endId } from '../../../store/row-window'
import { selectIsPaused, selectWaitingCount } from '../../../store/view-slice'
import { Icon } from '../../../ui/icons'
import { texts } from '../../../ui/texts'

interface FollowPillProps {
  /** Rows from this id on are new to the person. */
  readonly seenEndId: number
  readonly isFloating?: boolean
}

/** In the pane head while the list follows; floating with the count of what is new when it does not. */
export function FollowPill({ seenEndId, isFloating = false }: FollowPillProps): JSX.Element {
  const isPaused = useApp(selectIsPaused)
  const waiting = useApp(selectWaitingCount)
  const freshCount = useApp((s) => Math.max(0, endId(s.bounds) - seenEndId))
  const { newestFollowed } = useApp.getState()
  const label = isPaused
    ? texts.list.paused(waiting)
    : isFloating
      ? texts.list.fresh(freshCount)
      : texts.list.following
  return (
    <button
      type="button"
      className={isFloating ? 'follow floating' : 'follow'}
      title={texts.list.follow}
      onClick={newestFollowed}
    >
      <Icon name={isPaused ? 'pause' : 'arrowDown'} small />
      {label}
      <kbd>End</kbd>
    </button>
  )
}
