import { quoted } from '../../../shared/filter/literals'
import { type CopyShape, type ListEvent, MAX_FILTER_LENGTH } from '../../../shared/model/list-view'
import type { CopiedMessage, CopySurroundings } from './copied-message'
import { copyWriter } from './copy-shapes'

/** More than this nobody pastes: it belongs into a file. */
export const MAX_COPY_BYTES = 8 * 1024 * 1024

export interface Copied {
  readonly text: string
  readonly rows: number
  readonly isTruncated: boolean
  /** Length of the text in UTF-8. */
  readonly bytes: number
}

/** A row to be copied. Messages are made only when they fit. */
export type CopyRow = { readonly event: ListEvent } | { readonly keptBytes: number; read(): CopiedMessage }

/**
 * Text of rows in a shape: whole rows only, as many as fit into 8 MiB. Nothing in it acts on the terminal, the page or
 * the shell that it is pasted into.
 *
 * @param pause - Awaited now and then while there is more to do.
 */
export async function copyRows(
  rows: Iterable<CopyRow>,
  shape: CopyShape,
  surroundings: CopySurroundings,
  fields: readonly string[],
  pause: () => Promise<void>,
): Promise<Copied> {
  if (shape === 'filter') return copyFilter(rows)
  const writer = copyWriter(shape, surroundings, fields)
  const parts = writer.head === '' ? [] : [writer.head]
  let bytes = writer.head.length
  let copied = 0
  let isTruncated = false
  let sincePause = 0
  for (const row of rows) {
    if ('read' in row && bytes + row.keptBytes * writer.charactersPerByte > MAX_COPY_BYTES) {
      isTruncated = true
      break
    }
    const text = 'read' in row ? writer.message(row.read()) : writer.event(row.event)
    if (text === undefined) continue
    const more = Buffer.byteLength(text) + 1
    if (bytes + more > MAX_COPY_BYTES) {
      isTruncated = true
      break
    }
    parts.push(text)
    bytes += more
    copied += 1
    sincePause += more + 1024
    if (sincePause > BYTES_BETWEEN_PAUSES) {
      sincePause = 0
      await pause()
    }
  }
  const text = parts.join('\n')
  return { text, rows: copied, isTruncated, bytes: Buffer.byteLength(text) }
}

const BYTES_BETWEEN_PAUSES = 256 * 1024

/** The messages by their numbers; when these are too many for a filter, by their routes. */
function copyFilter(rows: Iterable<CopyRow>): Copied {
  const ids: number[] = []
  const routes = new Set<string>()
  let idCharacters = 0
  for (const row of rows) {
    if (!('read' in row)) continue
    const { id, route } = row.read()
    ids.push(id)
    routes.add(route)
    idCharacters += String(id).length + 2
  }
  if (ids.length === 0) return { text: '', rows: 0, isTruncated: false, bytes: 0 }
  const byId = ids.length === 1 ? `msg.id == ${ids[0]}` : `msg.id in {${ids.join(', ')}}`
  if (idCharacters + 20 <= MAX_FILTER_LENGTH) return filterCopy(byId, ids.length, false)
  const named: string[] = []
  let length = 'msg.route in {}'.length
  for (const route of routes) {
    const text = quoted(route)
    if (length + text.length + 2 > MAX_FILTER_LENGTH) {
      return filterCopy(`msg.route in {${named.join(', ')}}`, ids.length, true)
    }
    named.push(text)
    length += text.length + 2
  }
  return filterCopy(`msg.route in {${named.join(', ')}}`, ids.length, false)
}

const filterCopy = (text: string, rows: number, isTruncated: boolean): Copied => ({
  text,
  rows,
  isTruncated,
  bytes: Buffer.byteLength(text),
})
