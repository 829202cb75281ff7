import { ConsoleError } from '../../../../shared/errors'
import type { LosslessJson } from '../../../../shared/model/trace'
import { MAX_INTEGER_DIGITS, MAX_JSON_DEPTH } from './limits'

/**
 * Reads what Python's `json.loads` reads, `NaN` and `Infinity` included, and loses nothing: integers beyond 2^53 become
 * bigint, lone surrogates stay. Objects have no prototype, so `__proto__` is a key like any other; of equal keys the
 * last wins. `3.0` becomes the number 3.
 *
 * @throws ConsoleError `JSON_INVALID` with the position (UTF-16 units, 0-based) in `details.at`: bad syntax, nesting
 *   above `maxDepth` containers, an integer of more than 4,300 digits.
 */
export function parsePythonJson(text: string, maxDepth: number = MAX_JSON_DEPTH): LosslessJson {
  return new Parser(text, maxDepth).parse()
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y
const HEX_ESCAPE = /[0-9a-fA-F]{4}/y

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

const WORDS: readonly (readonly [string, LosslessJson])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]

const QUOTE = 0x22
const BACKSLASH = 0x5c

class Parser {
  readonly #text: string
  #depthLeft: number
  #at = 0

  constructor(text: string, maxDepth: number) {
    this.#text = text
    this.#depthLeft = maxDepth
  }

  parse(): LosslessJson {
    const value = this.#value()
    this.#blank()
    if (this.#at < this.#text.length) this.#fail('something follows the value')
    return value
  }

  #value(): LosslessJson {
    this.#blank()
    const char = this.#text[this.#at]
    if (char === '"') return this.#string()
    if (char === '{' || char === '[') return this.#nested(char)
    for (const [word, value] of WORDS) {
      if (char === word[0] && this.#text.startsWith(word, this.#at)) {
        this.#at += word.length
        return value
      }
    }
    return this.#number()
  }

  #nested(char: '{' | '['): LosslessJson {
    if (this.#depthLeft === 0) this.#fail('nested too deep')
    this.#depthLeft -= 1
    const value = char === '{' ? this.#object() : this.#array()
    this.#depthLeft += 1
    return value
  }

  #object(): LosslessJson {
    const members = Object.create(null) as Record<string, LosslessJson>
    this.#at += 1
    if (this.#takes('}')) return members
    do {
      this.#blank()
      if (this.#text[this.#at] !== '"') this.#fail('a key in quotes is missing')
      const key = this.#string()
      if (!this.#takes(':')) this.#fail('":" is missing')
      members[key] = this.#value()
    } while (this.#takes(','))
    if (!this.#takes('}')) this.#fail('"}" or "," is missing')
    return members
  }

  #array(): LosslessJson {
    const items: LosslessJson[] = []
    this.#at += 1
    if (this.#takes(']')) return items
    do items.push(this.#value())
    while (this.#takes(','))
    if (!this.#takes(']')) this.#fail('"]" or "," is missing')
    return items
  }

  #string(): string {
    this.#at += 1
    let text = this.#plainText()
    while (this.#text[this.#at] === '\\') {
      this.#at += 1
      text += this.#escape()
      text += this.#plainText()
    }
    if (this.#text[this.#at] !== '"') this.#fail('a string does not end')
    this.#at += 1
    return text
  }

  #escape(): string {
    const char = this.#text[this.#at] ?? ''
    this.#at += 1
    if (char === 'u') {
      const digits = this.#match(HEX_ESCAPE)
      if (digits === '') this.#fail('four hex digits are missing')
      return String.fromCharCode(Number.parseInt(digits, 16))
    }
    return SHORT_ESCAPES.get(char) ?? this.#fail('an escape is unknown')
  }

  #number(): number | bigint {
    NUMBER.lastIndex = this.#at
    const match = NUMBER.exec(this.#text)
    if (match === null) return this.#fail('a value is missing')
    const [token, fraction, exponent] = match
    const value = Number(token)
    if (fraction !== undefined || exponent !== undefined) {
      this.#at += token.length
      return value
    }
    const digits = token.startsWith('-') ? token.length - 1 : token.length
    if (digits > MAX_INTEGER_DIGITS) this.#fail('an integer has too many digits')
    this.#at += token.length
    if (!Number.isSafeInteger(value)) return BigInt(token)
    return value === 0 ? 0 : value // Python has no integer -0
  }

  /** Skips blanks, then takes `char` when it is next. */
  #takes(char: string): boolean {
    this.#blank()
    if (this.#text[this.#at] !== char) return false
    this.#at += 1
    return true
  }

  /** Everything up to a quote, a backslash or what JSON forbids in strings. Heads of messages are full of it. */
  #plainText(): string {
    const text = this.#text
    const from = this.#at
    let at = from
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === QUOTE || code === BACKSLASH || code < 0x20) break
    }
    this.#at = at
    return text.slice(from, at)
  }

  #blank(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
      this.#at += 1
    }
  }

  /** What the sticky pattern matches here; empty when nothing. */
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const token = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += token.length
    return token
  }

  #fail(reason: string): never {
    throw new ConsoleError('JSON_INVALID', `${reason} at position ${this.#at}`, { at: this.#at })
  }
}
