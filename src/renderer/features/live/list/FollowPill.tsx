import type { JSX } from 'react'
import { useApp } from '../../../store/app-store'
import { selectRowsWaiting } from '../../../store/list-view-slice'
import { selectIsReplay } from '../../../store/tape-slice'
import { selectIsPaused } from '../../../store/view-slice'
import { Icon } from '../../../ui/icons'
import { texts } from '../../../ui/texts'
import { listTexts as t } from './texts'

interface FollowPillProps {
  /** Rows from this position on are new to the person. */
  readonly seenEnd: number
  readonly isFloating?: boolean
}

/** In the pane head while the list follows; floating with the count of what is new when it does not. */
export function FollowPill({ seenEnd, isFloating = false }: FollowPillProps): JSX.Element {
  const isPaused = useApp(selectIsPaused)
  const waiting = useApp(selectRowsWaiting)
  const freshCount = useApp((s) => Math.max(0, s.listed.end - Math.max(seenEnd, s.listed.first)))
  const isReplay = useApp(selectIsReplay)
  const { newestFollowed } = useApp.getState()
  const label = isPaused
    ? texts.list.paused(waiting)
    : isReplay
      ? t.playhead
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
