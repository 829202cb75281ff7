import {
  type CSSProperties,
  type JSX,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useCallback,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import type { ListRow } from '../../../../shared/model/list-view'
import { useApp } from '../../../store/app-store'
import { laidOut } from '../../../store/list-columns'
import { spanCount } from '../../../store/list-view-slice'
import { rowRules } from '../../../store/filters'
import { RowLooks } from '../../../store/row-looks'
import { isSelected, selectAll } from '../../../store/row-selection'
import { useSession } from '../../../store/session-context'
import { selectIsPaused } from '../../../store/view-slice'
import type { ScreenPoint } from '../../../ui/Menu'
import { pageRows } from '../../../ui/scaled-scroll'
import { texts } from '../../../ui/texts'
import { cellCondition } from './cell-filter'
import { EmptyList } from './EmptyList'
import { FilteredOut } from './FilteredOut'
import { FollowPill } from './FollowPill'
import { ListHead } from './ListHead'
import { ListHeader } from './ListHeader'
import { ListPopup, type Popup } from './ListPopup'
import { ListRowView, rowElementId } from './ListRowView'
import { moveOfKey, positionAfter } from './list-position'
import { useCopy } from './use-copy'
import { useLinkNames } from './use-link-names'
import { useListScroll } from './use-list-scroll'
import { useRowCursor } from './use-row-cursor'
import { useRowNotes } from './use-row-notes'
import { useScrolledAlong } from './use-scrolled-along'
import './list.css'

interface MessageListProps {
  /** Where the filter is written: stands between head and rows. */
  readonly filterBar?: ReactNode
}

/** All messages of the view, newest below. Linked with lanes and inspector by the one selected message. */
export function MessageList({ filterBar = null }: MessageListProps): JSX.Element {
  const session = useSession()
  const source = session.rows
  const isPaused = useApp(selectIsPaused)
  const isFollowing = useApp((s) => s.isListFollowing)
  const selection = useApp((s) => s.rowSelection)
  const selectedId = useApp((s) => s.selectedId)
  const startedAtMs = useApp((s) => s.startedAtMs)
  const columns = useApp((s) => s.listColumns)
  const density = useApp((s) => s.density)
  const playheadRow = useApp((s) => s.playheadRow)
  const listed = useApp((s) => s.frozenListed ?? s.listed)
  const { newestFollowed, lanesFollowChanged, rowsSelected, orderChanged, filterNarrowed } = useApp.getState()
  useSyncExternalStore(source.subscribe, source.version)

  const {
    ref: viewport,
    span,
    rows,
    geometry,
    spacerPx,
    firstPosition,
    pastPosition,
    seenEnd,
    heldBack,
    reveal,
  } = useListScroll()
  const { go, goToMessage } = useRowCursor(reveal)
  const copying = useCopy()
  const rowNotes = useRowNotes()
  const [popup, setPopup] = useState<Popup | null>(null)
  const [told, setTold] = useState('')
  const closed = useCallback(() => setPopup(null), [setPopup])
  const grid = useRef<HTMLDivElement>(null)
  const header = useRef<HTMLDivElement>(null)

  const linkNames = useLinkNames()
  const fields = source.shownFields
  const hasNoteColumn = columns.some(({ id }) => id === 'note')
  const filters = useApp((s) => s.filters)
  const { marks } = source.view
  const looks = useMemo(() => new RowLooks(rowRules(filters), marks), [filters, marks])
  const context = useMemo(
    () => ({ startedAtMs, linkNames, fields, looks, hasNoteColumn }),
    [startedAtMs, linkNames, fields, looks, hasNoteColumn],
  )
  const layout = useMemo(() => laidOut(columns), [columns])

  const { cursor } = selection
  const cursorRow = cursor === null ? undefined : source.get(cursor)
  const kinId = cursorRow?.row === 'message' ? cursorRow.partnerId : 0

  useScrolledAlong(viewport, header)

  /** Below the row the keyboard is at, or at the upper edge when that is not on screen. */
  const cursorPoint = (): ScreenPoint => {
    const element = grid.current?.querySelector('.gr.cur') ?? viewport.current
    const box = element?.getBoundingClientRect()
    return {
      x: (box?.left ?? 0) + 56,
      y: element === viewport.current ? (box?.top ?? 0) : (box?.bottom ?? 0),
    }
  }
  const pressed = (event: KeyboardEvent): void => {
    if (keyPressed(event)) {
      event.preventDefault()
      event.stopPropagation()
    }
  }
  /** Whether the key means something here. */
  const keyPressed = (event: KeyboardEvent): boolean => {
    const { key, shiftKey, altKey } = event
    const isCommand = event.ctrlKey || event.metaKey
    if (altKey) return false
    if (isCommand) {
      if (key.toLowerCase() === 'a' && !shiftKey) {
        rowsSelected(selectAll(selection, span.first, span.end))
      } else if (key.toLowerCase() === 'c' && shiftKey) {
        setPopup({ kind: 'copy', at: cursorPoint() })
      } else if (key.toLowerCase() === 'c') {
        copying.copy(useApp.getState().copyShape)
      } else return false
      return true
    }
    if (key === 'ContextMenu' || (key === 'F10' && shiftKey)) {
      if (cursorRow !== undefined)
        setPopup({ kind: 'row', at: cursorPoint(), row: cursorRow, condition: conditionOf(cursorRow, null) })
      return true
    }
    const move = moveOfKey[key]
    if (move !== undefined) {
      if (move === 'newest') newestFollowed()
      const fullyVisible = [firstPosition + (rows.shiftPx < 0 ? 1 : 0), pastPosition - 1] as const
      // a paused list has just gone on: its newest is not the one on screen
      const reach = move === 'newest' ? useApp.getState().listed : span
      const next = positionAfter(move, cursor, reach, fullyVisible, pageRows(geometry))
      if (next === null) return true
      go(next, shiftKey ? 'extend' : 'only')
      if (move !== 'newest') reveal.current(next) // a person who steps through rows does not want them to run away
      return true
    }
    if (key === 'Enter' && selectedId !== null) {
      lanesFollowChanged(false) // it stays in sight there as well
      document.getElementById('inspector')?.focus()
    } else if ((key === '[' || key === ']') && kinId !== 0) goToMessage(kinId)
    else if (key === 'g') orderChanged(useApp.getState().listView.order === 'time' ? 'exchange' : 'time')
    else if (key === 'm' && cursorRow !== undefined) rowNotes.toggleMark(cursorRow)
    else if (key === 'M' && cursorRow !== undefined)
      setPopup({ kind: 'note', at: cursorPoint(), row: cursorRow })
    else if (key === 'Delete' && cursorRow !== undefined) rowNotes.removeAll(cursorRow)
    else return false
    return true
  }

  const positionOf = (event: MouseEvent): number | null => {
    const row = (event.target as Element).closest('[data-position]')
    return row === null ? null : Number(row.getAttribute('data-position'))
  }
  /** What the row can be filtered by: the value pointed at, else its route. */
  const conditionOf = (row: ListRow, at: EventTarget | null): string | null => {
    if (row.row !== 'message') return null
    const cell = at instanceof Element ? at.closest('[data-column]')?.getAttribute('data-column') : null
    const column = columns.find(({ id }) => id === cell)
    const own = column === undefined ? null : cellCondition(column.id, row, context)
    return own ?? cellCondition('route', row, context)
  }
  /** At the press, not the release: in a list that follows, another row may lie under the pointer by then. */
  const pointerPressed = (event: MouseEvent): void => {
    const position = positionOf(event)
    if (position === null || event.button !== 0) return
    if (event.altKey) {
      const row = source.get(position)
      const condition = row === undefined ? null : conditionOf(row, event.target)
      if (condition !== null) filterNarrowed(condition, event.shiftKey)
      return
    }
    const isCommand = event.ctrlKey || event.metaKey
    go(position, event.shiftKey ? (isCommand ? 'add' : 'extend') : isCommand ? 'toggle' : 'only')
  }
  const menuAsked = (event: MouseEvent): void => {
    event.preventDefault()
    const position = positionOf(event)
    const row = position === null ? undefined : source.get(position)
    if (position === null || row === undefined) return
    if (!isSelected(selection, position)) go(position, 'only')
    const condition = conditionOf(row, event.target)
    setPopup({ kind: 'row', at: { x: event.clientX, y: event.clientY }, row, condition })
  }

  const playheadAt = (position: number): 'before' | 'after' | undefined => {
    if (position === playheadRow) return 'before'
    return position + 1 === playheadRow && playheadRow === span.end ? 'after' : undefined
  }
  const shown: JSX.Element[] = []
  const hasRanges = selection.ranges.length > 0
  for (let position = firstPosition; position < pastPosition; position++) {
    const row = source.get(position)
    const id = row?.row === 'message' ? row.id : 0
    shown.push(
      <ListRowView
        key={row === undefined ? `at-${position}` : rowElementId(row)}
        position={position}
        row={row}
        columns={columns}
        context={context}
        // what was selected elsewhere is known by its number before its place is
        isSelected={hasRanges ? isSelected(selection, position) : id !== 0 && id === selectedId}
        isCursor={position === cursor}
        isKin={id !== 0 && id === kinId}
        rowIndex={position - span.first + 2}
        playhead={playheadAt(position)}
      />,
    )
  }

  const isFilteredOut = listed.shown === 0 && listed.total > 0
  /** What stands in the list when it has no message: gaps, losses, notes. */
  const rowsPx = Math.min(spanCount(span) * geometry.rowPx, Math.max(0, geometry.viewportPx - 72))
  const isCursorDrawn = cursor !== null && cursor >= firstPosition && cursor < pastPosition
  const activeId = isCursorDrawn && cursorRow !== undefined ? rowElementId(cursorRow) : undefined
  const style = {
    '--cols': layout.template,
    '--cols-px': `${layout.columnsPx}px`,
    '--col-gaps': columns.length - 1,
  } as CSSProperties
  return (
    <section
      className="pane list"
      aria-label={texts.list.pane}
      data-pane="list"
      data-density={density === 'normal' ? undefined : density}
    >
      <ListHead
        copying={copying}
        filterBar={filterBar}
        onColumns={(at) => setPopup({ kind: 'columns', at })}
      />
      <div
        ref={grid}
        className="list-grid"
        role="grid"
        tabIndex={0}
        data-pane-focus=""
        aria-label={texts.list.pane}
        aria-multiselectable="true"
        aria-rowcount={spanCount(span) + 1}
        aria-colcount={columns.length}
        data-pending={heldBack > 0 ? '' : undefined}
        aria-activedescendant={activeId}
        style={style}
        onKeyDown={pressed}
      >
        <ListHeader
          columns={columns}
          clip={header}
          onMenu={(at) => setPopup({ kind: 'columns', at })}
          onTold={setTold}
        />
        <div
          ref={viewport}
          className="vp scrolls"
          tabIndex={-1}
          role="rowgroup"
          onFocus={() => grid.current?.focus()}
          onMouseDown={pointerPressed}
          onContextMenu={menuAsked}
        >
          <div
            className="vp-layer"
            style={{ height: geometry.viewportPx, marginBottom: -geometry.viewportPx }}
          >
            <div style={{ transform: `translateY(${rows.shiftPx}px)` }}>{shown}</div>
          </div>
          <div className="vp-spacer" style={{ height: spacerPx }} />
        </div>
      </div>
      {isFilteredOut ? (
        <FilteredOut belowPx={rowsPx} />
      ) : (
        listed.total === 0 && <EmptyList belowPx={rowsPx} />
      )}
      {(isPaused || !isFollowing) && <FollowPill seenEnd={seenEnd} isFloating />}
      <p className="sr-only" role="status">
        {told}
      </p>
      {popup !== null && (
        <ListPopup
          popup={popup}
          copying={copying}
          notes={rowNotes}
          onPopup={setPopup}
          onTold={setTold}
          onClose={closed}
        />
      )}
    </section>
  )
}
