import { decodeVisibly } from '../bytes'
import type { BodyScalar } from './body-types'
import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  DOT,
  isDigit,
  isHexDigit,
  MINUS,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  ZERO,
} from './json-bytes'
import { type BodyReading, MAX_BODY_DEPTH, TreeBuilder } from './tree-builder'

/** Turning digits into a bigint costs more than their number: longer integers are shown from their bytes. */
const MAX_INTEGER_DIGITS = 400
const ESCAPES: Readonly<Record<number, string>> = {
  0x22: '"',
  0x5c: '\\',
  0x2f: '/',
  0x62: '\b',
  0x66: '\f',
  0x6e: '\n',
  0x72: '\r',
  0x74: '\t',
}
const WORDS = [
  { text: 'true', kind: 'boolean', scalar: true },
  { text: 'false', kind: 'boolean', scalar: false },
  { text: 'null', kind: 'null', scalar: null },
] as const

class Stop extends Error {
  readonly at: number
  readonly isCut: boolean
  constructor(at: number, message: string, isCut: boolean) {
    super(message)
    this.at = at
    this.isCut = isCut
  }
}

/**
 * Reads JSON (RFC 8259) from bytes without losing anything: integers keep all digits, repeated names stay, every value
 * knows its bytes. Bytes in strings that are not UTF-8 are no error; they are shown as `\xNN` and noted. What came before
 * an error is kept. Cost: O(bytes), stack: constant.
 */
export function readJsonBody(bytes: Uint8Array, maxNodes: number): BodyReading {
  const reader = new JsonBodyReader(bytes, maxNodes)
  let problem: BodyReading['problem'] = null
  try {
    reader.read()
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    problem = { at: error.at, message: error.message, isCut: error.isCut }
  }
  return reader.reading(problem)
}

class JsonBodyReader {
  readonly #bytes: Uint8Array
  readonly #tree: TreeBuilder
  #at = 0
  /** Name of the value that comes next and where it began; of objects only. */
  #key: string | null = null
  #keyFrom = -1

  constructor(bytes: Uint8Array, maxNodes: number) {
    this.#bytes = bytes
    this.#tree = new TreeBuilder(maxNodes)
  }

