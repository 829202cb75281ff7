/** A row of the screen as it is searched; a long line goes on in rows that are marked so. */
export interface SearchedRow {
  readonly text: string
  readonly isWrapped: boolean
}

export interface Hit {
  readonly row: number
  readonly column: number
  readonly length: number
}

const MAX_HITS = 10_000

/**
 * Where a text stands in the rows, upper and lower case alike. Times and marks before the lines are not searched.
 *
 * @param prefixColumns - Cells before each line that are ours.
 */
export function findInRows(rows: readonly SearchedRow[], wanted: string, prefixColumns: number): Hit[] {
  const hits: Hit[] = []
  const needle = wanted.toLowerCase()
  if (needle === '') return hits
  for (let first = 0; first < rows.length; ) {
    let past = first + 1
    while (rows[past]?.isWrapped === true) past += 1
    const line = rows.slice(first, past)
    // the same length in lower case, or places in it would be others
    const text = line.map((row) => row.text).join('')
    const lower = text.toLowerCase()
    const searched = lower.length === text.length ? lower : text
    for (
      let at = searched.indexOf(needle, prefixColumns);
      at >= 0;
      at = searched.indexOf(needle, at + needle.length)
    ) {
      let row = 0
      let column = at
      while (row + 1 < line.length && column >= line[row]!.text.length) column -= line[row++]!.text.length
      hits.push({ row: first + row, column, length: wanted.length })
      if (hits.length === MAX_HITS) return hits
    }
    first = past
  }
  return hits
}
