import { type JSX, type KeyboardEvent, type MouseEvent, useContext, useEffect, useState } from 'react'
import type { LibraryOrder, RecordingRow } from '../../../shared/model/library'
import { KeyMapContext } from '../../commands/key-map-context'
import { useSession } from '../../store/session-context'
import { offsetToShow, pageRows } from '../../ui/scaled-scroll'
import { SortHead } from '../../ui/SortHead'
import { useVirtualViewport } from '../../ui/use-virtual-viewport'
import { VirtualRows } from '../../ui/VirtualRows'
import { canOpen, openRecording } from './library-actions'
import { useLibrary } from './library-store'
import { RecordingCells } from './RecordingCells'
import { libraryTexts as t } from './texts'
import { type LibraryWindow, useLibraryRows } from './use-library-rows'

const ROW_PX = 22
const COLUMNS = 9

/** All recordings that the search finds, as a table. Only rows in sight are known and drawn. */
export function RecordingGrid({ onMenu }: { readonly onMenu: (event: MouseEvent) => void }): JSX.Element {
  const session = useSession()
  const search = useLibrary((s) => s.search)
  const cursor = useLibrary((s) => s.cursor)
  const chosen = useLibrary((s) => s.chosen)
  const version = useLibrary((s) => s.news?.version ?? 0)
  const { moved, searched, sideShown } = useLibrary.getState()
  const [offset, setOffset] = useState(0)
  const [total, setTotal] = useState(0)
  const viewport = useVirtualViewport(total, ROW_PX, offset, setOffset)
  const { geometry, rows: visible } = viewport
  const shown = useLibraryRows(session.live, search, visible.first, visible.end, version)
  if (shown.total !== total) setTotal(shown.total)
  const rowAt = (index: number): RecordingRow | undefined => shown.rows[index - shown.from]
  const isCurrent = shown.search === search

  useFollowedCursor(shown, (index) =>
    setOffset((before) => offsetToShow(index, before, { ...geometry, count: Math.max(total, index + 1) })),
  )

  const go = (index: number, isRange: boolean): void => {
    if (total === 0) return
    sideShown('detail')
    const at = Math.max(0, Math.min(total - 1, index))
    setOffset((before) => offsetToShow(at, before, geometry))
    const next = { recording: rowAt(at)?.recording ?? null, index: at }
    if (!isRange) {
      moved(next)
      return
    }
    const { anchor } = useLibrary.getState()
    const range = new Set<string>()
    for (let each = Math.min(anchor, at); each <= Math.max(anchor, at); each++) {
      const row = rowAt(each)
      if (row !== undefined) range.add(row.recording)
    }
    moved(next, range, anchor)
  }
  const toggleChosen = (index: number): void => {
    const row = rowAt(index)
    if (row === undefined) return
    sideShown('detail')
    const { chosen: before, cursor: here } = useLibrary.getState()
    const next = new Set(
      before.size > 0 ? before : here === null || here.recording === null ? [] : [here.recording],
    )
    if (!next.delete(row.recording)) next.add(row.recording)
    moved({ recording: row.recording, index }, next, index)
  }
  // those of other features that act on what is chosen here are among them
  const { commands } = useContext(KeyMapContext)
  const stepOf = (event: KeyboardEvent): (() => void) | undefined => {
    const at = cursor?.index ?? -1
    const page = pageRows(geometry)
    const isRange = event.shiftKey
    const steps: Record<string, () => void> = {
      ArrowDown: () => go(at + 1, isRange),
      ArrowUp: () => go(at - 1, isRange),
      PageDown: () => go(at + page, isRange),
      PageUp: () => go(at - page, isRange),
      Home: () => go(0, isRange),
      End: () => go(total - 1, isRange),
      ' ': () => toggleChosen(at),
      Escape: () => cursor !== null && moved(cursor),
    }
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey
    if (!isPlain) return undefined
    const chord = event.key.length === 1 ? event.key.toLowerCase() : event.key
    const command = commands.find(({ keys, pane }) => pane === 'library' && keys.includes(chord))
    return steps[event.key] ?? (command?.isEnabled?.() === false ? undefined : command?.run)
  }
  const pressed = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return // the heads have keys of their own
    const step = stepOf(event)
    if (step === undefined) return
    event.preventDefault()
    event.stopPropagation()
    step()
  }

  const drawn: JSX.Element[] = []
  for (let index = visible.first; index < visible.end; index++) {
    const row = rowAt(index)
    if (row === undefined) continue
    const isCursor = cursor?.index === index
    const isChosen = chosen.has(row.recording)
    drawn.push(
      <div
        key={row.recording}
        id={`library-row-${index}`}
        role="row"
        aria-rowindex={index + 2}
        aria-selected={chosen.size > 0 ? isChosen : isCursor}
        className={`gr${isCursor ? ' sel' : isChosen ? ' kin chosen' : ''}`}
        onPointerDown={(event) => {
          if (event.button !== 0) return
          if (event.ctrlKey || event.metaKey) toggleChosen(index)
          else go(index, event.shiftKey)
        }}
        onDoubleClick={() => canOpen(row) && openRecording(session, row.recording)}
        onContextMenu={(event) => {
          if (!isChosen) go(index, false)
          onMenu(event)
        }}
      >
        <RecordingCells row={row} />
      </div>,
    )
  }
  const isInSight = cursor !== null && rowAt(cursor.index) !== undefined
  return (
    <div
      className="library-table"
      role="grid"
      aria-label={t.table}
      aria-rowcount={total + 1}
      aria-colcount={COLUMNS}
      aria-multiselectable="true"
      aria-activedescendant={isInSight ? `library-row-${cursor.index}` : undefined}
      tabIndex={0}
      data-pane-focus=""
      onKeyDown={pressed}
    >
      <Heads />
      <VirtualRows viewport={viewport}>{drawn}</VirtualRows>
      {isCurrent && total === 0 && search.query !== '' && (
        <div className="empty library-nothing">
          <p>{t.noMatch(search.query)}</p>
          <button type="button" className="btn" onClick={() => searched({ query: '' })}>
            {t.clearFind}
          </button>
        </div>
      )}
    </div>
  )
}

