import type { Comparison } from './filter-types'
import { SyntaxFault, type Token, tokensOf } from './tokens'

/** Levels of parentheses and `not` inside each other. */
export const MAX_FILTER_DEPTH = 64

interface Span {
  readonly from: number
  readonly to: number
}

/** A value as it was written; what it is depends on the field that it is compared with. */
export interface WrittenValue extends Span {
  readonly kind: 'word' | 'string'
  readonly text: string
  /** A unit that stands apart from its number: `50 ms`. */
  readonly unit: string
}

export interface WrittenField extends Span {
  readonly segments: readonly FieldSegment[]
}

export type FieldSegment = Span &
  (
    | { readonly kind: 'key'; readonly text: string; readonly isQuoted: boolean }
    /** What stands between brackets. */
    | { readonly kind: 'brackets'; readonly text: string }
  )

/** What was written, before anybody asks whether it makes sense. */
export type SyntaxNode = Span &
  (
    | { readonly op: 'and' | 'or'; readonly parts: readonly SyntaxNode[] }
    | { readonly op: 'not'; readonly part: SyntaxNode }
    | {
        readonly op: 'compare'
        readonly field: WrittenField
        readonly comparison: Comparison
        readonly comparisonAt: Span
        readonly value: WrittenValue
      }
    | { readonly op: 'in'; readonly field: WrittenField; readonly values: readonly WrittenValue[] }
    | { readonly op: 'alias'; readonly name: string; readonly value: WrittenValue | null }
    /** A field, or text to look for. */
    | { readonly op: 'bare'; readonly field: WrittenField; readonly text: string }
    | { readonly op: 'find'; readonly written: WrittenValue }
  )

export const UNIT_WORDS = ['B', 'kB', 'kiB', 'MB', 'us', 'ms', 's', 'min'] as const
const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', 'contains', 'matches'])
/** Words of the language: they are no values and no text to look for. */
export const KEYWORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'contains', 'matches'])
const AND: ReadonlySet<string> = new Set(['and', '&&'])
const OR: ReadonlySet<string> = new Set(['or', '||'])

/**
 * Reads a filter by the grammar of docs/filter-language.md. Nothing but blanks is an `and` of no parts, which holds for
 * every message.
 *
 * @param takesValue - Whether an alias is followed by a value.
 * @throws SyntaxFault for the first thing that does not fit.
 */
export function readSyntax(text: string, takesValue: (alias: string) => boolean): SyntaxNode {
  const reader = new SyntaxReader(text, tokensOf(text), takesValue)
  return reader.readAll()
}

/** A word of SQL, written as SQL has it. */
const inSmallLetters = (
  { from, to }: { readonly from: number; readonly to: number },
  word: string,
): SyntaxFault => new SyntaxFault(from, to, `write "${word}" in small letters`, word)

class SyntaxReader {
  readonly #text: string
  readonly #tokens: readonly Token[]
  readonly #takesValue: (alias: string) => boolean
  #at = 0
  #depth = 0

  constructor(text: string, tokens: readonly Token[], takesValue: (alias: string) => boolean) {
    this.#text = text
    this.#tokens = tokens
    this.#takesValue = takesValue
  }

  readAll(): SyntaxNode {
    if (this.#next.kind === 'end') return { op: 'and', parts: [], from: 0, to: 0 }
    const node = this.#either()
    const rest = this.#next
    if (rest.kind === 'end') return node
    if (rest.text === ')' && rest.kind === 'symbol') {
      throw new SyntaxFault(rest.from, rest.to, 'this ) closes nothing')
    }
    const isText = node.op === 'bare' || node.op === 'find'
    if (node.op === 'bare' && node.text === 'NOT') throw inSmallLetters(node, 'not')
    if (/^(AND|OR)$/i.test(rest.text)) throw inSmallLetters(rest, rest.text.toLowerCase())
    throw new SyntaxFault(
      rest.from,
      rest.to,
      isText
        ? 'put "and" or "or" between two conditions, or quotes around text with blanks'
        : 'put "and" or "or" between two conditions',
      isText && rest.kind === 'word'
        ? JSON.stringify(this.#text.slice(node.from, this.#text.length).trim())
        : 'and',
    )
  }

  get #next(): Token {
    return this.#tokens[this.#at]!
  }

  /** The next token when it is one of these, which is then taken. */
  #take(wanted: (token: Token) => boolean): Token | undefined {
    const token = this.#next
    if (!wanted(token)) return undefined
    this.#at += 1
    return token
  }

