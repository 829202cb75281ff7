import { type JSX, type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react'
import type { CacheOrder, CacheRow } from '../../../shared/model/cache'
import { useSession } from '../../store/session-context'
import { offsetToShow, pageRows } from '../../ui/scaled-scroll'
import { SortHead } from '../../ui/SortHead'
import { useVirtualViewport } from '../../ui/use-virtual-viewport'
import { VirtualRows } from '../../ui/VirtualRows'
import { actionRows, changeEntries } from './cache-actions'
import { EntryCells, FolderCells } from './CacheCells'
import { cacheCommands } from './commands'
import { foldersAround, type RowId, useCache } from './cache-store'
import { cacheTexts as t } from './texts'
import { type CacheWindow, useCacheRows } from './use-cache-rows'

const ROW_PX = 24
/** Presses ahead of the rows they are about; more are a key that is held down. */
const MAX_WAITING = 16

interface KeyPress {
  readonly key: string
  readonly isShift: boolean
}
/** A key, or the row that one led to. */
type Press = KeyPress | { readonly index: number; readonly isRange: boolean }

const idOf = (row: CacheRow): RowId => (row.kind === 'entry' ? `e:${row.entry.key}` : `f:${row.path}`)

/** All entries: as a tree by the parts of their keys, or as a table in any order. Only rows in sight are known and drawn. */
export function CacheGrid({ onMenu }: { readonly onMenu: (event: MouseEvent) => void }): JSX.Element {
  const session = useSession()
  const listing = useCache((s) => s.listing)
  const cursor = useCache((s) => s.cursor)
  const chosen = useCache((s) => s.chosen)
  const watched = useCache((s) => s.watched)
  const wanted = useCache((s) => s.wanted)
  const version = useCache((s) => s.news?.version ?? 0)
  const entries = useCache((s) => s.news?.totals.entries ?? 0)
  const { listed, folderToggled, chose, keyWanted } = useCache.getState()
  const [offset, setOffset] = useState(0)
  const [total, setTotal] = useState(0)
  const viewport = useVirtualViewport(total, ROW_PX, offset, setOffset)
  const { geometry, rows: visible } = viewport
  const shown = useCacheRows(session.client, listing, visible.first, visible.end, version)
  if (shown.total !== total) setTotal(shown.total)
  const rowAt = (index: number): CacheRow | undefined => shown.rows[index - shown.from]
  const isTree = listing.shape === 'tree' && listing.filter === ''

  useFollowedCursor(shown)
  useEffect(() => {
    if (wanted === null) return
    keyWanted(null)
    const id: RowId = `e:${wanted}`
    const open = [...new Set([...listing.open, ...foldersAround(wanted)])]
    const next = { ...listing, filter: '', open }
    void session.client.call('cache.position', { listing: next, key: wanted }).then(({ position }) => {
      if (position === null) return
      listed(next)
      chose({ id, index: position }, new Set(), position)
      setOffset((offset) =>
        offsetToShow(position, offset, { ...geometry, count: Math.max(total, position + 1) }),
      )
    })
  }, [wanted, keyWanted, listing, session, listed, chose, geometry, total])

  /** Presses that have to wait for the rows they are about. */
  const waiting = useRef<Press[]>([])
  const go = (index: number, isRange: boolean): void => {
    const at = Math.max(0, Math.min(total - 1, index))
    const row = rowAt(at)
    setOffset((before) => offsetToShow(at, before, geometry))
    if (row === undefined) {
      if (total > 0) waiting.current.unshift({ index: at, isRange })
      return
    }
    const { anchor } = useCache.getState()
    if (!isRange) {
      chose({ id: idOf(row), index: at }, new Set(), at)
      return
    }
    const range = new Set<RowId>()
    for (let each = Math.min(anchor, at); each <= Math.max(anchor, at); each++) {
      const one = rowAt(each)
      if (one !== undefined) range.add(idOf(one))
    }
    chose({ id: idOf(row), index: at }, range, anchor)
  }
  const toggleChosen = (index: number): void => {
    const row = rowAt(index)
    if (row === undefined) return
    const next = new Set(actionRows())
    if (!next.delete(idOf(row))) next.add(idOf(row))
    chose({ id: idOf(row), index }, next, index)
  }
  const parentOf = (row: CacheRow): string =>
    foldersAround(idOf(row).slice(2).replace(/\/$/, '')).at(-1) ?? ''
  const stepOf = ({ key, isShift }: KeyPress): (() => void) | undefined => {
    const { cursor } = useCache.getState()
    const at = cursor?.index ?? -1
    const row = rowAt(at)
    const folder = row?.kind === 'folder' ? row : undefined
    const page = pageRows(geometry)
    const steps: Record<string, () => void> = {
      ArrowDown: () => go(at + 1, isShift),
      ArrowUp: () => go(at - 1, isShift),
      PageDown: () => go(at + page, isShift),
      PageUp: () => go(at - page, isShift),
      Home: () => go(0, isShift),
      End: () => go(total - 1, isShift),
      ArrowRight: () => {
        if (folder === undefined) return
        if (folder.isOpen) go(at + 1, false)
        else folderToggled(folder.path)
      },
      ArrowLeft: () => {
        if (folder?.isOpen === true) folderToggled(folder.path)
        else if (isTree && row !== undefined) {
          const above = parentOf(row)
          const found = shown.rows.findIndex((each) => each.kind === 'folder' && each.path === above)
          if (found >= 0) go(shown.from + found, false)
        }
      },
      Enter: () => folder !== undefined && folderToggled(folder.path),
      ' ': () => toggleChosen(at),
      Delete: () => changeEntries(session, 'delete'),
      Escape: () => cursor !== null && chose(cursor, new Set(), cursor.index),
    }
    const chord = `${isShift ? 'Shift+' : ''}${key.toLowerCase()}`
    return steps[key] ?? cacheCommands(session).find(({ keys }) => keys.includes(chord))?.run
  }
  const isCurrent = shown.listing === listing
  // what was pressed while rows were on their way is done when they are there, in its order
  useEffect(() => {
    while (useCache.getState().listing === shown.listing) {
      const press = waiting.current[0]
      if (press === undefined || ('index' in press && rowAt(press.index) === undefined)) return
      waiting.current.shift()
      if ('index' in press) go(press.index, press.isRange)
      else stepOf(press)?.()
    }
  })
  const pressed = (event: KeyboardEvent): void => {
    const press = { key: event.key, isShift: event.shiftKey }
    const step = stepOf(press)
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    if (isCurrent && waiting.current.length === 0) step()
    else if (waiting.current.length < MAX_WAITING) waiting.current.push(press)
  }
  const clicked = (event: MouseEvent, index: number, row: CacheRow): void => {
    if (event.ctrlKey || event.metaKey) toggleChosen(index)
    else go(index, event.shiftKey)
    const isTwist = event.target instanceof Element && event.target.closest('.twist') !== null
    if (row.kind === 'folder' && isTwist) folderToggled(row.path)
  }

  const drawn: JSX.Element[] = []
  for (let index = visible.first; index < visible.end; index++) {
    const row = rowAt(index)
    if (row === undefined) continue
    const id = idOf(row)
    const isCursor = cursor?.id === id
    drawn.push(
      <div
        key={id}
        id={`cache-row-${index}`}
        role="row"
        aria-rowindex={index + 2}
        aria-level={isTree ? row.depth + 1 : undefined}
        aria-expanded={row.kind === 'folder' ? row.isOpen : undefined}
        aria-selected={chosen.size > 0 ? chosen.has(id) : isCursor}
        className={`gr${isCursor ? ' sel' : chosen.has(id) ? ' kin chosen' : ''}`}
        onPointerDown={(event) => event.button === 0 && clicked(event, index, row)}
        onDoubleClick={() => row.kind === 'folder' && folderToggled(row.path)}
        onContextMenu={(event) => {
          if (!chosen.has(id)) go(index, false)
          onMenu(event)
        }}
      >
        {row.kind === 'folder' ? (
          <FolderCells row={row} />
        ) : (
          <EntryCells row={row} isTree={isTree} isWatched={watched.has(row.entry.key)} />
        )}
      </div>,
    )
  }
  const cursorInSight = cursor !== null && cursor.index >= visible.first && cursor.index < visible.end
  return (
    <div
      className={isTree ? 'cache-table is-tree' : 'cache-table'}
      role={isTree ? 'treegrid' : 'grid'}
      aria-label={t.entries}
      aria-rowcount={total + 1}
      aria-colcount={isTree ? 6 : 7}
      aria-multiselectable="true"
      aria-activedescendant={cursorInSight ? `cache-row-${cursor.index}` : undefined}
      tabIndex={0}
      data-pane-focus=""
      onKeyDown={pressed}
    >
      <Heads isTree={isTree} />
      <VirtualRows viewport={viewport}>{drawn}</VirtualRows>
      {isCurrent && shown.total === 0 && (
        <div className="empty">
          {entries === 0 ? (
            <>
              <p>{t.empty}</p>
              <p>{t.emptyNext}</p>
            </>
          ) : (
            <p>{t.noMatch(listing.filter)}</p>
          )}
        </div>
      )}
    </div>
  )
}

/** The row under the cursor moves when others come and go: it stays with its entry, and with its place when that has gone. With the first rows it stands on one. */
function useFollowedCursor(shown: CacheWindow): void {
  const cursor = useCache((s) => s.cursor)
  const { cursorMoved } = useCache.getState()
  useEffect(() => {
    if (cursor === null) {
      const first = shown.rows[0]
      if (first !== undefined) cursorMoved({ id: idOf(first), index: shown.from })
      return
    }
    const here = shown.rows[cursor.index - shown.from]
    if (here !== undefined && idOf(here) === cursor.id) return
    const found = shown.rows.findIndex((row) => idOf(row) === cursor.id)
    if (found >= 0) cursorMoved({ id: cursor.id, index: shown.from + found })
  }, [shown, cursor, cursorMoved])
}

function Heads({ isTree }: { readonly isTree: boolean }): JSX.Element {
  const order = useCache((s) => s.listing.order)
  const isDescending = useCache((s) => s.listing.isDescending)
  const { ordered } = useCache.getState()
  const head = (of: CacheOrder, name: string, className: string): JSX.Element =>
    isTree ? (
      <span role="columnheader" className={className}>
        {name}
      </span>
    ) : (
      <SortHead
        label={name}
        hint={t.sortBy(t.orders[of])}
        className={className}
        sorted={order !== of ? null : isDescending ? 'descending' : 'ascending'}
        onPress={() => ordered(of)}
      />
    )
  return (
    <div role="rowgroup">
      <div role="row" aria-rowindex={1} className="gh">
        {head('key', t.columns.key, '')}
        <span role="columnheader">{t.columns.type}</span>
        {head('size', t.columns.size, 'num')}
        {!isTree && head('age', t.columns.age, 'num')}
        {head('left', t.columns.left, 'left')}
        {head('hits', t.columns.hits, 'num')}
        <span role="columnheader" className="by">
          {t.columns.by}
        </span>
      </div>
    </div>
  )
}
