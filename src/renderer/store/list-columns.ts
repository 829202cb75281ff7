/** Which columns the list shows, in which order and how wide. Pure: the screen draws it, the settings keep it. */

export const COLUMN_IDS = [
  'id',
  'time',
  'delta',
  'deltaRequest',
  'link',
  'dir',
  'route',
  'kind',
  'prio',
  'size',
  'chunks',
  'rtt',
  'queue',
  'status',
  'note',
  'body',
] as const
export type FixedColumnId = (typeof COLUMN_IDS)[number]

/** A field of the filter language as a column: `field:` and its name. */
export type FieldColumnId = `field:${string}`
export type ColumnId = FixedColumnId | FieldColumnId

export interface Column {
  readonly id: ColumnId
  readonly widthPx: number
}

const MIN_COLUMN_PX = 28
export const MAX_COLUMN_PX = 1200
export const MAX_FIELDS = 16
export const MAX_FIELD_LENGTH = 128
const FIELD_PX = 96

/** As wide as their usual content at 12 px, with tabular digits. */
const USUAL_PX: Readonly<Record<FixedColumnId, number>> = {
  id: 52,
  time: 88,
  delta: 56,
  deltaRequest: 72,
  link: 96,
  dir: 16,
  route: 140,
  kind: 72,
  prio: 28,
  size: 60,
  chunks: 52,
  rtt: 60,
  queue: 60,
  status: 104,
  note: 140,
  body: 220,
}

/** The direction is one glyph: it may be narrower than what has words. */
const minPx = (id: ColumnId): number => (id === 'dir' ? USUAL_PX.dir : MIN_COLUMN_PX)

const USUAL: readonly FixedColumnId[] = [
  'id',
  'time',
  'delta',
  'dir',
  'route',
  'kind',
  'prio',
  'size',
  'rtt',
  'status',
  'body',
]

export const isField = (id: ColumnId): id is FieldColumnId => id.startsWith('field:')
export const fieldOf = (id: FieldColumnId): string => id.slice('field:'.length)
export const fieldColumn = (field: string): FieldColumnId => `field:${field}`

const usualWidthPx = (id: ColumnId): number => (isField(id) ? FIELD_PX : USUAL_PX[id])

export const USUAL_COLUMNS: readonly Column[] = USUAL.map((id) => ({ id, widthPx: usualWidthPx(id) }))

/** The further columns in the order in which the core is to fill them. */
export const fieldsOf = (columns: readonly Column[]): string[] =>
  columns.flatMap(({ id }) => (isField(id) ? [fieldOf(id)] : []))

const NUMBERS: ReadonlySet<ColumnId> = new Set<ColumnId>([
  'delta',
  'deltaRequest',
  'size',
  'chunks',
  'rtt',
  'queue',
])
/** Read from the right: numbers of one column stand below each other. */
export const isNumeric = (id: ColumnId): boolean => NUMBERS.has(id)

/** The columns with this one shown or not. It comes back at its usual place; the last one cannot be hidden. */
export function toggled(columns: readonly Column[], id: ColumnId): readonly Column[] {
  if (columns.some((column) => column.id === id)) {
    return columns.length === 1 ? columns : columns.filter((column) => column.id !== id)
  }
  if (isField(id) && fieldsOf(columns).length >= MAX_FIELDS) return columns
  const added = { id, widthPx: usualWidthPx(id) }
  const rank = rankOf(id)
  const at = columns.findIndex((column) => rankOf(column.id) > rank)
  return at === -1 ? [...columns, added] : [...columns.slice(0, at), added, ...columns.slice(at)]
}

/** Fields stand between the note and the body. */
const rankOf = (id: ColumnId): number =>
  isField(id) ? COLUMN_IDS.indexOf('body') - 0.5 : COLUMN_IDS.indexOf(id)

/** The columns with one moved to an index, the others closing up. */
export function moved(columns: readonly Column[], id: ColumnId, toIndex: number): readonly Column[] {
  const from = columns.findIndex((column) => column.id === id)
  const to = Math.min(Math.max(0, toIndex), columns.length - 1)
  if (from === -1 || from === to) return columns
  const rest = columns.filter((column) => column.id !== id)
  return [...rest.slice(0, to), columns[from]!, ...rest.slice(to)]
}

export function resized(columns: readonly Column[], id: ColumnId, widthPx: number): readonly Column[] {
  const width = Math.round(Math.min(Math.max(widthPx, minPx(id)), MAX_COLUMN_PX))
  return columns.map((column) => (column.id === id ? { id, widthPx: width } : column))
}

/** The last column takes what is left, but never less than this. */
const LAST_PX = 80

export interface ColumnLayout {
  /** For `grid-template-columns`. */
  readonly template: string
  /** All columns without the gaps between them: a list that is narrower scrolls sideways. */
  readonly columnsPx: number
}

/** No column shrinks below its width and each ends before the next begins: nothing overlaps, however narrow the list is. */
export function laidOut(columns: readonly Column[]): ColumnLayout {
  const last = columns.length - 1
  const widths = columns.map(({ widthPx }, index) => (index === last ? Math.min(widthPx, LAST_PX) : widthPx))
  const tracks = widths.map((px, index) => (index === last ? `minmax(${px}px, 1fr)` : `${px}px`))
  return { template: tracks.join(' '), columnsPx: widths.reduce((sum, px) => sum + px, 0) }
}

/** The columns as a setting. */
export const printColumns = (columns: readonly Column[]): string =>
  JSON.stringify(columns.map(({ id, widthPx }) => [id, widthPx]))

/** Kept columns as far as they make sense: what is unknown or twice is left out. Null when nothing is left. */
export function parseColumns(kept: string | null): readonly Column[] | null {
  if (kept === null) return null
  let raw: unknown
  try {
    raw = JSON.parse(kept)
  } catch {
    return null
  }
  if (!Array.isArray(raw)) return null
  let columns: readonly Column[] = []
  for (const entry of raw as unknown[]) {
    if (!Array.isArray(entry)) continue
    const [id, widthPx] = entry as unknown[]
    if (!isColumnId(id) || typeof widthPx !== 'number' || !Number.isFinite(widthPx)) continue
    if (columns.some((column) => column.id === id)) continue
    if (isField(id) && fieldsOf(columns).length >= MAX_FIELDS) continue
    columns = resized([...columns, { id, widthPx }], id, widthPx)
  }
  return columns.length === 0 ? null : columns
}

function isColumnId(id: unknown): id is ColumnId {
  if (typeof id !== 'string') return false
  if ((COLUMN_IDS as readonly string[]).includes(id)) return true
  return id.startsWith('field:') && id.length > 'field:'.length && id.length <= MAX_FIELD_LENGTH
}
