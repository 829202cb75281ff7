import type { ColumnId } from '../../../store/list-columns'
import { toPagePx } from '../../../ui/page-zoom'

/** What a head needs beside its words, so that they do not touch the next one. */
const HEAD_SLACK_PX = 4

/** How wide a column has to be for its head and for every cell on screen; null when there is none of them. */
export function fittedWidthPx(grid: Element | null, id: ColumnId): number | null {
  const cells = [...(grid?.querySelectorAll<HTMLElement>('[data-column]') ?? [])].filter(
    (cell) => cell.dataset['column'] === id,
  )
  if (cells.length === 0) return null
  for (const cell of cells) cell.style.width = 'max-content'
  const widths = cells.map((cell) => toPagePx(cell.getBoundingClientRect().width))
  for (const cell of cells) cell.style.removeProperty('width')
  return Math.ceil(Math.max(...widths)) + HEAD_SLACK_PX
}
