import { Fragment, type JSX, useState } from 'react'
import { useApp } from '../../../store/app-store'
import { useSession } from '../../../store/session-context'
import { selectIsPaused, selectListBounds } from '../../../store/view-slice'
import { groupDigits } from '../../../ui/format'
import { Icon } from '../../../ui/icons'
import { texts } from '../../../ui/texts'
import { FollowPill } from './FollowPill'

/** Count, pause, clear and the follow pill. */
export function ListHead(): JSX.Element {
  const session = useSession()
  const total = useApp((s) => selectListBounds(s).total)
  const isPaused = useApp(selectIsPaused)
  const isFollowing = useApp((s) => s.isListFollowing)
  const { pauseToggled } = useApp.getState()
  const [isAsking, setIsAsking] = useState(false)
  const answered = (isClear: boolean): void => {
    setIsAsking(false)
    document.querySelector<HTMLElement>('.list-grid')?.focus() // the button that had the focus goes
    if (isClear) session.clear()
  }
  return (
    <div className="phead">
      <h2>{texts.list.pane}</h2>
      <span className="t3">{groupDigits(total)}</span>
      <span className="grow" />
      {isAsking ? (
        <Fragment key="asking">
          <span className="t2">{texts.list.clearAsk(total)}</span>
          <button type="button" className="btn sm" autoFocus onClick={() => answered(true)}>
            {texts.list.clear}
          </button>
          <button type="button" className="btn ghost sm" onClick={() => answered(false)}>
            {texts.list.keep}
          </button>
        </Fragment>
      ) : (
        <Fragment key="usual">
          <button
            type="button"
            className="btn ghost sm"
            disabled={total === 0}
            onClick={() => setIsAsking(true)}
          >
            <Icon name="trash" />
            {texts.list.clear}
          </button>
          <button type="button" className="btn ghost sm" aria-pressed={isPaused} onClick={pauseToggled}>
            <Icon name={isPaused ? 'play' : 'pause'} />
            {isPaused ? texts.list.resume : texts.list.pause}
            <kbd>Space</kbd>
          </button>
          {isFollowing && !isPaused && <FollowPill seenEndId={0} />}
        </Fragment>
      )}
    </div>
  )
}
