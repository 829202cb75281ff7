import type { BodyPath } from './body-paths'
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
import { MAX_BODY_DEPTH } from './tree-builder'

/** First byte of a value and the one after its last. */
export type ByteSpan = readonly [from: number, to: number]

/**
 * Where the values at a path lie in a JSON body, without decoding the others: what filters ask of a million bodies. The
 * whole body is checked by the rules of `readJsonBody`. Allocates nothing but what it finds.
 *
 * @param path - At least one step. Who asks of many bodies gives the same array each time.
 * @returns Undefined when this cannot be told so: the body is no JSON as a whole, or one of its names has escapes or
 *   letters beyond ASCII.
 */
export function skimJson(bytes: Uint8Array, path: BodyPath): readonly ByteSpan[] | undefined {
  if (newest?.path !== path) newest = new JsonSkimmer(path)
  return newest.skim(bytes)
}

/** Filters ask a path of one body after another. */
let newest: JsonSkimmer | undefined

/** Nothing is ever put into it. */
const NO_SPANS: ByteSpan[] = []
const NO_BYTES = new Uint8Array(0)

class JsonSkimmer {
  readonly path: BodyPath
  readonly #names: readonly string[]
  /** Where a step leads in a list; -1 for a name. */
  readonly #indices: readonly number[]
  #bytes: Uint8Array = NO_BYTES
  #at = 0
  #spans = NO_SPANS
  /** Of each container that is open: whether it is an object, whether it lies on the path, which child is next. */
  #depth = 0
  readonly #isObject = new Uint8Array(MAX_BODY_DEPTH)
  readonly #isOnPath = new Uint8Array(MAX_BODY_DEPTH)
  readonly #child = new Float64Array(MAX_BODY_DEPTH)
  readonly #from = new Float64Array(MAX_BODY_DEPTH)

  constructor(path: BodyPath) {
    this.path = path
    this.#names = path.map(String)
    this.#indices = this.#names.map((name) => (/^\d+$/.test(name) ? Number(name) : -1))
  }

  skim(bytes: Uint8Array): readonly ByteSpan[] | undefined {
    this.#bytes = bytes
    this.#at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
    this.#depth = 0
    this.#spans = NO_SPANS
    const isJson = this.#read()
    const spans = this.#spans
    this.#bytes = NO_BYTES
    this.#spans = NO_SPANS
    return isJson ? spans : undefined
  }

