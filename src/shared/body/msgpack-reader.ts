import { decodeVisibly } from '../bytes'
import type { BodyKind, BodyNode, BodyScalar } from './body-types'
import { notUtf8 } from './json-reader'
import { shortText } from './short-text'
import { type BodyReading, MAX_BODY_DEPTH, TreeBuilder } from './tree-builder'

/** Type of an extension that is a point in time. */
const TIMESTAMP = -1
const NANOSECONDS = 1_000_000_000n
const MAX_KEY_CHARACTERS = 120

class Stop extends Error {
  readonly at: number
  readonly isCut: boolean
  constructor(at: number, message: string, isCut: boolean) {
    super(message)
    this.at = at
    this.isCut = isCut
  }
}

interface Leaf {
  readonly kind: BodyKind
  readonly scalar: BodyScalar
  readonly extras?: { readonly note?: string; readonly extensionType?: number }
}

interface OpenContainer {
  readonly isMap: boolean
  /** Members still to come. */
  left: number
}

/**
 * Reads one MessagePack value from the beginning of the bytes (github.com/msgpack/msgpack/blob/master/spec.md): every
 * type, 64-bit integers without loss, keys of any kind. Lengths that a peer announces reserve nothing. What came before
 * an error or the end of the bytes is kept. Cost: O(bytes), nesting at most 100.
 */
export function readMsgpackBody(bytes: Uint8Array, maxNodes: number): BodyReading {
  return new MsgpackBodyReader(bytes, 0, 0, maxNodes).reading()
}

class MsgpackBodyReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #tree: TreeBuilder
  readonly #outerDepth: number
  readonly #maxNodes: number
  readonly #open: OpenContainer[] = []
  #at: number

  constructor(bytes: Uint8Array, at: number, outerDepth: number, maxNodes: number) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#at = at
    this.#outerDepth = outerDepth
    this.#maxNodes = maxNodes
    this.#tree = new TreeBuilder(maxNodes)
  }

  reading(): BodyReading {
    let problem: BodyReading['problem'] = null
    try {
      this.#read()
    } catch (error) {
      if (!(error instanceof Stop)) throw error
      problem = { at: error.at, message: error.message, isCut: error.isCut }
      this.#endAll()
    }
    const { root, dropped, invalidBytes } = this.#tree
    return { root, end: this.#at, problem, dropped, invalidBytes }
  }

  #endAll(): void {
    for (let container = this.#open.pop(); container !== undefined; container = this.#open.pop()) {
      const came = this.#tree.innermost!.count
      this.#tree.end(Math.min(this.#at, this.#bytes.length), `${came} of ${came + container.left} came`)
    }
  }

  #read(): void {
    do {
      const innermost = this.#open.at(-1)
      const from = this.#at
      const key = innermost?.isMap === true ? this.#key() : null
      if (innermost !== undefined && this.#at >= this.#bytes.length) throw this.#cut()
      this.#value(key, from)
      if (innermost !== undefined) innermost.left -= 1
      while (this.#open.at(-1)?.left === 0) {
        this.#open.pop()
        this.#tree.end(this.#at)
      }
    } while (this.#open.length > 0)
  }

  #value(key: string | number | null, from: number): void {
    const valueFrom = this.#at
    const lead = this.#byte()
    const members = this.#membersOf(lead)
    if (members === undefined) {
      const { kind, scalar, extras } = this.#leaf(lead, this.#tree.hasRoom)
      this.#tree.leaf(kind, key, from, valueFrom, this.#at, scalar, extras)
      return
    }
    if (this.#outerDepth + this.#tree.depth >= MAX_BODY_DEPTH) {
      throw new Stop(valueFrom, `nested deeper than ${MAX_BODY_DEPTH} levels`, false)
    }
    const isMap = lead === 0xde || lead === 0xdf || (lead & 0xf0) === 0x80
    this.#tree.begin(isMap ? 'object' : 'array', key, from, valueFrom)
    this.#open.push({ isMap, left: members })
  }

  /** How many members the map or array has that begins with this byte; undefined for everything else. */
  #membersOf(lead: number): number | undefined {
    if (lead >= 0x80 && lead <= 0x9f) return lead & 0x0f
    if (lead === 0xdc || lead === 0xde) return this.#uint(2)
    if (lead === 0xdd || lead === 0xdf) return this.#uint(4)
    return undefined
  }

  #key(): string | number {
    const lead = this.#bytes[this.#at]
    if (lead === undefined) throw this.#cut()
    const isContainer = (lead >= 0x80 && lead <= 0x9f) || (lead >= 0xdc && lead <= 0xdf)
    if (!isContainer) {
      const from = this.#at
      this.#at += 1
      const leaf = this.#leaf(lead, this.#tree.hasRoom)
      if (leaf.kind === 'string') return String(leaf.scalar)
      if (leaf.kind === 'integer' && typeof leaf.scalar === 'number') return leaf.scalar
      return shortText({ ...leaf, key: null, from, to: this.#at, valueFrom: from }, MAX_KEY_CHARACTERS)
    }
    const depth = this.#outerDepth + this.#tree.depth
    if (depth >= MAX_BODY_DEPTH) {
      throw new Stop(this.#at, `nested deeper than ${MAX_BODY_DEPTH} levels`, false)
    }
    const inner = new MsgpackBodyReader(this.#bytes, this.#at, depth, Math.min(this.#maxNodes, 64)).reading()
    this.#at = inner.end
    this.#tree.invalidBytes += inner.invalidBytes
    if (inner.problem !== null) {
      throw new Stop(inner.problem.at, inner.problem.message, inner.problem.isCut)
    }
    return shortText(inner.root as BodyNode, MAX_KEY_CHARACTERS)
  }

  /** @param isWanted - Else the value is only skipped. */
  #leaf(lead: number, isWanted: boolean): Leaf {
    if (lead <= 0x7f) return integer(lead)
    if (lead >= 0xe0) return integer(lead - 0x100)
    if (lead >= 0xa0 && lead <= 0xbf) return this.#string(lead & 0x1f, isWanted)
    switch (lead) {
      case 0xc0:
        return { kind: 'null', scalar: null }
      case 0xc2:
        return { kind: 'boolean', scalar: false }
      case 0xc3:
        return { kind: 'boolean', scalar: true }
      case 0xc4:
        return this.#binary(this.#uint(1))
      case 0xc5:
        return this.#binary(this.#uint(2))
      case 0xc6:
        return this.#binary(this.#uint(4))
      case 0xc7:
        return this.#extension(this.#uint(1))
      case 0xc8:
        return this.#extension(this.#uint(2))
      case 0xc9:
        return this.#extension(this.#uint(4))
      case 0xca:
        return { kind: 'float', scalar: this.#view.getFloat32(this.#take(4)) }
      case 0xcb:
        return { kind: 'float', scalar: this.#view.getFloat64(this.#take(8)) }
      case 0xcc:
        return integer(this.#uint(1))
      case 0xcd:
        return integer(this.#uint(2))
      case 0xce:
        return integer(this.#uint(4))
      case 0xcf:
        return wideInteger(this.#view.getBigUint64(this.#take(8)))
      case 0xd0:
        return integer(this.#view.getInt8(this.#take(1)))
      case 0xd1:
        return integer(this.#view.getInt16(this.#take(2)))
      case 0xd2:
        return integer(this.#view.getInt32(this.#take(4)))
      case 0xd3:
        return wideInteger(this.#view.getBigInt64(this.#take(8)))
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(2 ** (lead - 0xd4))
      case 0xd9:
        return this.#string(this.#uint(1), isWanted)
      case 0xda:
        return this.#string(this.#uint(2), isWanted)
      case 0xdb:
        return this.#string(this.#uint(4), isWanted)
      default:
        this.#at -= 1
        throw new Stop(this.#at, 'the byte c1 begins no MessagePack value', false)
    }
  }

  #string(length: number, isWanted: boolean): Leaf {
    const from = this.#take(length)
    if (!isWanted) return { kind: 'string', scalar: '' }
    const { text, invalidBytes } = decodeVisibly(this.#bytes.subarray(from, from + length))
    if (invalidBytes === 0) return { kind: 'string', scalar: text }
    this.#tree.invalidBytes += invalidBytes
    return { kind: 'string', scalar: text, extras: { note: notUtf8(invalidBytes) } }
  }

  #binary(length: number): Leaf {
    const from = this.#take(length)
    return { kind: 'bytes', scalar: this.#bytes.subarray(from, from + length) }
  }

  #extension(length: number): Leaf {
    const extensionType = this.#view.getInt8(this.#take(1))
    const from = this.#take(length)
    const nanoseconds = extensionType === TIMESTAMP ? this.#time(from, length) : undefined
    if (nanoseconds !== undefined) return { kind: 'time', scalar: nanoseconds, extras: { extensionType } }
    return {
      kind: 'extension',
      scalar: this.#bytes.subarray(from, from + length),
      extras: { extensionType },
    }
  }

  /** Nanoseconds since 1970, or undefined when the bytes are no timestamp of the specification. */
  #time(from: number, length: number): bigint | undefined {
    if (length === 4) return BigInt(this.#view.getUint32(from)) * NANOSECONDS
    if (length === 8) {
      const both = this.#view.getBigUint64(from)
      const fraction = both >> 34n
      return fraction < NANOSECONDS ? (both & 0x3_ffff_ffffn) * NANOSECONDS + fraction : undefined
    }
    if (length !== 12) return undefined
    const fraction = BigInt(this.#view.getUint32(from))
    return fraction < NANOSECONDS ? this.#view.getBigInt64(from + 4) * NANOSECONDS + fraction : undefined
  }

  #byte(): number {
    return this.#view.getUint8(this.#take(1))
  }

  #uint(length: 1 | 2 | 4): number {
    const at = this.#take(length)
    if (length === 1) return this.#view.getUint8(at)
    return length === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at)
  }

  /** Goes on by `count` bytes and returns where they begin. */
  #take(count: number): number {
    const from = this.#at
    if (from + count > this.#bytes.length) {
      const missing = from + count - this.#bytes.length
      this.#at = this.#bytes.length
      throw this.#cut(missing)
    }
    this.#at = from + count
    return from
  }

  #cut(missing = 1): Stop {
    const bytes = missing === 1 ? '1 byte is' : `${missing} bytes are`
    return new Stop(this.#bytes.length, `the body ends too early: at least ${bytes} missing`, true)
  }
}

const integer = (scalar: number): Leaf => ({ kind: 'integer', scalar })

const wideInteger = (value: bigint): Leaf => {
  const number = Number(value)
  return { kind: 'integer', scalar: Number.isSafeInteger(number) ? number : value }
}
