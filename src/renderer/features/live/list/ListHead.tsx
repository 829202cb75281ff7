import { Fragment, type JSX, type ReactNode, useState } from 'react'
import { useApp } from '../../../store/app-store'
import { selectIsRecording } from '../../../store/recorder-slice'
import { countSelected } from '../../../store/row-selection'
import { useSession } from '../../../store/session-context'
import { selectIsReplay } from '../../../store/tape-slice'
import { selectIsPaused } from '../../../store/view-slice'
import { groupDigits } from '../../../ui/format'
import { Icon } from '../../../ui/icons'
import type { ScreenPoint } from '../../../ui/Menu'
import { texts } from '../../../ui/texts'
import { FollowPill } from './FollowPill'
import { listTexts as t } from './texts'
import type { Copying } from './use-copy'

interface ListHeadProps {
  readonly copying: Copying
  /** Stands above the rows and below the head: where the filter is written. */
  readonly filterBar: ReactNode
  readonly onColumns: (at: ScreenPoint) => void
}

/** Counts, grouping, columns, pause, clear and the follow pill. */
export function ListHead({ copying, filterBar, onColumns }: ListHeadProps): JSX.Element {
  const isPaused = useApp(selectIsPaused)
  const isFollowing = useApp((s) => s.isListFollowing)
  const isGrouped = useApp((s) => s.listView.order === 'exchange')
  const total = useApp((s) => s.bounds.total)
  const isReplay = useApp(selectIsReplay)
  const { pauseToggled, orderChanged } = useApp.getState()
  const session = useSession()
  const [isClearing, setIsClearing] = useState(false)
  return (
    <>
      <div className="phead">
        <h2>{texts.list.pane}</h2>
        <Counts outcome={copying.outcome} />
        <span className="grow" />
        {isClearing ? (
          <ClearQuestion total={total} onDone={() => setIsClearing(false)} />
        ) : copying.pending !== null ? (
          <Fragment key="copy">
            <span className="t2">{t.copyAsk(copying.pending.bytes, t.shapes[copying.pending.shape])}</span>
            <button
              type="button"
              className="btn sm"
              autoFocus
              onClick={() => answered(() => copying.answered(true))}
            >
              {t.copy}
            </button>
            <button
              type="button"
              className="btn ghost sm"
              onClick={() => answered(() => copying.answered(false))}
            >
              {t.cancel}
            </button>
          </Fragment>
        ) : (
          <Fragment key="usual">
            <button
              type="button"
              className="btn ghost sm"
              aria-pressed={isGrouped}
              title={t.groupHint}
              onClick={() => orderChanged(isGrouped ? 'time' : 'exchange')}
            >
              <Icon name="group" />
              {t.group}
            </button>
            <button
              type="button"
              className="btn ghost sm"
              aria-haspopup="menu"
              onClick={(event) => {
                const { left, bottom } = event.currentTarget.getBoundingClientRect()
                onColumns({ x: left, y: bottom + 4 })
              }}
            >
              <Icon name="columns" />
              {t.columnsButton}
            </button>
            {!isReplay && (
              <>
                <button
                  type="button"
                  className="btn ghost sm"
                  data-clear-messages=""
                  title={texts.list.clearHint}
                  disabled={total === 0}
                  onClick={() => {
                    if (selectIsRecording(useApp.getState())) answered(() => session.clear())
                    else setIsClearing(true)
                  }}
                >
                  <Icon name="trash" />
                  {texts.list.clear}
                </button>
                <button type="button" className="btn ghost sm" aria-pressed={isPaused} onClick={pauseToggled}>
                  <Icon name={isPaused ? 'play' : 'pause'} />
                  {isPaused ? texts.list.resume : texts.list.pause}
                  <kbd>Space</kbd>
                </button>
              </>
            )}
            {isFollowing && !isPaused && <FollowPill seenEnd={0} />}
          </Fragment>
        )}
      </div>
      {filterBar}
    </>
  )
}

/** The button that had the focus goes. */
function answered(run: () => void): void {
  document.querySelector<HTMLElement>('.list-grid')?.focus()
  run()
}

function Counts({ outcome }: { readonly outcome: string }): JSX.Element {
  const { total, unit } = useApp((s) => s.frozenListed ?? s.listed)
  const selected = useApp((s) => countSelected(s.rowSelection))
  return (
    <>
      <span className="t3">{unit === 'chunk' ? t.chunkCount(total) : groupDigits(total)}</span>
      {selected > 1 && <span className="t2">{t.selected(selected)}</span>}
      <span className="t3 ell" role="status">
        {outcome}
      </span>
    </>
  )
}

function ClearQuestion({
  total,
  onDone,
}: {
  readonly total: number
  readonly onDone: () => void
}): JSX.Element {
  const session = useSession()
  const done = (isClear: boolean): void => {
    onDone()
    answered(() => isClear && session.clear())
  }
  return (
    <Fragment key="asking">
      <span className="t2">{texts.list.clearAsk(total)}</span>
      <button type="button" className="btn sm" autoFocus onClick={() => done(true)}>
        {texts.list.clear}
      </button>
      <button type="button" className="btn ghost sm" onClick={() => done(false)}>
        {texts.list.keep}
      </button>
    </Fragment>
  )
}