  /** False when it cannot be told. */
  #read(): boolean {
    const bytes = this.#bytes
    /** The path leads to the value that comes next, as far as that is deep. */
    let isOnPath = true
    for (;;) {
      this.#blank()
      const lead = bytes[this.#at]
      if (lead === OPEN_OBJECT || lead === OPEN_ARRAY) {
        const depth = this.#depth
        if (depth >= MAX_BODY_DEPTH) return false
        this.#isObject[depth] = lead === OPEN_OBJECT ? 1 : 0
        this.#isOnPath[depth] = isOnPath ? 1 : 0
        this.#child[depth] = 0
        this.#from[depth] = this.#at
        this.#depth = depth + 1
        this.#at += 1
        this.#blank()
        if (bytes[this.#at] !== (lead === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY)) {
          const next = this.#enterChild()
          if (next === undefined) return false
          isOnPath = next
          continue
        }
      } else {
        const from = this.#at
        if (!this.#scalar(lead)) return false
        if (isOnPath && this.#depth === this.#names.length) this.#found(from)
        if (this.#depth === 0) return this.#isAtEnd()
        this.#blank()
      }
      // a value ended: end what ends with it, then go on after the comma
      for (;;) {
        const within = this.#depth - 1
        const next = bytes[this.#at]
        if (next === COMMA) {
          this.#at += 1
          this.#blank()
          const child = this.#enterChild()
          if (child === undefined) return false
          isOnPath = child
          break
        }
        if (next !== (this.#isObject[within] === 1 ? CLOSE_OBJECT : CLOSE_ARRAY)) return false
        this.#at += 1
        this.#depth = within
        if (this.#isOnPath[within] === 1 && within === this.#names.length) this.#found(this.#from[within]!)
        if (within === 0) return this.#isAtEnd()
        this.#blank()
      }
    }
  }

  #found(from: number): void {
    if (this.#spans.length === 0) this.#spans = [[from, this.#at]]
    else this.#spans.push([from, this.#at])
  }

  #isAtEnd(): boolean {
    this.#blank()
    return this.#at === this.#bytes.length
  }

  /** Reads the name of the next child. Says whether the path leads to it; undefined when that cannot be told. */
  #enterChild(): boolean | undefined {
    const within = this.#depth - 1
    const wanted = this.#names[within]
    const isCandidate = wanted !== undefined && this.#isOnPath[within] === 1
    if (this.#isObject[within] === 0) {
      const index = this.#child[within]!
      this.#child[within] = index + 1
      return isCandidate && this.#indices[within] === index
    }
    const bytes = this.#bytes
    if (bytes[this.#at] !== QUOTE) return undefined
    const from = this.#at + 1
    let at = from
    let isSame = isCandidate
    for (; ; at++) {
      const byte = bytes[at]
      if (byte === QUOTE) break
      if (byte === undefined || byte < 0x20 || byte >= 0x80 || byte === BACKSLASH) return undefined
      if (isSame && byte !== wanted!.charCodeAt(at - from)) isSame = false
    }
    if (isSame && at - from !== wanted!.length) isSame = false
    this.#at = at + 1
    this.#blank()
    if (bytes[this.#at] !== COLON) return undefined
    this.#at += 1
    return isSame
  }

  #scalar(lead: number | undefined): boolean {
    if (lead === QUOTE) return this.#string()
    if (lead === MINUS || isDigit(lead)) return this.#number()
    if (lead === 0x74) return this.#word('true')
    if (lead === 0x66) return this.#word('false')
    return lead === 0x6e && this.#word('null')
  }

  #word(word: string): boolean {
    for (let index = 1; index < word.length; index++) {
      if (this.#bytes[this.#at + index] !== word.charCodeAt(index)) return false
    }
    this.#at += word.length
    return true
  }

  #string(): boolean {
    const bytes = this.#bytes
    for (let at = this.#at + 1; ; at++) {
      const byte = bytes[at]
      if (byte === QUOTE) {
        this.#at = at + 1
        return true
      }
      if (byte === undefined || byte < 0x20) return false
      if (byte !== BACKSLASH) continue
      at += 1
      const letter = bytes[at]
      if (letter !== 0x75) {
        if (!isEscape(letter)) return false
      } else {
        for (let end = at + 4; at < end; ) {
          at += 1
          if (!isHexDigit(bytes[at])) return false
        }
      }
    }
  }

  #number(): boolean {
    const bytes = this.#bytes
    if (bytes[this.#at] === MINUS) this.#at += 1
    if (bytes[this.#at] === ZERO) this.#at += 1
    else if (!this.#digits()) return false
    if (bytes[this.#at] === DOT) {
      this.#at += 1
      if (!this.#digits()) return false
    }
    if (bytes[this.#at] !== 0x65 && bytes[this.#at] !== 0x45) return true
    this.#at += 1
    if (bytes[this.#at] === 0x2b || bytes[this.#at] === MINUS) this.#at += 1
    return this.#digits()
  }

  #digits(): boolean {
    const from = this.#at
    while (isDigit(this.#bytes[this.#at])) this.#at += 1
    return this.#at > from
  }

  #blank(): void {
    for (;;) {
      const byte = this.#bytes[this.#at]
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return
      this.#at += 1
    }
  }
}

/** The letters after a backslash, but for `u`: `" \ / b f n r t`. */
function isEscape(letter: number | undefined): boolean {
  switch (letter) {
    case 0x22:
    case 0x5c:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return true
    default:
      return false
  }
}
