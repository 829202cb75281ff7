import { ConsoleError } from '../../../../../shared/errors'
import type { Headers } from '../../../../../shared/model/trace'
import { escapeMeta, formatMeta, type MetaPair, parseMeta, unescapeMeta } from '../wire/meta'

/** Metas by which a message in pieces is put together again; not for people. */
export const PIECE_META = {
  index: 'Data-Fragment-Idx',
  total: 'Data-Fragment-Total',
  length: 'Data-Length',
} as const
const FILE_NAME_META = 'Data-Disposition-Filename'
const LARGEST_NAME_CHARACTERS = 255

/** Which piece of a message a frame is. */
export interface Piece {
  /** From 1. */
  readonly index: number
  readonly total: number | undefined
  /** Of the whole message; only the first piece has it. */
  readonly dataLength: number | undefined
}

const NO_HEADERS: Headers = Object.freeze(Object.create(null) as Headers)

/** How values are written that would break a meta apart; absent: they are refused. */
export type MetaEscape = 'percent' | undefined

/**
 * Headers as a meta string.
 *
 * @throws ConsoleError `HEAD_NOT_ENCODABLE`: a value is neither text, number nor truth value, or a name is one of those that
 *   fragments need. `HEAD_TOO_LARGE`.
 */
export function metaOfHeaders(headers: Headers, escape: MetaEscape): string {
  const pairs: MetaPair[] = []
  for (const name of Object.keys(headers)) {
    const value = headers[name]!
    if (name === PIECE_META.index || name === PIECE_META.total) {
      throw new ConsoleError('HEAD_NOT_ENCODABLE', `"${name}" is written by the protocol itself`)
    }
    if (typeof value === 'object') {
      throw new ConsoleError('HEAD_NOT_ENCODABLE', `the header "${name.slice(0, 60)}" is no text`, {
        remedy: 'Socket.D metas are text: give text, numbers or truth values.',
      })
    }
    const text = String(value)
    pairs.push(escape === undefined ? [name, text] : [escapeMeta(name), escapeMeta(text)])
  }
  return formatMeta(pairs)
}

/** What a peer says beside the data, as headers. Those of pieces are left out. */
export function headersOfMeta(meta: string, escape: MetaEscape): Headers {
  if (meta === '') return NO_HEADERS
  const headers = Object.create(null) as Record<string, string>
  const metas = parseMeta(meta)
  const isPiece = metas.has(PIECE_META.index)
  for (const [name, value] of metas) {
    if (name === PIECE_META.index || name === PIECE_META.total) continue
    if (isPiece && name === PIECE_META.length) continue
    const text = escape === undefined ? value : unescapeMeta(value)
    const key = escape === undefined ? name : unescapeMeta(name)
    headers[key] = key === FILE_NAME_META ? bareFileName(text) : text
  }
  return Object.freeze(headers)
}

/** The last part of a path, without what could do harm in a folder or on a screen. */
function bareFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1)!
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  const bare = last
    .replace(/[\u0000-\u001f\u007f-\u009f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '_')
    .trim()
  return /^\.*$/.test(bare) ? '_' : bare.slice(0, LARGEST_NAME_CHARACTERS)
}

/** Which piece a frame is; undefined for a whole message. */
export function pieceOfMeta(meta: string): Piece | undefined {
  if (!meta.includes(PIECE_META.index)) return undefined
  const metas = parseMeta(meta)
  const index = wholeNumber(metas.get(PIECE_META.index))
  if (index === undefined || index === 0) return undefined
  const total = wholeNumber(metas.get(PIECE_META.total))
  return { index, total, dataLength: wholeNumber(metas.get(PIECE_META.length)) }
}

/** A whole number of at most 15 digits, or undefined. */
const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
