import { Packr, Unpackr } from 'msgpackr'
import { concatBytes } from '../../../../../shared/bytes'
import { ConsoleError } from '../../../../../shared/errors'
import type { Headers, LosslessJson } from '../../../../../shared/model/trace'
import { readVarint, VARINT_INCOMPLETE, varintBytes, writeVarint } from '../wire/varint'
import { headerFault, MAX_HEADER_DEPTH } from './header-shape'

/** Packed headers of one message (design.md §9). */
export const MAX_HEADER_BYTES = 64 * 1024

const NO_BYTES = new Uint8Array(0)
const NO_HEADERS: Headers = Object.freeze(Object.create(null) as Headers)

// Maps stay maps on both sides: a key is then never looked up on an object, whatever it is called.
const packr = new Packr({ useRecords: false, variableMapSize: true, mapsAsObjects: false })
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: false, int64AsType: 'bigint' })

/**
 * Headers as they stand before the body: their length, then MessagePack. Empty for no headers.
 *
 * @throws ConsoleError `HEAD_NOT_ENCODABLE` for what is not JSON, an integer of more than 64 bits, or nesting beyond 64
 *   levels; `HEAD_TOO_LARGE` beyond 64 KiB.
 */
export function packHeaders(headers: Headers): Uint8Array {
  let isEmpty = true
  for (const key in headers) {
    if (!Object.hasOwn(headers, key)) continue
    isEmpty = false
    break
  }
  if (isEmpty) return NO_BYTES
  const packed = packr.pack(packable(headers, 1))
  if (packed.length > MAX_HEADER_BYTES) {
    throw new ConsoleError(
      'HEAD_TOO_LARGE',
      `the headers take ${packed.length} bytes; at most ${MAX_HEADER_BYTES} are allowed`,
    )
  }
  const length = new Uint8Array(varintBytes(packed.length))
  writeVarint(length, 0, packed.length)
  return concatBytes([length, packed])
}

function packable(value: LosslessJson, depth: number): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      if (Number.isFinite(value)) return value
      return refuse(`a number that JSON does not have (${value})`)
    case 'bigint':
      if (value >= -(2n ** 63n) && value < 2n ** 64n) {
        return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
      }
      return refuse('an integer of more than 64 bits')
    case 'object': {
      if (value === null) return null
      if (depth > MAX_HEADER_DEPTH) return refuse(`more than ${MAX_HEADER_DEPTH} levels`)
      if (Array.isArray(value)) return value.map((item: LosslessJson) => packable(item, depth + 1))
      if (ArrayBuffer.isView(value)) return refuse('bytes')
      const map = new Map<string, unknown>()
      for (const [key, item] of Object.entries(value)) map.set(key, packable(item, depth + 1))
      return map
    }
    default:
      return refuse(`a ${typeof value}`)
  }
}

function refuse(what: string): never {
  throw new ConsoleError('HEAD_NOT_ENCODABLE', `the headers have ${what} in them`)
}

/**
 * Headers from their MessagePack. Objects have no prototype; integers beyond 2^53 are bigint.
 *
 * @returns Or what is wrong with them, as a text.
 */
export function unpackHeaders(packed: Uint8Array): Headers | string {
  const fault = headerFault(packed)
  if (fault !== null) return fault
  try {
    return bare(unpackr.unpack(packed)) as Headers
  } catch (error) {
    return error instanceof Error ? error.message : 'it cannot be decoded'
  }
}

function bare(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
  }
  if (Array.isArray(value)) return value.map(bare)
  if (!(value instanceof Map)) return value
  const object = Object.create(null) as Record<string, unknown>
  for (const [key, item] of value as Map<string, unknown>) object[key] = bare(item)
  return object
}

/** Gathers the headers of an incoming message, which may come in any pieces before its body. */
export class HeaderGathering {
  #held: Uint8Array = NO_BYTES
  /** Positions they took, once they are whole. */
  positions = 0
  /** Set when they are whole. */
  headers: Headers | null = null
  /** Set when they are wrong. */
  fault: string | null = null

  /** Takes bytes in order and returns those that belong to the body; look at `headers` and `fault` then. */
  take(payload: Uint8Array): Uint8Array {
    const bytes = this.#held.length === 0 ? payload : concatBytes([this.#held, payload])
    const length = readVarint(bytes, 0, bytes.length)
    if (length === VARINT_INCOMPLETE) return this.#keep(bytes)
    if (length < 0 || length > MAX_HEADER_BYTES) {
      this.fault = length < 0 ? 'their length is no number' : `they take ${length} bytes`
      return NO_BYTES
    }
    const from = varintBytes(length)
    if (bytes.length < from + length) return this.#keep(bytes)
    this.#held = NO_BYTES
    this.positions = from + length
    const unpacked = unpackHeaders(bytes.subarray(from, from + length))
    if (typeof unpacked === 'string') this.fault = unpacked
    else this.headers = unpacked
    return bytes.subarray(from + length)
  }

  #keep(bytes: Uint8Array): Uint8Array {
    this.#held = bytes.slice()
    return NO_BYTES
  }
}

export const noHeaders = (): Headers => NO_HEADERS
