import { type JSX, type KeyboardEvent, type PointerEvent, type RefObject, useRef, useState } from 'react'
import { useApp } from '../../../store/app-store'
import {
  type Column,
  type ColumnId,
  fieldOf,
  isField,
  moved,
  resized,
  toggled,
} from '../../../store/list-columns'
import type { ScreenPoint } from '../../../ui/Menu'
import { roving } from '../../../ui/roving'
import { headClass } from './cells'
import { fittedWidthPx } from './fit-column'
import { listTexts as t } from './texts'
import { toPagePx } from '../../../ui/page-zoom'

const KEY_STEP_PX = 8

export const columnName = (id: ColumnId): string => (isField(id) ? fieldOf(id) : t.columnNames[id])

interface ListHeaderProps {
  readonly columns: readonly Column[]
  readonly clip: RefObject<HTMLDivElement | null>
  readonly onMenu: (at: ScreenPoint) => void
  /** What a key did, for people who hear the list. */
  readonly onTold: (words: string) => void
}

/** The heads of the columns: dragged they change places, their edges change widths, and all of it by keys. */
export function ListHeader({ columns, clip, onMenu, onTold }: ListHeaderProps): JSX.Element {
  const { columnsChanged } = useApp.getState()
  const row = useRef<HTMLDivElement>(null)
  const [focusedId, setFocusedId] = useState<ColumnId | null>(null)
  const [drag, setDrag] = useState<{ readonly id: ColumnId; readonly toIndex: number } | null>(null)
  const tabStop = columns.some(({ id }) => id === focusedId) ? focusedId : columns[0]?.id

  const fit = (id: ColumnId): void => {
    const px = fittedWidthPx(row.current?.closest('.list-grid') ?? null, id)
    if (px !== null) columnsChanged(resized(columns, id, px))
  }
  const pressed = (event: KeyboardEvent, { id, widthPx }: Column, index: number): void => {
    const isSideways = event.key === 'ArrowLeft' || event.key === 'ArrowRight'
    const way = event.key === 'ArrowRight' ? 1 : -1
    if (isSideways && event.altKey) {
      const next = moved(columns, id, index + way)
      columnsChanged(next)
      onTold(t.columnMoved(columnName(id), next.findIndex((column) => column.id === id) + 1, next.length))
    } else if (isSideways && event.shiftKey) {
      const next = resized(columns, id, widthPx + way * KEY_STEP_PX)
      columnsChanged(next)
      onTold(t.columnResized(columnName(id), next[index]!.widthPx))
    } else if (event.key === 'Enter') {
      fit(id)
    } else if (event.key === 'Delete') {
      columnsChanged(toggled(columns, id))
      setFocusedId(columns[index + 1]?.id ?? columns[index - 1]?.id ?? null)
      row.current?.closest<HTMLElement>('.list-grid')?.focus()
    } else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      const { left, bottom } = event.currentTarget.getBoundingClientRect()
      onMenu({ x: left, y: bottom })
    } else if (event.key === 'ArrowDown') {
      row.current?.closest<HTMLElement>('.list-grid')?.focus()
    } else {
      const to =
        isSideways || event.key === 'Home' || event.key === 'End'
          ? roving(event.key, index, columns.length)
          : undefined
      if (to === undefined || event.ctrlKey || event.metaKey) return
      row.current?.querySelectorAll<HTMLElement>('[role=columnheader]')[to]?.focus()
    }
    event.preventDefault()
    event.stopPropagation()
  }

  /** Moving a head: where it would go is shown, it goes there on release. */
  const moveStarted = (event: PointerEvent<HTMLElement>, id: ColumnId): void => {
    if (event.button !== 0) return
    const head = event.currentTarget
    const startX = event.clientX
    let toIndex = columns.findIndex((column) => column.id === id)
    let hasMoved = false
    const move = (at: globalThis.PointerEvent): void => {
      if (!hasMoved && Math.abs(at.clientX - startX) < 4) return
      hasMoved = true
      const heads = [...(row.current?.querySelectorAll<HTMLElement>('[role=columnheader]') ?? [])]
      const over = heads.findIndex((element) => at.clientX < element.getBoundingClientRect().right)
      toIndex = over === -1 ? heads.length - 1 : over
      setDrag({ id, toIndex })
    }
    const done = (at: globalThis.PointerEvent): void => {
      head.removeEventListener('pointermove', move)
      head.removeEventListener('pointerup', done)
      head.removeEventListener('pointercancel', done)
      setDrag(null)
      if (hasMoved && at.type === 'pointerup') columnsChanged(moved(columns, id, toIndex))
    }
    head.setPointerCapture(event.pointerId)
    head.addEventListener('pointermove', move)
    head.addEventListener('pointerup', done)
    head.addEventListener('pointercancel', done)
  }

  const resizeStarted = (event: PointerEvent<HTMLElement>, { id }: Column): void => {
    if (event.button !== 0) return
    event.stopPropagation()
    const handle = event.currentTarget
    const startX = event.clientX
    const startPx = handle.parentElement?.offsetWidth ?? 0
    const move = (at: globalThis.PointerEvent): void =>
      columnsChanged(resized(columns, id, startPx + toPagePx(at.clientX - startX)))
    const done = (): void => {
      handle.removeEventListener('pointermove', move)
      handle.removeEventListener('pointerup', done)
      handle.removeEventListener('pointercancel', done)
    }
    handle.setPointerCapture(event.pointerId)
    handle.addEventListener('pointermove', move)
    handle.addEventListener('pointerup', done)
    handle.addEventListener('pointercancel', done)
  }

  return (
    <div
      ref={clip}
      className="gh-clip"
      onContextMenu={(event) => {
        event.preventDefault()
        onMenu({ x: event.clientX, y: event.clientY })
      }}
    >
      <div ref={row} className="gh" role="row" aria-rowindex={1}>
        {columns.map((column, index) => (
          <span
            key={column.id}
            role="columnheader"
            data-column={column.id}
            className={headClass(column.id)}
            aria-colindex={index + 1}
            aria-label={columnName(column.id)}
            title={`${columnName(column.id)}\n${t.headerHint}`}
            tabIndex={column.id === tabStop ? 0 : -1}
            data-drop={
              drag?.toIndex === index && drag.id !== column.id ? dropSide(columns, drag.id, index) : undefined
            }
            data-dragged={drag?.id === column.id ? '' : undefined}
            onFocus={() => setFocusedId(column.id)}
            onKeyDown={(event) => pressed(event, column, index)}
            onPointerDown={(event) => moveStarted(event, column.id)}
          >
            <span className="ell">
              {isField(column.id) ? fieldOf(column.id) : column.id === 'dir' ? '' : t.columns[column.id]}
            </span>
            {index < columns.length - 1 && (
              <i
                className="grip"
                onPointerDown={(event) => resizeStarted(event, column)}
                onDoubleClick={() => fit(column.id)}
              />
            )}
          </span>
        ))}
      </div>
    </div>
  )
}

const dropSide = (columns: readonly Column[], dragged: ColumnId, index: number): 'before' | 'after' =>
  columns.findIndex(({ id }) => id === dragged) > index ? 'before' : 'after'
