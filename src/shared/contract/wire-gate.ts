import { ConsoleError } from '../errors'

/**
 * The part of MessagePack the contract uses. The decoder behind this gate knows many more types (records that compile
 * code, back references that build cycles, regular expressions, big integers); a frame holding one of them is refused
 * before the decoder sees it, as is one that nests or counts beyond what any screen of ours sends.
 */

export const MAX_NESTING = 100
export const MAX_VALUES = 1_000_000

const TYPED_ARRAY_EXTENSION = 0x74
/** Codes of the typed array extension: Int8 … Float64; not BigInt64, BigUint64, ArrayBuffer and DataView. */
const BYTES_PER_ELEMENT = [1, 1, 1, 2, 2, 4, 4, 4, 8]

const refuse = (what: string, at: number): ConsoleError =>
  new ConsoleError('CONTRACT_BAD_FRAME', `${what} at byte ${at} of the frame`, { at })

/** What an array or a map announces: how many values follow, a map's keys counted too. */
interface Children {
  readonly count: number
  readonly isMap: boolean
}

/** Reads over one frame without building anything. Recursion-free, so no input can exhaust the stack. */
class FrameWalk {
  readonly #frame: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(frame: Uint8Array) {
    this.#frame = frame
    this.#view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  }

  run(): void {
    const left: number[] = [1] // values still to come at each level
    const inMap: boolean[] = [false]
    let values = 0
    while (left.length > 0) {
      const level = left.length - 1
      const remaining = left[level]!
      if (remaining === 0) {
        left.pop()
        inMap.pop()
        continue
      }
      left[level] = remaining - 1
      values += 1
      if (values > MAX_VALUES) throw refuse(`more than ${MAX_VALUES} values`, this.#at)
      // a map counts key, value, key, value …: an even number left means a key is next
      const isKey = inMap[level] === true && remaining % 2 === 0
      const token = this.#uint(1)
      if (isKey && !isStringToken(token)) throw refuse('a map key that is not text', this.#at - 1)
      const children = this.#value(token)
      if (children === undefined) continue
      if (left.length > MAX_NESTING) throw refuse(`more than ${MAX_NESTING} levels`, this.#at)
      if (children.count > this.#frame.length - this.#at) throw refuse('a count beyond the end', this.#at)
      left.push(children.count)
      inMap.push(children.isMap)
    }
    if (this.#at !== this.#frame.length) throw refuse('bytes after the value', this.#at)
  }

  /** Skips one value; for an array or a map only its head, and tells how many values follow. */
  #value(token: number): Children | undefined {
    if (token < 0x80 || token >= 0xe0) return undefined
    if (token < 0x90) return { count: (token & 0x0f) * 2, isMap: true }
    if (token < 0xa0) return { count: token & 0x0f, isMap: false }
    if (token < 0xc0) return this.#skip(token & 0x1f)
    switch (token) {
      case 0xc0: // nil
      case 0xc2: // false
      case 0xc3: // true
        return undefined
      case 0xc4: // bin 8, str 8
      case 0xd9:
        return this.#skip(this.#uint(1))
      case 0xc5: // bin 16, str 16
      case 0xda:
        return this.#skip(this.#uint(2))
      case 0xc6: // bin 32, str 32
      case 0xdb:
        return this.#skip(this.#uint(4))
      case 0xc7: // ext 8, 16, 32
        return this.#typedArray(this.#uint(1))
      case 0xc8:
        return this.#typedArray(this.#uint(2))
      case 0xc9:
        return this.#typedArray(this.#uint(4))
      case 0xd5: // fixext 2, 4, 8, 16
        return this.#typedArray(2)
      case 0xd6:
        return this.#typedArray(4)
      case 0xd7:
        return this.#typedArray(8)
      case 0xd8:
        return this.#typedArray(16)
      case 0xd4: // fixext 1: only type 0, "undefined"
        if (this.#uint(1) !== 0) throw refuse('an extension that is not in use here', this.#at - 2)
        return this.#skip(1)
      case 0xcc: // uint 8, int 8
      case 0xd0:
        return this.#skip(1)
      case 0xcd: // uint 16, int 16
      case 0xd1:
        return this.#skip(2)
      case 0xca: // float 32, uint 32, int 32
      case 0xce:
      case 0xd2:
        return this.#skip(4)
      case 0xcb: // float 64
        return this.#skip(8)
      case 0xdc:
        return { count: this.#uint(2), isMap: false }
      case 0xdd:
        return { count: this.#uint(4), isMap: false }
      case 0xde:
        return { count: this.#uint(2) * 2, isMap: true }
      case 0xdf:
        return { count: this.#uint(4) * 2, isMap: true }
      default: // never used (c1), 64-bit integers (cf, d3)
        throw refuse(`a value of type ${token.toString(16)}, which is not in use here`, this.#at - 1)
    }
  }

  #typedArray(byteLength: number): Children | undefined {
    const start = this.#at
    if (this.#uint(1) !== TYPED_ARRAY_EXTENSION) throw refuse('an extension that is not in use here', start)
    const width = byteLength === 0 ? undefined : BYTES_PER_ELEMENT[this.#uint(1)]
    if (width === undefined || (byteLength - 1) % width !== 0) throw refuse('a broken column', start)
    return this.#skip(byteLength - 1)
  }

  #uint(width: 1 | 2 | 4): number {
    const at = this.#at
    this.#skip(width)
    if (width === 1) return this.#view.getUint8(at)
    return width === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at)
  }

  #skip(count: number): Children | undefined {
    if (count > this.#frame.length - this.#at) throw refuse('a value beyond the end', this.#at)
    this.#at += count
    return undefined
  }
}

const isStringToken = (token: number): boolean =>
  (token >= 0xa0 && token < 0xc0) || (token >= 0xd9 && token <= 0xdb)

/**
 * Lets a frame pass only when it is exactly one value of the types the contract uses, nested at most `MAX_NESTING` deep
 * and with at most `MAX_VALUES` values. Cost: O(values), columns and texts are stepped over.
 *
 * @throws ConsoleError `CONTRACT_BAD_FRAME` with the position (`at`, bytes).
 */
export function checkFrame(frame: Uint8Array): void {
  new FrameWalk(frame).run()
}
