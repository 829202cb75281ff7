import { LaneReader, type LaneSource } from './lane-reader'
import type { RowFilter } from './views/row-filter'

export interface LanesAround {
  readonly reader: LaneReader
  /** Whether the reader is still about this moment, or a new one is needed. */
  readonly covers: (momentMs: number) => boolean
}

/**
 * A cursor for lanes around a moment that moves on: chunks one by one, from `behind` rows before it to `ahead` rows after.
 *
 * @param atMs - Asked for with every batch.
 */
export function lanesAround(
  source: LaneSource,
  atMs: () => number,
  { behind, ahead }: { readonly behind: number; readonly ahead: number },
  marks: readonly (RowFilter | null)[],
): LanesAround {
  const { chunks } = source
  const fromRow = Math.max(chunks.firstRow, chunks.rowAt(atMs()) - behind)
  let endRow = fromRow
  const window = {
    fromRow,
    endRow: () => {
      endRow = Math.max(endRow, chunks.rowAt(atMs()) + ahead)
      return endRow
    },
  }
  return {
    reader: new LaneReader(source, 0, marks, window),
    covers: (momentMs) => {
      const row = chunks.rowAt(momentMs)
      return (row > fromRow || fromRow === chunks.firstRow) && row <= endRow
    },
  }
}