  reading(problem: BodyReading['problem']): BodyReading {
    const { root, dropped, invalidBytes } = this.#tree
    return { root, end: this.#at, problem, dropped, invalidBytes }
  }

  read(): void {
    try {
      this.#read()
    } catch (error) {
      this.#tree.endAll(Math.min(this.#at, this.#bytes.length), 'not complete')
      throw error
    }
  }

  #read(): void {
    if (this.#bytes[0] === 0xef && this.#bytes[1] === 0xbb && this.#bytes[2] === 0xbf) this.#at = 3
    for (;;) {
      this.#blank()
      if (this.#value()) continue
      // a value ended: end what ends with it, then go on after the comma
      for (;;) {
        this.#blank()
        const within = this.#tree.innermost
        if (within === undefined) {
          if (this.#at < this.#bytes.length) throw this.#fail('something follows after the end of the value')
          return
        }
        const next = this.#bytes[this.#at]
        if (next === COMMA) {
          this.#at += 1
          this.#blank()
          if (within.kind === 'object') this.#name()
          break
        }
        if (next !== (within.kind === 'object' ? CLOSE_OBJECT : CLOSE_ARRAY)) {
          throw this.#fail(within.kind === 'object' ? 'expected "," or "}"' : 'expected "," or "]"')
        }
        this.#at += 1
        this.#tree.end(this.#at)
      }
    }
  }

  /** Reads a scalar or an empty container; true when a container with something in it began. */
  #value(): boolean {
    const from = this.#at
    const keyFrom = this.#keyFrom < 0 ? from : this.#keyFrom
    const key = this.#key
    this.#key = null
    this.#keyFrom = -1
    const lead = this.#bytes[from]
    if (lead === OPEN_ARRAY || lead === OPEN_OBJECT) return this.#container(lead, key, keyFrom)
    if (lead === QUOTE) {
      const isKept = this.#tree.hasRoom
      const { text, invalidBytes } = this.#string(isKept)
      this.#tree.leaf('string', key, keyFrom, from, this.#at, text, invalidNote(invalidBytes))
      return false
    }
    if (lead === MINUS || isDigit(lead)) {
      this.#number(key, keyFrom)
      return false
    }
    for (const { text, kind, scalar } of WORDS) {
      if (lead !== text.charCodeAt(0)) continue
      for (let index = 1; index < text.length; index++) {
        this.#at += 1
        if (this.#bytes[this.#at] !== text.charCodeAt(index)) throw this.#fail(`expected "${text}"`)
      }
      this.#at += 1
      this.#tree.leaf(kind, key, keyFrom, from, this.#at, scalar)
      return false
    }
    throw this.#fail('expected a value')
  }

  #container(lead: number, key: string | null, keyFrom: number): boolean {
    if (this.#tree.depth >= MAX_BODY_DEPTH) {
      throw new Stop(this.#at, `nested deeper than ${MAX_BODY_DEPTH} levels`, false)
    }
    const isObject = lead === OPEN_OBJECT
    this.#tree.begin(isObject ? 'object' : 'array', key, keyFrom, this.#at)
    this.#at += 1
    this.#blank()
    if (this.#bytes[this.#at] === (isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) {
      this.#at += 1
      this.#tree.end(this.#at)
      return false
    }
    if (isObject) this.#name()
    return true
  }

  #name(): void {
    if (this.#bytes[this.#at] !== QUOTE) throw this.#fail('expected a name in double quotes')
    this.#keyFrom = this.#at
    this.#key = this.#string(this.#tree.hasRoom).text
    this.#blank()
    if (this.#bytes[this.#at] !== COLON) throw this.#fail('expected ":"')
    this.#at += 1
  }

  /** @param isWanted - Else the string is only checked and skipped. */
  #string(isWanted: boolean): { text: string; invalidBytes: number } {
    const bytes = this.#bytes
    const from = this.#at + 1
    let at = from
    let hasEscapes = false
    let isAscii = true
    for (; ; at++) {
      const byte = bytes[at]
      if (byte === QUOTE) break
      if (byte === undefined) {
        this.#at = at
        throw new Stop(at, 'the text ends inside a string', true)
      }
      if (byte < 0x20) {
        this.#at = at
        throw new Stop(at, 'a control character must be escaped in a string', false)
      }
      if (byte >= 0x80) isAscii = false
      if (byte !== BACKSLASH) continue
      hasEscapes = true
      at = this.#checkEscape(at)
    }
    this.#at = at + 1
    if (!isWanted) return { text: '', invalidBytes: 0 }
    if (!hasEscapes) {
      if (isAscii && at - from <= 32) return { text: asciiText(bytes, from, at), invalidBytes: 0 }
      const decoded = decodeVisibly(bytes.subarray(from, at))
      this.#tree.invalidBytes += decoded.invalidBytes
      return decoded
    }
    return this.#unescape(from, at)
  }

  /** Returns the last byte of the escape that begins at `at`. */
  #checkEscape(at: number): number {
    const letter = this.#bytes[at + 1]
    if (letter === undefined) {
      this.#at = at + 1
      throw new Stop(at + 1, 'the text ends inside a string', true)
    }
    if (letter !== 0x75) {
      if (ESCAPES[letter] !== undefined) return at + 1
      this.#at = at
      throw new Stop(at, 'unknown escape in a string', false)
    }
    for (let index = at + 2; index < at + 6; index++) {
      if (isHexDigit(this.#bytes[index])) continue
      const isCut = index >= this.#bytes.length
      this.#at = index
      throw new Stop(
        index,
        isCut ? 'the text ends inside a string' : 'expected four hex digits after \\u',
        isCut,
      )
    }
    return at + 5
  }

  #unescape(from: number, to: number): { text: string; invalidBytes: number } {
    const bytes = this.#bytes
    const parts: string[] = []
    let invalidBytes = 0
    let plainFrom = from
    for (let at = from; at <= to; at++) {
      if (at < to && bytes[at] !== BACKSLASH) continue
      if (at > plainFrom) {
        const plain = decodeVisibly(bytes.subarray(plainFrom, at))
        invalidBytes += plain.invalidBytes
        parts.push(plain.text)
      }
      if (at === to) break
      const letter = bytes[at + 1]!
      if (letter === 0x75) {
        parts.push(String.fromCharCode(Number.parseInt(asciiText(bytes, at + 2, at + 6), 16)))
        at += 5
      } else {
        parts.push(ESCAPES[letter]!)
        at += 1
      }
      plainFrom = at + 1
    }
    this.#tree.invalidBytes += invalidBytes
    return { text: parts.join(''), invalidBytes }
  }

  #number(key: string | null, keyFrom: number): void {
    const bytes = this.#bytes
    const from = this.#at
    let at = bytes[from] === MINUS ? from + 1 : from
    const digitsFrom = at
    if (bytes[at] === ZERO) at += 1
    else at = this.#digits(at)
    const digits = at - digitsFrom
    let isInteger = true
    if (bytes[at] === DOT) {
      isInteger = false
      at = this.#digits(at + 1)
    }
    if (bytes[at] === 0x65 || bytes[at] === 0x45) {
      isInteger = false
      at += 1
      if (bytes[at] === 0x2b || bytes[at] === MINUS) at += 1
      at = this.#digits(at)
    }
    this.#at = at
    if (!this.#tree.hasRoom) {
      this.#tree.leaf('integer', key, keyFrom, from, at, null)
      return
    }
    if (isInteger && digits <= MAX_INTEGER_DIGITS) {
      this.#tree.leaf('integer', key, keyFrom, from, at, integer(asciiText(bytes, from, at)))
      return
    }
    const value = Number(asciiText(bytes, from, at))
    const extras = Number.isFinite(value) ? undefined : { note: 'larger than a double can hold' }
    this.#tree.leaf(isInteger ? 'integer' : 'float', key, keyFrom, from, at, value, extras)
  }

  #digits(from: number): number {
    let at = from
    while (isDigit(this.#bytes[at])) at += 1
    if (at > from) return at
    this.#at = at
    throw this.#fail('expected a digit')
  }

  #blank(): void {
    for (;;) {
      const byte = this.#bytes[this.#at]
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return
      this.#at += 1
    }
  }

  #fail(message: string): Stop {
    const isCut = this.#at >= this.#bytes.length
    return new Stop(
      Math.min(this.#at, this.#bytes.length),
      isCut ? `the text ends too early: ${message}` : message,
      isCut,
    )
  }
}

const invalidNote = (invalidBytes: number): { note: string } | undefined =>
  invalidBytes === 0 ? undefined : { note: notUtf8(invalidBytes) }

/** @param invalidBytes - At least 1. */
export const notUtf8 = (invalidBytes: number): string =>
  invalidBytes === 1
    ? '1 byte is not UTF-8 and shown as \\xNN'
    : `${invalidBytes} bytes are not UTF-8 and shown as \\xNN`

function integer(text: string): BodyScalar {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

/** Bytes below 0x80 as text; faster than a decoder for the few bytes of a name or a number. */
function asciiText(bytes: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at]!)
  return text
}
