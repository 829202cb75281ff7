import {
  type JSX,
  type KeyboardEvent,
  type MouseEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { useApp } from '../../../store/app-store'
import { selectActiveLink } from '../../../store/links-slice'
import { endId } from '../../../store/row-window'
import { useSession } from '../../../store/session-context'
import { selectIsPaused, selectListBounds } from '../../../store/view-slice'
import { maxOffsetPx, offsetToShow, pageRows } from '../../../ui/scaled-scroll'
import { texts } from '../../../ui/texts'
import { useVirtualViewport } from '../../../ui/use-virtual-viewport'
import { FollowPill } from './FollowPill'
import { ListHead } from './ListHead'
import { anchorOfOffset, moveOfKey, offsetOfAnchor, selectionAfter } from './list-position'
import { MessageRowView, rowElementId } from './MessageRowView'
import './list.css'

const ROW_PX = 22
const NO_GEOMETRY = { count: 0, rowPx: ROW_PX, viewportPx: 0 }
/** Rows that may wait for their content before the list shows them as places to be filled. */
const MAX_HELD_BACK = 100
const COLUMNS = Object.entries(texts.list.columns)

/** All messages, newest below. Linked with lanes and inspector by the one selection. */
export function MessageList(): JSX.Element {
  const { rows: source } = useSession()
  const allBounds = useApp(selectListBounds)
  const isPaused = useApp(selectIsPaused)
  const isFollowing = useApp((s) => s.isListFollowing)
  const selectedId = useApp((s) => s.selectedId)
  const selectedBy = useApp((s) => s.selectedBy)
  const startedAtMs = useApp((s) => s.startedAtMs)
  const { listFollowChanged, newestFollowed, messageSelected } = useApp.getState()
  useSyncExternalStore(source.subscribe, source.version)

  const [anchorPx, setAnchorPx] = useState(0)
  /** First id that had not come when the list was released, for the count of new rows. */
  const [seenEndId, setSeenEndId] = useState(0)
  const grid = useRef<HTMLDivElement>(null)

  // while following, a row shows when it is wholly there: numbers alone would flicker at the lower edge
  const missing = isFollowing ? source.missingTail(endId(allBounds), MAX_HELD_BACK) : 0
  const heldBack = missing < MAX_HELD_BACK ? Math.min(missing, allBounds.total) : 0
  const bounds = useMemo(
    () => (heldBack === 0 ? allBounds : { ...allBounds, total: allBounds.total - heldBack }),
    [allBounds, heldBack],
  )
  const offset = isFollowing ? Number.POSITIVE_INFINITY : offsetOfAnchor(anchorPx, bounds, ROW_PX)
  /** What is on screen, for handlers: they run after the drawing they belong to. */
  const drawn = useRef({ bounds, geometry: NO_GEOMETRY, offsetPx: 0 })

  const stayAt = useCallback(
    (offsetPx: number) => {
      setAnchorPx(anchorOfOffset(offsetPx, drawn.current.bounds, ROW_PX))
      if (!useApp.getState().isListFollowing) return
      setSeenEndId(endId(drawn.current.bounds))
      listFollowChanged(false)
    },
    [listFollowChanged],
  )
  const scrolled = useCallback(
    (offsetPx: number) => {
      if (offsetPx >= maxOffsetPx(drawn.current.geometry) - 1) listFollowChanged(true)
      else stayAt(offsetPx)
    },
    [listFollowChanged, stayAt],
  )
  const { ref, geometry, spacerPx, rows } = useVirtualViewport(bounds.total, ROW_PX, offset, scrolled)
  useLayoutEffect(() => {
    drawn.current = { bounds, geometry, offsetPx: rows.first * ROW_PX - rows.shiftPx }
  }, [bounds, geometry, rows])

  const firstId = bounds.firstId + rows.first
  const pastId = bounds.firstId + rows.end
  useEffect(() => {
    // one row more above: its time gives the first difference
    if (pastId + heldBack > firstId) source.want(firstId - 1, pastId + heldBack)
  }, [source, firstId, pastId, heldBack])

  const reveal = useCallback(
    (id: number) => {
      const { bounds, geometry, offsetPx } = drawn.current
      const index = id - bounds.firstId
      if (index >= 0 && index < bounds.total) stayAt(offsetToShow(index, offsetPx, geometry))
    },
    [stayAt],
  )
  useEffect(() => {
    if (selectedId === null || selectedBy === 'list' || selectedBy === 'composer') return
    const { bounds, geometry, offsetPx } = drawn.current
    const wanted = offsetToShow(selectedId - bounds.firstId, offsetPx, geometry)
    if (Math.abs(wanted - offsetPx) >= 1) reveal(selectedId)
  }, [selectedId, selectedBy, reveal])

  const kinId = selectedId === null ? 0 : (source.get(selectedId)?.partnerId ?? 0)

  const pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const move = moveOfKey[event.key]
    if (move !== undefined) {
      event.preventDefault()
      event.stopPropagation()
      if (move === 'newest') newestFollowed()
      const fullyVisible = [firstId + (rows.shiftPx < 0 ? 1 : 0), pastId - 1] as const
      // a paused list has just gone on: its newest is not the one on screen
      const reach = move === 'newest' ? selectListBounds(useApp.getState()) : bounds
      const next = selectionAfter(move, selectedId, reach, fullyVisible, pageRows(geometry))
      if (next === null) return
      messageSelected(next, 'list')
      if (move !== 'newest') reveal(next) // a person who steps through rows does not want them to run away
    } else if (event.key === 'Enter' && selectedId !== null) {
      event.preventDefault()
      document.getElementById('inspector')?.focus()
    } else if ((event.key === '[' || event.key === ']') && kinId !== 0) {
      event.preventDefault()
      messageSelected(kinId, 'list')
      reveal(kinId)
    }
  }

  const clicked = (event: MouseEvent): void => {
    const row = (event.target as Element).closest('[data-message]')
    if (row !== null) messageSelected(Number(row.getAttribute('data-message')), 'list')
  }

  const shown: JSX.Element[] = []
  for (let id = firstId; id < pastId; id++) {
    const row = source.get(id)
    const before = id > bounds.firstId ? source.get(id - 1) : undefined
    shown.push(
      <MessageRowView
        key={id}
        id={id}
        row={row}
        deltaMs={row === undefined || before === undefined ? null : row.openedMs - before.openedMs}
        isSelected={id === selectedId}
        isKin={id === kinId}
        rowIndex={id - bounds.firstId + 2}
        startedAtMs={startedAtMs}
      />,
    )
  }

  const isSelectionDrawn = selectedId !== null && selectedId >= firstId && selectedId < pastId
  return (
    <section className="pane list" aria-label={texts.list.pane} data-pane="list">
      <ListHead />
      <div
        ref={grid}
        className="list-grid"
        role="grid"
        tabIndex={0}
        data-pane-focus=""
        aria-label={texts.list.pane}
        aria-rowcount={allBounds.total + 1}
        aria-colcount={COLUMNS.length}
        aria-activedescendant={isSelectionDrawn ? rowElementId(selectedId) : undefined}
        onKeyDown={pressed}
      >
        <div className="gh" role="row" aria-rowindex={1}>
          {COLUMNS.map(([key, name]) => (
            <span key={key} role="columnheader" className={columnClass(key)} aria-label={name}>
              {key === 'dir' ? '' : name}
            </span>
          ))}
        </div>
        <div
          ref={ref}
          className="vp scrolls"
          tabIndex={-1}
          role="rowgroup"
          onFocus={() => grid.current?.focus()}
          onClick={clicked}
        >
          <div
            className="vp-layer"
            style={{ height: geometry.viewportPx, marginBottom: -geometry.viewportPx }}
          >
            <div style={{ transform: `translateY(${rows.shiftPx}px)` }}>{shown}</div>
          </div>
          <div style={{ height: spacerPx }} />
        </div>
      </div>
      {allBounds.total === 0 && <EmptyList />}
      {(isPaused || !isFollowing) && <FollowPill seenEndId={Math.max(seenEndId, pastId)} isFloating />}
    </section>
  )
}

const columnClass = (key: string): string | undefined =>
  key === 'delta' || key === 'size' || key === 'rtt' ? 'num' : key === 'time' ? 'on' : undefined

function EmptyList(): JSX.Element {
  const session = useSession()
  const link = useApp(selectActiveLink)
  const faults = link?.faults ?? 0
  const bytesIn = link?.bytesIn ?? 0
  const isConnected = link?.phase === 'connected' || link?.phase === 'listening'
  return (
    <div className="empty list-empty">
      <p>
        {!isConnected
          ? texts.list.emptyNoLink
          : bytesIn > 0
            ? texts.list.emptyBytes(bytesIn, faults)
            : texts.list.emptyQuiet}
      </p>
      {isConnected ? (
        <p>{texts.list.emptySend}</p>
      ) : (
        <button type="button" className="btn" onClick={() => session.openConnect()}>
          {texts.list.connect}
        </button>
      )}
    </div>
  )
}
