import { Packr } from 'msgpackr'
import { bodyTree } from '../../../shared/body/body-tree'
import { shortText } from '../../../shared/body/short-text'
import { typeWord } from '../../../shared/body/value-text'
import { fromHex, utf8 } from '../../../shared/bytes'
import { ConsoleError } from '../../../shared/errors'
import type { CacheFormat } from '../../../shared/model/cache'
import { parseJsonBody } from '../../../shared/model/json-body'
import { visibleLine } from '../../capture/preview'

/** A value as it is kept: bytes, and how they are meant. */
export interface CacheBytes {
  readonly bytes: Uint8Array
  readonly format: CacheFormat
}

/** Larger values are not looked into for their type. */
const MAX_LOOKED_AT_BYTES = 65_536
const SHORT_CHARACTERS = 80

const packr = new Packr({ useRecords: false, variableMapSize: true })

/** @throws ConsoleError `CACHE_VALUE_INVALID`. */
export function bytesOfText(format: CacheFormat, text: string): CacheBytes {
  try {
    if (format === 'hex') return { format, bytes: fromHex(text) }
    const bytes = utf8(text)
    if (format === 'text') return { format, bytes }
    const value = parseJsonBody(bytes)
    return { format, bytes: format === 'json' ? bytes : Uint8Array.from(packr.pack(value)) }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/^the body/, 'the value') : String(cause)
    throw new ConsoleError('CACHE_VALUE_INVALID', reason, { format }, { cause })
  }
}

/** JSON where it is JSON, else text: what a task or a snippet writes down. */
export function bytesOfWords(text: string): CacheBytes {
  try {
    return bytesOfText('json', text)
  } catch {
    return bytesOfText('text', text)
  }
}

/** How the body of a message reads, for one that becomes a value. */
export function formatOfBody(bytes: Uint8Array): CacheFormat {
  const { format } = bodyTree(bytes.subarray(0, MAX_LOOKED_AT_BYTES), {
    maxNodes: 16,
    isPart: bytes.length > MAX_LOOKED_AT_BYTES,
  })
  if (format === 'json' || format === 'msgpack' || format === 'text') return format
  return bytes.length === 0 ? 'text' : 'hex'
}

/** In a word, what the value is: `u16`, `string`, `object`, `bytes 64`. */
export function typeOfValue({ bytes, format }: CacheBytes): string {
  if (bytes.length === 0) return 'empty'
  if (format === 'hex') return `bytes ${bytes.length}`
  if (format === 'text') return 'text'
  const { root } = treeOf({ bytes, format })
  return root === null ? format : typeWord(root, format, bytes)
}

/** The value on one line. */
export function shortValue({ bytes, format }: CacheBytes): string {
  const { root } = treeOf({ bytes, format })
  if (root === null) return bytes.length === 0 ? 'empty' : `bytes ${bytes.length}`
  return visibleLine(shortText(root, SHORT_CHARACTERS))
}

const treeOf = ({ bytes, format }: CacheBytes) =>
  bodyTree(bytes.subarray(0, MAX_LOOKED_AT_BYTES), {
    maxNodes: 64,
    expects: format === 'json' || format === 'msgpack' ? format : null,
    isPart: bytes.length > MAX_LOOKED_AT_BYTES,
  })
