import { ConsoleError } from '../errors'
import { MAX_BODY_DEPTH } from './tree-builder'

const BLANK = /[ \t\n\r]*/y
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y
const WORD = /true|false|null/y
const LEAST = -(1n << 63n)
const MOST = (1n << 64n) - 1n

/**
 * JSON text as MessagePack bytes. Whole numbers become integers of the shortest form, from -2^63 to 2^64-1 without loss;
 * numbers with a point or an exponent become doubles. Names stay in their order, also when one is repeated.
 *
 * @throws ConsoleError `JSON_INVALID` with the position as `at`, also for whole numbers that 64 bits do not hold.
 */
export function jsonToMsgpack(text: string): Uint8Array {
  return new JsonPacker(text).pack()
}

class JsonPacker {
  readonly #text: string
  #at = 0
  #bytes = new Uint8Array(256)
  #length = 0

  constructor(text: string) {
    this.#text = text
  }

  pack(): Uint8Array {
    this.#value(0)
    this.#match(BLANK)
    if (this.#at < this.#text.length) this.#fail('expected the end')
    return this.#bytes.slice(0, this.#length)
  }

  #value(depth: number): void {
    this.#match(BLANK)
    const lead = this.#text[this.#at]
    if (lead === '{' || lead === '[') {
      if (depth >= MAX_BODY_DEPTH) this.#fail(`nested deeper than ${MAX_BODY_DEPTH} levels`)
      this.#container(lead === '{', depth)
      return
    }
    const from = this.#at
    if (lead === '"') {
      this.#string()
      return
    }
    const word = this.#match(WORD)
    if (word !== null) this.#put(word[0] === 'null' ? 0xc0 : word[0] === 'false' ? 0xc2 : 0xc3)
    else {
      const number = this.#match(NUMBER)
      if (number === null) this.#fail('expected a value')
      else if (number[1] !== undefined || number[2] !== undefined || number[0] === '-0') {
        this.#put(0xcb, ...bigEndian(8, (view) => view.setFloat64(0, Number(number[0]))))
      } else this.#integer(number[0], from)
    }
  }

  /** Its members are counted while they are packed behind a head of five bytes; a shorter head moves them. */
  #container(isMap: boolean, depth: number): void {
    const close = isMap ? '}' : ']'
    this.#at += 1
    const head = this.#length
    this.#put(0, 0, 0, 0, 0)
    let count = 0
    this.#match(BLANK)
    if (this.#text[this.#at] === close) this.#at += 1
    else {
      for (;;) {
        if (isMap) {
          this.#match(BLANK)
          if (this.#text[this.#at] !== '"') this.#fail('expected a name in double quotes')
          this.#string()
          this.#match(BLANK)
          if (this.#text[this.#at] !== ':') this.#fail('expected ":"')
          this.#at += 1
        }
        this.#value(depth + 1)
        count += 1
        this.#match(BLANK)
        const next = this.#text[this.#at]
        if (next !== ',' && next !== close) this.#fail(`expected "," or "${close}"`)
        this.#at += 1
        if (next === close) break
      }
    }
    const bytes =
      count < 16
        ? [(isMap ? 0x80 : 0x90) | count]
        : count < 0x10000
          ? [isMap ? 0xde : 0xdc, count >> 8, count & 0xff]
          : [isMap ? 0xdf : 0xdd, ...bigEndian(4, (view) => view.setUint32(0, count))]
    this.#bytes.set(bytes, head)
    this.#bytes.copyWithin(head + bytes.length, head + 5, this.#length)
    this.#length -= 5 - bytes.length
  }

  #string(): void {
    const token = this.#match(STRING)
    if (token === null) return this.#fail('this text is not closed, or holds what JSON text may not')
    const bytes = new TextEncoder().encode(JSON.parse(token[0]) as string)
    const { length } = bytes
    if (length < 32) this.#put(0xa0 | length)
    else if (length < 0x100) this.#put(0xd9, length)
    else if (length < 0x10000) this.#put(0xda, length >> 8, length & 0xff)
    else this.#put(0xdb, ...bigEndian(4, (view) => view.setUint32(0, length)))
    this.#room(length)
    this.#bytes.set(bytes, this.#length)
    this.#length += length
  }

  #integer(digits: string, from: number): void {
    const value = digits.length > 21 ? MOST + 1n : BigInt(digits)
    if (value < LEAST || value > MOST) this.#fail('no whole number of MessagePack is so large', from)
    else if (value >= 0n) {
      if (value < 0x80n) this.#put(Number(value))
      else if (value < 0x100n) this.#put(0xcc, Number(value))
      else if (value < 0x10000n) this.#put(0xcd, ...bigEndian(2, (view) => view.setUint16(0, Number(value))))
      else if (value < 1n << 32n) this.#put(0xce, ...bigEndian(4, (view) => view.setUint32(0, Number(value))))
      else this.#put(0xcf, ...bigEndian(8, (view) => view.setBigUint64(0, value)))
    } else if (value >= -32n) this.#put(0x100 + Number(value))
    else if (value >= -0x80n) this.#put(0xd0, 0x100 + Number(value))
    else if (value >= -0x8000n) this.#put(0xd1, ...bigEndian(2, (view) => view.setInt16(0, Number(value))))
    else if (value >= -(1n << 31n))
      this.#put(0xd2, ...bigEndian(4, (view) => view.setInt32(0, Number(value))))
    else this.#put(0xd3, ...bigEndian(8, (view) => view.setBigInt64(0, value)))
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (match !== null) this.#at = pattern.lastIndex
    return match
  }

  #put(...bytes: readonly number[]): void {
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  #room(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count))
    larger.set(this.#bytes)
    this.#bytes = larger
  }

  #fail(message: string, at = this.#at): never {
    throw new ConsoleError('JSON_INVALID', message, { at })
  }
}

function bigEndian(length: number, write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length)
  write(new DataView(bytes.buffer))
  return bytes
}
