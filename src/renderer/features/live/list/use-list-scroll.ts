import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useApp } from '../../../store/app-store'
import { timeOf } from '../../../store/list-row'
import { type Density, type ListSpan, spanCount, spanOf } from '../../../store/list-view-slice'
import { useSession } from '../../../store/session-context'
import { selectIsReplay } from '../../../store/tape-slice'
import {
  clampOffset,
  maxOffsetPx,
  offsetToShow,
  type ScrollGeometry,
  type VisibleRows,
} from '../../../ui/scaled-scroll'
import { useVirtualViewport } from '../../../ui/use-virtual-viewport'
import { anchorOfOffset, offsetOfAnchor } from './list-position'

export const ROW_PX: Readonly<Record<Density, number>> = { compact: 18, normal: 22, roomy: 28 }

/** Rows that may wait for their content before the list shows them as places to be filled. */
const MAX_HELD_BACK = 100
/** What a list that follows the playhead shows before it. */
const ROWS_BEFORE_PLAYHEAD = 7
/** What the pill with the count of new rows covers at the lower edge: no row is brought into sight there. */
const PILL_PX = 36
const NO_GEOMETRY: ScrollGeometry = { count: 0, rowPx: ROW_PX.normal, viewportPx: 0 }

export interface ListScroll {
  readonly ref: RefObject<HTMLDivElement | null>
  readonly geometry: ScrollGeometry
  readonly spacerPx: number
  readonly rows: VisibleRows
  /** The positions the list shows, those on screen and all others. */
  readonly span: ListSpan
  readonly firstPosition: number
  /** Exclusive. */
  readonly pastPosition: number
  /** Positions from here on have come since the list was released. */
  readonly seenEnd: number
  /** Newest rows that are not shown yet because their content is on its way. */
  readonly heldBack: number
  /** Brings a position into sight; the list then stands still. */
  readonly reveal: RefObject<(position: number) => void>
}

/** Where the list stands: at the newest row, or at a place that nothing but the person moves. */
export function useListScroll(): ListScroll {
  const { rows: source } = useSession()
  const listed = useApp((s) => s.listed)
  const frozen = useApp((s) => s.frozenListed)
  const epoch = useApp((s) => s.listEpoch)
  const isFollowing = useApp((s) => s.isListFollowing)
  const rowPx = ROW_PX[useApp((s) => s.density)]
  const isReplay = useApp(selectIsReplay)
  const playheadRow = useApp((s) => s.playheadRow)
  const { listFollowChanged } = useApp.getState()
  const [anchorRow, setAnchorRow] = useState(0)
  /** First position that had not come when the list was released, for the count of new rows. */
  const [seenEnd, setSeenEnd] = useState(0)

  const { first, end } = spanOf(listed, frozen)
  // while following, a row shows when it is wholly there: empty places would flicker at the lower edge
  const missing = isFollowing && !isReplay ? source.missingTail(end, MAX_HELD_BACK) : 0
  const heldBack = missing < MAX_HELD_BACK ? Math.min(missing, end - first) : 0
  const span = useMemo(() => ({ first, end: end - heldBack }), [first, end, heldBack])
  const offset = !isFollowing
    ? offsetOfAnchor(anchorRow, span, rowPx)
    : isReplay
      ? ((playheadRow ?? first) - first - ROWS_BEFORE_PLAYHEAD) * rowPx
      : Number.POSITIVE_INFINITY
  /** What is on screen, for handlers: they run after the drawing they belong to. */
  const drawn = useRef({ span, geometry: NO_GEOMETRY, offsetPx: 0, topMs: null as number | null })

  const stayAt = useCallback(
    (offsetPx: number) => {
      const { span, geometry } = drawn.current
      setAnchorRow(anchorOfOffset(offsetPx, span, geometry.rowPx))
      if (!useApp.getState().isListFollowing) return
      setSeenEnd(span.end)
      listFollowChanged(false)
    },
    [listFollowChanged],
  )
  const scrolled = useCallback(
    (offsetPx: number) => {
      const isAtEnd = offsetPx >= maxOffsetPx(drawn.current.geometry) - 1
      if (isAtEnd && !selectIsReplay(useApp.getState())) listFollowChanged(true)
      else stayAt(offsetPx)
    },
    [listFollowChanged, stayAt],
  )
  const { ref, geometry, spacerPx, rows } = useVirtualViewport(spanCount(span), rowPx, offset, scrolled)
  const firstPosition = span.first + rows.first
  const pastPosition = span.first + rows.end
  const topRow = source.get(firstPosition)
  const topMs = topRow === undefined ? null : timeOf(topRow)
  useLayoutEffect(() => {
    drawn.current = {
      span,
      geometry,
      offsetPx: rows.first * rowPx - rows.shiftPx,
      topMs: topMs ?? drawn.current.topMs,
    }
  }, [span, geometry, rows, rowPx, topMs])

  useEffect(() => {
    if (pastPosition + heldBack > firstPosition) source.want(firstPosition, pastPosition + heldBack)
  }, [source, firstPosition, pastPosition, heldBack])

  const reveal = useRef((position: number): void => {
    const { span, geometry, offsetPx } = drawn.current
    if (position < span.first || position >= span.end) return
    // also when it is in sight already: a list that follows would take it away
    const uncovered = { ...geometry, viewportPx: Math.max(geometry.rowPx, geometry.viewportPx - PILL_PX) }
    const wanted = offsetToShow(position - span.first, offsetPx, uncovered)
    stayAtRef.current(clampOffset(wanted, geometry))
  })
  const stayAtRef = useRef(stayAt)

  // another view of the same session: it stands where the time is the same
  const seenEpoch = useRef(epoch)
  useEffect(() => {
    if (seenEpoch.current === epoch) return
    seenEpoch.current = epoch
    const { topMs } = drawn.current
    const { isListFollowing, listed } = useApp.getState()
    setSeenEnd(listed.end)
    if (isListFollowing || topMs === null) return
    source.positionAt(topMs).then(
      (position) => position !== null && setAnchorRow(position),
      () => undefined, // the end of the channel is told once, by the channel
    )
  }, [epoch, source])

  return {
    ref,
    geometry,
    spacerPx,
    rows,
    span,
    firstPosition,
    pastPosition,
    seenEnd: Math.max(seenEnd, pastPosition),
    heldBack,
    reveal,
  }
}