/** How long a recording that was asked for may take until the library has read it. */
const WANTED_MS = 10_000

/**
 * The cursor stays with its recording while others come and go, and with its place when that has gone. A recording that is
 * wanted takes it as soon as its row is there.
 */
function useFollowedCursor(shown: LibraryWindow, reveal: (index: number) => void): void {
  const session = useSession()
  const cursor = useLibrary((s) => s.cursor)
  const wanted = useLibrary((s) => s.wanted)
  const search = useLibrary((s) => s.search)
  useEffect(() => {
    const { moved, chosen, anchor, recordingWanted, sideShown } = useLibrary.getState()
    if (shown.search === null || shown.total === 0) return
    const set = (index: number, recording: string | null): void => moved({ index, recording }, chosen, anchor)
    const wantedAt = shown.rows.findIndex(({ recording }) => recording === wanted)
    if (wantedAt >= 0) {
      recordingWanted(null)
      moved({ index: shown.from + wantedAt, recording: wanted })
      sideShown('detail')
      reveal(shown.from + wantedAt)
      return
    }
    if (cursor === null) {
      set(shown.from, shown.rows[0]?.recording ?? null)
      return
    }
    const here = shown.rows[cursor.index - shown.from]
    if (here !== undefined && cursor.recording === here.recording) return
    const found = shown.rows.findIndex(({ recording }) => recording === cursor.recording)
    if (cursor.recording !== null && found >= 0) set(shown.from + found, cursor.recording)
    else if (here !== undefined) set(cursor.index, here.recording)
    else if (cursor.index >= shown.total) set(shown.total - 1, shown.rows.at(-1)?.recording ?? null)
  }, [shown, cursor, wanted, reveal])
  useEffect(() => {
    if (wanted === null) return
    let isOver = false
    void session.live.call('library.position', { ...search, recording: wanted }).then(({ position }) => {
      if (isOver) return
      if (position !== null) reveal(position)
      // The search hides it: look for it among all. Without a search it is not read yet, and comes with the next news.
      else if (search.query !== '') useLibrary.getState().searched({ query: '' })
    })
    return () => {
      isOver = true
    }
  }, [wanted, search, shown, session, reveal])
  useEffect(() => {
    if (wanted === null) return
    const timer = setTimeout(() => useLibrary.getState().recordingWanted(null), WANTED_MS)
    return () => clearTimeout(timer)
  }, [wanted])
}

function Heads(): JSX.Element {
  const { order, isDescending } = useLibrary((s) => s.search)
  const { ordered } = useLibrary.getState()
  const head = (of: LibraryOrder, className: string): JSX.Element => (
    <SortHead
      label={t.orders[of]}
      hint={t.sortBy(t.orders[of])}
      className={className}
      sorted={order !== of ? null : isDescending ? 'descending' : 'ascending'}
      onPress={() => ordered(of)}
    />
  )
  return (
    <div role="rowgroup">
      <div role="row" aria-rowindex={1} className="gh">
        {head('name', 'name')}
        <span role="columnheader">{t.overview}</span>
        {head('device', 'device')}
        {head('started', '')}
        {head('length', 'num')}
        {head('messages', 'num')}
        {head('problems', 'num')}
        {head('size', 'num')}
        <span role="columnheader" className="remarks">
          {t.tagsAndNote}
        </span>
      </div>
    </div>
  )
}