  #either(): SyntaxNode {
    return this.#chain('or', OR, () => this.#chain('and', AND, () => this.#unary()))
  }

  #chain(op: 'and' | 'or', words: ReadonlySet<string>, read: () => SyntaxNode): SyntaxNode {
    const first = read()
    const parts = [first]
    while (this.#take((token) => isPlain(token) && words.has(token.text))) parts.push(read())
    if (parts.length === 1) return first
    return { op, parts, from: first.from, to: parts.at(-1)!.to }
  }

  #unary(): SyntaxNode {
    const start = this.#next
    this.#depth += 1
    if (this.#depth > MAX_FILTER_DEPTH) {
      throw new SyntaxFault(start.from, start.to, `more than ${MAX_FILTER_DEPTH} levels inside each other`)
    }
    const node = this.#condition(start)
    this.#depth -= 1
    return node
  }

  #condition(start: Token): SyntaxNode {
    if (this.#take((token) => isPlain(token) && (token.text === 'not' || token.text === '!'))) {
      const part = this.#unary()
      return { op: 'not', part, from: start.from, to: part.to }
    }
    if (this.#take((token) => isSymbol(token, '('))) {
      const inner = this.#either()
      const { to } = this.#expect(')', start)
      return { ...inner, from: start.from, to }
    }
    if (start.kind === 'alias') return this.#alias()
    if (start.kind === 'string') {
      this.#at += 1
      if (isComparison(this.#next) || isIn(this.#next)) {
        throw new SyntaxFault(
          start.from,
          start.to,
          'left of a comparison stands a field, the value right of it',
        )
      }
      return { op: 'find', written: writtenOf(start), from: start.from, to: start.to }
    }
    if (start.kind === 'word' && !KEYWORDS.has(start.text)) return this.#comparison()
    throw new SyntaxFault(
      start.from,
      start.to,
      start.kind === 'end'
        ? 'a condition is missing at the end'
        : `a condition is missing before ${start.text}`,
    )
  }

  #alias(): SyntaxNode {
    const { text: name, from, to } = this.#next
    this.#at += 1
    if (!this.#takesValue(name)) return { op: 'alias', name, value: null, from, to }
    const value = this.#value(`~${name}`)
    return { op: 'alias', name, value, from, to: value.to }
  }

  #comparison(): SyntaxNode {
    const field = this.#field()
    const operator = this.#next
    if (isComparison(operator)) {
      this.#at += 1
      const comparison = operator.text as Comparison
      const value = this.#value(comparison)
      return {
        op: 'compare',
        field,
        comparison,
        comparisonAt: operator,
        value,
        from: field.from,
        to: value.to,
      }
    }
    if (isIn(operator)) {
      this.#at += 1
      return this.#list(field)
    }
    return { op: 'bare', field, text: this.#text.slice(field.from, field.to), from: field.from, to: field.to }
  }

  #list(field: WrittenField): SyntaxNode {
    const open = this.#expect('{', field)
    const values = [this.#value('{')]
    while (this.#take((token) => isSymbol(token, ','))) values.push(this.#value(','))
    const { to } = this.#expect('}', open)
    return { op: 'in', field, values, from: field.from, to }
  }

  #value(after: string): WrittenValue {
    const token = this.#next
    // `msg.dir == in` is no list: a value has to stand here.
    const isWord = token.kind === 'word' && (!KEYWORDS.has(token.text) || token.text === 'in')
    if (token.kind === 'string' || isWord) {
      this.#at += 1
      const written = writtenOf(token)
      if (token.kind === 'string' || !/^[-+.]?\d[\d.]*$/.test(token.text)) return written
      const unit = this.#take(({ kind, text }) => kind === 'word' && isUnit(text))
      return unit === undefined ? written : { ...written, unit: unit.text, to: unit.to }
    }
    throw new SyntaxFault(token.from, token.to, `a value is missing after ${after}`)
  }

  /** `body.a."b c"[3].d`: words, quoted names and brackets that touch each other. */
  #field(): WrittenField {
    const first = this.#next
    const segments: FieldSegment[] = []
    let to = first.from
    while (this.#next.from === to || segments.length === 0) {
      const token = this.#next
      const endsInDot = this.#text[to - 1] === '.'
      if (token.kind === 'word') segments.push(...keysOf(token))
      else if (token.kind === 'string' && endsInDot) {
        segments.push({ kind: 'key', text: token.text, isQuoted: true, from: token.from, to: token.to })
      } else if (isSymbol(token, '[')) segments.push(this.#brackets())
      else break
      this.#at += 1
      to = this.#tokens[this.#at - 1]!.to
    }
    return { segments, from: first.from, to }
  }

  /** Leaves the closing bracket as the next token. */
  #brackets(): FieldSegment {
    const open = this.#next
    this.#at += 1
    const inner = this.#take(({ kind }) => kind === 'word')
    const close = this.#next
    if (!isSymbol(close, ']')) throw new SyntaxFault(open.from, close.to, 'this [ has no ]')
    return { kind: 'brackets', text: inner?.text ?? '', from: open.from, to: close.to }
  }

  #expect(symbol: string, opened: Span): Token {
    const token = this.#take((next) => isSymbol(next, symbol))
    if (token !== undefined) return token
    const { from, to, kind } = this.#next
    if (symbol === '{') throw new SyntaxFault(from, to, 'after "in" comes a list: {"a", "b"}', '{')
    const where = kind === 'end' ? 'at the end' : `here, for what began at character ${opened.from + 1}`
    throw new SyntaxFault(from, to, `${symbol} is missing ${where}`, symbol)
  }
}

function keysOf(token: Token): FieldSegment[] {
  const keys: FieldSegment[] = []
  let from = token.from
  for (const text of token.text.split('.')) {
    const to = from + text.length
    if (text !== '') keys.push({ kind: 'key', text, isQuoted: false, from, to })
    from = to + 1
  }
  return keys
}

const writtenOf = ({ kind, text, from, to }: Token): WrittenValue => ({
  kind: kind === 'string' ? 'string' : 'word',
  text,
  unit: '',
  from,
  to,
})

const isPlain = ({ kind }: Token): boolean => kind === 'word' || kind === 'symbol'
const isSymbol = ({ kind, text }: Token, symbol: string): boolean => kind === 'symbol' && text === symbol
const isComparison = (token: Token): boolean => isPlain(token) && COMPARISONS.has(token.text)
const isIn = ({ kind, text }: Token): boolean => kind === 'word' && text === 'in'
const isUnit = (text: string): boolean => (UNIT_WORDS as readonly string[]).includes(text)
