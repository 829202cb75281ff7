import type { FilterProblem } from './filter-types'

export type TokenKind = 'word' | 'string' | 'symbol' | 'alias' | 'end'

export interface Token {
  readonly kind: TokenKind
  /** Words and symbols as written; strings without their quotes but with their escapes; aliases without `~`. */
  readonly text: string
  readonly from: number
  readonly to: number
}

/** Thrown inside this folder for the first thing that makes no sense; never leaves it. */
export class SyntaxFault extends Error {
  readonly problem: FilterProblem

  constructor(from: number, to: number, message: string, suggestion: string | null = null) {
    super(message)
    this.problem = { from, to, message, suggestion }
  }
}

const SYMBOLS = [
  '==',
  '!=',
  '<=',
  '>=',
  '&&',
  '||',
  '<',
  '>',
  '!',
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  ',',
] as const
const WORD = /[^\s()[\]{},"=!<>&|~]+/y
const BLANK = /\s*/y
const ALIAS = /[A-Za-z]+/y

/**
 * Cuts a filter into words, strings and symbols. Whether a word is a field, a number or text is decided later, by what
 * stands around it: `10:42:00` is a time of day for `time`, and three bytes for `bytes`.
 *
 * @throws SyntaxFault for a string without an end and for characters that begin nothing.
 */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let at = skip(BLANK, text, 0)
  while (at < text.length) {
    const token = tokenAt(text, at)
    tokens.push(token)
    at = skip(BLANK, text, token.to)
  }
  tokens.push({ kind: 'end', text: '', from: text.length, to: text.length })
  return tokens
}

function tokenAt(text: string, from: number): Token {
  const char = text[from]!
  if (char === '"') return stringAt(text, from)
  if (char === '~') {
    const to = skip(ALIAS, text, from + 1)
    if (to === from + 1) throw new SyntaxFault(from, to, 'after ~ comes a letter, such as ~r for the route')
    return { kind: 'alias', text: text.slice(from + 1, to), from, to }
  }
  const symbol = SYMBOLS.find((known) => text.startsWith(known, from))
  if (symbol !== undefined) return { kind: 'symbol', text: symbol, from, to: from + symbol.length }
  const to = skip(WORD, text, from)
  if (to > from) return { kind: 'word', text: text.slice(from, to), from, to }
  const meant = char + char
  throw new SyntaxFault(from, from + 1, `a single ${char} means nothing here, write ${meant}`, meant)
}

function stringAt(text: string, from: number): Token {
  let at = from + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  if (at >= text.length) {
    throw new SyntaxFault(from, text.length, 'the text has no end: a " is missing', `${text.slice(from)}"`)
  }
  return { kind: 'string', text: text.slice(from + 1, at), from, to: at + 1 }
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}
