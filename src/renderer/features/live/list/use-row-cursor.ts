import { type RefObject, useCallback, useEffect, useRef } from 'react'
import type { ListRow } from '../../../../shared/model/list-view'
import { useApp } from '../../../store/app-store'
import {
  countSelected,
  extendTo,
  type RowSelection,
  selectOnly,
  toggleRow,
} from '../../../store/row-selection'
import { messageIdOf } from '../../../store/list-row'
import { useSession } from '../../../store/session-context'

/** How a row is added to what is selected: alone, up to it, or it in or out. */
export type SelectionStep = 'only' | 'extend' | 'add' | 'toggle'

export interface RowCursor {
  readonly go: (position: number, step: SelectionStep) => void
  readonly goToMessage: (messageId: number) => void
}

const STEPS: Readonly<Record<SelectionStep, (selection: RowSelection, position: number) => RowSelection>> = {
  only: (_, position) => selectOnly(position),
  extend: (selection, position) => extendTo(selection, position),
  add: (selection, position) => extendTo(selection, position, true),
  toggle: toggleRow,
}

/**
 * The one selected message that all views share, and the place it has in the list. Positions are the list's own: they are
 * looked up for what was selected elsewhere, and again whenever the list counts anew.
 *
 * @param reveal - Brings a position into sight.
 */
export function useRowCursor(reveal: RefObject<(position: number) => void>): RowCursor {
  const { rows } = useSession()
  const epoch = useApp((s) => s.listEpoch)
  const selectedId = useApp((s) => s.selectedId)
  const selectedBy = useApp((s) => s.selectedBy)
  /** The newest way the cursor was moved: what is looked up for an older one comes too late. */
  const latest = useRef(0)
  /** The message whose row was chosen here: its place is known. */
  const placedId = useRef<number | null>(null)
  /** A message that has no row yet, such as one that was sent just now. */
  const awaitedId = useRef<number | null>(null)

  /** The row the cursor went to has not come yet. */
  const isGoing = useRef(false)
  /** What was chosen elsewhere is still to be brought into sight. */
  const isRevealing = useRef(false)

  const select = useCallback((row: ListRow | undefined) => {
    const id = messageIdOf(row) || null
    placedId.current = id
    if (useApp.getState().selectedId !== id) useApp.getState().messageSelected(id, 'list')
  }, [])

  const go = useCallback(
    (position: number, step: SelectionStep) => {
      const turn = ++latest.current
      awaitedId.current = null
      isRevealing.current = false
      const { rowSelection, rowsSelected } = useApp.getState()
      rowsSelected(STEPS[step](rowSelection, position))
      const known = rows.fresh(position)
      isGoing.current = known === undefined
      if (known !== undefined) {
        select(known)
        return
      }
      // without it, the row is taken as soon as the list has it
      rows.rowAt(position).then(
        (row) => {
          if (turn !== latest.current || row === undefined || !isGoing.current) return
          isGoing.current = false
          select(row)
        },
        () => undefined, // the end of the channel is told once, by the channel
      )
    },
    [rows, select],
  )

  const place = useCallback(
    (messageId: number, isRevealed: boolean) => {
      const turn = ++latest.current
      isGoing.current = false
      isRevealing.current = isRevealed
      rows.positionOf(messageId).then(
        ({ position, nearest }) => {
          if (turn !== latest.current) return
          placedId.current = messageId
          awaitedId.current = position === null ? messageId : null
          if (position !== null) useApp.getState().rowsSelected(selectOnly(position))
          const at = position ?? nearest
          if (isRevealed && at !== null) {
            isRevealing.current = false
            reveal.current(at)
          }
        },
        () => undefined,
      )
    },
    [rows, reveal],
  )

  const goToMessage = useCallback(
    (messageId: number) => {
      useApp.getState().messageSelected(messageId, 'list')
      placedId.current = messageId
      isGoing.current = false
      place(messageId, true)
    },
    [place],
  )

  useEffect(() => {
    if (selectedId === null) placedId.current = null
    const isRevealed = selectedBy !== 'composer' && selectedBy !== 'list'
    // what was chosen elsewhere is shown, also when it was selected before
    if (selectedId === null || (placedId.current === selectedId && !isRevealed)) return
    place(selectedId, isRevealed)
  }, [selectedId, selectedBy, place])

  useEffect(
    () =>
      rows.subscribe(() => {
        const { rowSelection, rowsSelected } = useApp.getState()
        const awaited = awaitedId.current === null ? undefined : rows.knownPositionOf(awaitedId.current)
        if (isGoing.current) {
          const row = rowSelection.cursor === null ? undefined : rows.fresh(rowSelection.cursor)
          if (row === undefined) return
          isGoing.current = false
          select(row)
        } else if (awaited !== undefined) {
          awaitedId.current = null
          rowsSelected(selectOnly(awaited))
        } else if (placedId.current !== null && rowSelection.cursor !== null) {
          // an answer took its place below its request: what stood beyond it moved on
          const row = rows.fresh(rowSelection.cursor)
          const isAnother = row !== undefined && messageIdOf(row) !== placedId.current
          const position = isAnother ? rows.knownPositionOf(placedId.current) : undefined
          if (position === undefined) return
          const isOne = countSelected(rowSelection) === 1
          rowsSelected(isOne ? selectOnly(position) : { ...rowSelection, cursor: position, anchor: position })
        }
      }),
    [rows, select],
  )

  const askedTime = useApp((s) => s.askedTime)
  const seenAsked = useRef(askedTime)
  useEffect(() => {
    if (askedTime === null || seenAsked.current === askedTime) return
    seenAsked.current = askedTime
    rows.positionAt(askedTime.atMs).then(
      (position) => {
        if (position === null) return
        go(position, 'only')
        reveal.current(position)
      },
      () => undefined, // the end of the channel is told once, by the channel
    )
  }, [askedTime, rows, go, reveal])

  const seenEpoch = useRef(epoch)
  useEffect(() => {
    if (seenEpoch.current === epoch) return
    seenEpoch.current = epoch
    const { selectedId, isListFollowing } = useApp.getState()
    // what is being looked up for another list has yet to be shown in this one
    if (selectedId !== null) place(selectedId, isRevealing.current || !isListFollowing)
  }, [epoch, place])

  return { go, goToMessage }
}
