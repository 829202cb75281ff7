/**
 * JSON read as text. The engine's own parser would turn 9007199254740993 into 9007199254740992 and reorder or merge keys;
 * for showing what a device really sent, numbers and strings stay the characters they were. Also the one judge of whether
 * a typed body is JSON, because it can say at which position it is not.
 */
export type JsonTokenKind = 'key' | 'string' | 'number' | 'word' | 'punctuation'
export interface JsonToken {
  readonly kind: JsonTokenKind
  readonly text: string
}
export interface JsonLine {
  readonly depth: number
  readonly tokens: readonly JsonToken[]
}
export interface JsonProblem {
  /** Position in the text, 0-based. */
  readonly at: number
  /** 1-based. */
  readonly line: number
  readonly column: number
  readonly message: string
}
export type JsonReading =
  | { readonly ok: true; readonly lines: readonly JsonLine[] }
  | { readonly ok: false; readonly problem: JsonProblem }

export const MAX_JSON_DEPTH = 100

const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y
const BLANK = /[ \t\n\r]*/y

class NotJson extends Error {
  readonly at: number
  constructor(at: number, message: string) {
    super(message)
    this.at = at
  }
}

/** The text as one token list per line, indented by depth; or where and why it is not JSON. Cost: O(length). */
export function readJson(text: string): JsonReading {
  try {
    return { ok: true, lines: new Reader(text).read() }
  } catch (error) {
    if (!(error instanceof NotJson)) throw error
    return { ok: false, problem: locate(text, error.at, error.message) }
  }
}

function locate(text: string, at: number, message: string): JsonProblem {
  const before = text.slice(0, at)
  const line = before.split('\n').length
  return { at, line, column: at - (before.lastIndexOf('\n') + 1) + 1, message }
}

class Reader {
  readonly #text: string
  #at = 0
  readonly #lines: JsonLine[] = []
  #tokens: JsonToken[] = []
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  /** A loop with its own stack: nesting is bounded by a limit, not by the engine's call stack. */
  read(): JsonLine[] {
    const open: ('{' | '[')[] = []
    this.#blank()
    for (;;) {
      const begun = this.#value(open.length)
      if (begun !== undefined) {
        open.push(begun)
        if (begun === '{') this.#key()
        continue
      }
      // a value ended: close what ends with it, then go on after the comma
      for (;;) {
        this.#blank()
        const within = open.at(-1)
        if (within === undefined) return this.#finish()
        const next = this.#text[this.#at]
        if (next === ',') {
          this.#at += 1
          this.#put('punctuation', ',')
          this.#break()
          this.#blank()
          if (within === '{') this.#key()
          break
        }
        if (next !== (within === '{' ? '}' : ']')) {
          throw this.#fail(within === '{' ? 'expected "," or "}"' : 'expected "," or "]"')
        }
        this.#at += 1
        open.pop()
        this.#break()
        this.#depth -= 1
        this.#put('punctuation', next)
      }
    }
  }

  /** Reads a scalar or an empty container; returns the bracket when a container with something in it begins. */
  #value(depth: number): '{' | '[' | undefined {
    const char = this.#text[this.#at]
    if (char === '{' || char === '[') {
      if (depth >= MAX_JSON_DEPTH) throw this.#fail(`nested deeper than ${MAX_JSON_DEPTH} levels`)
      this.#at += 1
      this.#blank()
      const end = char === '{' ? '}' : ']'
      if (this.#text[this.#at] === end) {
        this.#at += 1
        this.#put('punctuation', char + end)
        return undefined
      }
      this.#put('punctuation', char)
      this.#break()
      this.#depth += 1
      return char
    }
    if (char === '"') this.#put('string', this.#string())
    else {
      const number = this.#match(NUMBER)
      if (number !== undefined) this.#put('number', number)
      else this.#put('word', this.#match(WORD) ?? this.#refuse())
    }
    return undefined
  }

  #key(): void {
    if (this.#text[this.#at] !== '"') throw this.#fail('expected a name in double quotes')
    this.#put('key', this.#string())
    this.#blank()
    if (this.#text[this.#at] !== ':') throw this.#fail('expected ":"')
    this.#at += 1
    this.#put('punctuation', ': ')
    this.#blank()
  }

  #string(): string {
    const string = this.#match(STRING)
    if (string !== undefined) return string
    const sound = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y
    sound.lastIndex = this.#at
    this.#at += sound.exec(this.#text)?.[0].length ?? 0
    if (this.#at >= this.#text.length) throw this.#fail('the text ends inside a string')
    throw this.#fail(
      this.#text[this.#at] === '\\'
        ? 'unknown escape in a string'
        : 'a control character must be escaped in a string',
    )
  }

  #finish(): JsonLine[] {
    if (this.#at < this.#text.length) throw this.#fail('something follows after the end of the value')
    this.#break()
    return this.#lines
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }

  #blank(): void {
    this.#match(BLANK)
  }

  #put(kind: JsonTokenKind, text: string): void {
    this.#tokens.push({ kind, text })
  }

  #break(): void {
    this.#lines.push({ depth: this.#depth, tokens: this.#tokens })
    this.#tokens = []
  }

  #refuse(): never {
    throw this.#fail(
      this.#at >= this.#text.length
        ? 'the text ends where a value is expected'
        : `a value cannot begin with ${JSON.stringify(String.fromCodePoint(this.#text.codePointAt(this.#at)!))}`,
    )
  }

  #fail(message: string): NotJson {
    return new NotJson(this.#at, this.#at >= this.#text.length ? endOfText(message) : message)
  }
}

const endOfText = (message: string): string =>
  message.startsWith('the text ends') ? message : `the text ends too early: ${message}`

/** The lines as one text again, two blanks per level. */
export const jsonText = (lines: readonly JsonLine[]): string =>
  lines.map((line) => '  '.repeat(line.depth) + line.tokens.map((token) => token.text).join('')).join('\n')
