import { type Dispatch, type KeyboardEvent, type SetStateAction, useEffect, useRef, useState } from 'react'
import { offsetToShow, pageRows, type ScrollGeometry } from './scaled-scroll'

interface RowCursorParts<Row> {
  readonly geometry: ScrollGeometry
  readonly onOffset: Dispatch<SetStateAction<number>>
  /** The rows that are known, from the place `from` on. */
  readonly known: { readonly from: number; readonly rows: readonly Row[] }
  /** False while the known rows are of what was asked for before. */
  readonly isCurrent: boolean
  readonly idOf: (row: Row) => number
  readonly selectedId: number | null
  readonly onSelect: (id: number) => void
  /** Where a row that was selected elsewhere stands; null where it does not. One function for as long as the order is one. */
  readonly placeOf: (id: number) => Promise<number | null>
}

interface RowCursor {
  /** Place of the cursor among all rows; -1: nowhere yet. */
  readonly cursor: number
  readonly go: (place: number) => void
  readonly pressed: (event: KeyboardEvent) => void
}

/** A cursor in a list of which only the rows in sight are known: a row that it goes to is selected as soon as it is there. */
export function useRowCursor<Row>(parts: RowCursorParts<Row>): RowCursor {
  const { geometry, onOffset, known, isCurrent, idOf, selectedId, onSelect, placeOf } = parts
  const [cursor, setCursor] = useState(-1)
  /** Where the cursor went before its row was there. */
  const wanted = useRef<number | null>(null)
  /** What was selected here: nobody has to look up where it stands. */
  const ownId = useRef<number | null>(null)

  useEffect(() => {
    if (selectedId === null || ownId.current === selectedId) return
    let isOver = false
    placeOf(selectedId).then(
      (place) => {
        if (isOver || place === null) return
        setCursor(place)
        const count = Math.max(geometry.count, place + 1)
        onOffset((before) => offsetToShow(place, before, { ...geometry, count }))
      },
      () => undefined, // what the list is of was closed
    )
    return () => {
      isOver = true
    }
  }, [placeOf, selectedId, geometry, onOffset])

  useEffect(() => {
    if (wanted.current === null || !isCurrent) return
    const row = known.rows[wanted.current - known.from]
    if (row === undefined) return
    wanted.current = null
    ownId.current = idOf(row)
    onSelect(idOf(row))
  }, [known, isCurrent, idOf, onSelect])

  const go = (place: number): void => {
    if (geometry.count === 0) return
    const at = Math.max(0, Math.min(geometry.count - 1, place))
    setCursor(at)
    onOffset((before) => offsetToShow(at, before, geometry))
    const row = known.rows[at - known.from]
    if (row === undefined) wanted.current = at
    else {
      ownId.current = idOf(row)
      onSelect(idOf(row))
    }
  }
  const pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const page = pageRows(geometry)
    const steps: Record<string, number> = {
      ArrowDown: cursor + 1,
      ArrowUp: cursor - 1,
      PageDown: cursor + page,
      PageUp: cursor - page,
      Home: 0,
      End: geometry.count - 1,
    }
    const next = steps[event.key]
    if (next === undefined) return
    event.preventDefault()
    event.stopPropagation()
    go(next)
  }
  return { cursor, go, pressed }
}
