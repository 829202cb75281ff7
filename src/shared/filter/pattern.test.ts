import { describe, expect, test } from 'vitest'
import {
  compilePattern,
  MAX_MATCHED_CHARACTERS,
  MAX_PATTERN_CHARACTERS,
  MAX_PATTERN_STEPS,
  type Pattern,
} from './pattern'

const KIB64 = 65_536
const MOST_CPU_MS = 250

/** Patterns that a backtracking engine never gets done with, or that make automata large, each with its worst text. */
const CATASTROPHIC: readonly (readonly [pattern: string, text: string])[] = [
  ['(a+)+$', 'a'],
  ['(a+)+b', 'a'],
  ['(a*)*b', 'a'],
  ['(a|aa)+$', 'a'],
  ['(a|a)*$', 'a'],
  ['(a|a?)+$', 'a'],
  ['(.*a){12}$', 'a'],
  ['(.*)*x', 'a'],
  ['(.+)+x', 'ab'],
  ['^(a+)+$', 'a'],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'],
  ['^(a?){60}a{60}$', 'a'],
  ['(a?){60}a{60}b', 'a'],
  ['(x+x+)+y', 'x'],
  ['(x+x+x+)+y', 'x'],
  ['([a-zA-Z]+)*$', 'a'],
  [
    '^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$',
    'a',
  ],
  ['(\\d+)*\\.', '1'],
  ['(\\d+,?)+x', '1,'],
  ['(\\w+\\s?)*$!', 'a '],
  ['^(\\w+\\s?)*$', 'a !'],
  ['(\\s*\\S*)*$x', ' a'],
  ['\\s*,\\s*x', ' '],
  ['\\s+$', ' a'],
  ['(a|b|ab)*bc', 'ab'],
  ['(a|ab)(bcd|c)(d*)*x', 'abcd'],
  ['((a*)*)*b', 'a'],
  ['(((a*)*)*)*b', 'a'],
  ['((a+)+)+b', 'a'],
  ['(a{1,5}){1,5}b', 'a'],
  ['(a{1,10}){1,10}b', 'a'],
  ['(?:a|a|a|a|a|a|a|a)+b', 'a'],
  ['(?:.|\\n)*?x', 'a\n'],
  ['(?i)(k|K|\\x{212a})+x', 'k'],
  ['[ab]*a[ab]{8}$', 'ab'],
  ['[ab]*a[ab]{15}$', 'aab'],
  ['[ab]*a[ab]{25}$', 'abb'],
  ['(.*)(.*)(.*)(.*)(.*)x', 'a'],
  ['(.*,){11}P', '1,'],
  ['^(.*?,){25}P', '1,2'],
  ['(<[^>]*>)*x', '<a>'],
  ['"(\\\\.|[^"\\\\])*"x', '"\\"a'],
  ['/\\*(.|\\s)*\\*/x', '/* '],
  ['(0*)*1', '0'],
  ['(?:(?:a?)?)?$x', 'a'],
  ['(a.)*(b.)*(c.)*x', 'abc'],
  ['(\\pL+\\pN*)+!', 'é1'],
  ['(?s).*.*.*.*=.*', 'x'],
  ['\\b(\\w+\\b\\W*)+$x', 'ab '],
  ['a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?aaaaaaaaaaaaaaaab', 'a'],
  ['(a|b?){100}c', 'ab'],
  ['((a{2,3}){2,3}){2,3}b', 'a'],
  ['(?:[a-z]{1,20}[0-9]{1,20}){8}!', 'a1'],
  ['.{100}x', 'ab'],
  ['(?:.*.*)*=(?:.*)*;', 'ab'],
  ['[^x]*y[^x]{150}x', 'ab y1'],
  ['[^x]*y[^x]{480}x', 'ab y1'],
  ['x{1000}'.repeat(60), 'x'],
  ['[\\pL\\pN]{150}!$', 'é1'],
]

const compiled = (source: string): Pattern => {
  const pattern = compilePattern(source)
  if (typeof pattern === 'string') throw new Error(pattern)
  return pattern
}

const cpuMs = (run: () => void): number => {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

const TOO_LARGE: readonly string[] = [
  '^(a?){60}a{60}$',
  '(a?){60}a{60}b',
  '(a|b?){100}c',
  '(?:[a-z]{1,20}[0-9]{1,20}){8}!',
  '[^x]*y[^x]{480}x',
  'x{1000}'.repeat(60),
]

/** The piece over and over, and its characters in no order, behind letters that a pattern may insist on. */
function worstTexts(piece: string): string[] {
  const insisted = 'x!bcPy=;1.@Z/*'
  const over = piece.repeat(KIB64)
  let state = 1
  const mixed = Array.from({ length: KIB64 }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return piece[(state >> 16) % piece.length]
  })
  return [insisted + over, insisted + mixed.join('')].map((text) => text.slice(0, KIB64))
}

/** A busy machine may be slow once: only what is slow every time is slow. */
function leastMs(act: () => unknown, enoughMs: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < 4 && least > enoughMs; attempt++) least = Math.min(least, cpuMs(act))
  return least
}

/** What a bench computer needs for the yardstick. */
const YARDSTICK_MS = 30

/** Work of the kind that a pattern does: small numbers, a map, memory that is near. */
function yardstick(): void {
  const seen = new Map<number, number>()
  let state = 1
  for (let step = 0; step < 1_500_000; step++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    seen.set(state & 1023, (seen.get(state & 1023) ?? 0) + 1)
  }
}

/** What is allowed here and now: more on a machine that is slow or shared with others at this moment. */
const allowedMs = (): number => MOST_CPU_MS * Math.max(1, leastMs(yardstick, YARDSTICK_MS) / YARDSTICK_MS)

describe('a pattern', () => {
  test('that would hang other engines is answered or refused in less than a quarter of a second of a bench computer', () => {
    expect(CATASTROPHIC.length).toBeGreaterThanOrEqual(50)
    const slow: string[] = []
    const refused: string[] = []
    for (const [source, piece] of CATASTROPHIC) {
      const texts = worstTexts(piece)
      let pattern: Pattern | string = ''
      let ms = cpuMs(() => {
        pattern = compilePattern(source)
      })
      if (typeof pattern === 'string') {
        refused.push(source)
        continue
      }
      for (const text of texts)
        ms = Math.max(
          ms,
          leastMs(() => compiled(source).test(text), MOST_CPU_MS),
        )
      const allowed = ms > MOST_CPU_MS ? allowedMs() : MOST_CPU_MS
      if (ms > allowed) slow.push(`${source}: ${ms} ms of ${allowed}`)
    }
    expect(slow).toEqual([])
    expect(refused).toEqual(TOO_LARGE)
  })

  test('answers right where it takes another engine', () => {
    const behind = `${'a'.repeat(40_000)}b`
    expect(compiled('(a+)+b$').test(behind)).toBe(true)
    expect(compiled('(a+)+c$').test(behind)).toBe(false)
    expect(compiled('^(a|aa)+b$').test(behind)).toBe(true)
    expect(compiled('[ab]*a[ab]{25}$').test(`${'b'.repeat(40)}a${'b'.repeat(25)}`)).toBe(true)
    expect(compiled('[ab]*a[ab]{25}$').test('b'.repeat(66))).toBe(false)
  })

  test('runs over the first 65 536 characters only', () => {
    const filler = ' '.repeat(MAX_MATCHED_CHARACTERS - 1)
    expect(compiled('x').test(`${filler}x`)).toBe(true)
    expect(compiled('x').test(`${filler} x`)).toBe(false)
  })

  test('that is large runs over less text', () => {
    const large = `x${'a?'.repeat(70)}`
    expect(compiled(large).test(`${' '.repeat(10_000)}x`)).toBe(true)
    expect(compiled(large).test(`${' '.repeat(11_000)}x`)).toBe(false)
  })

  test('may have so many characters and steps and no more', () => {
    const word = (length: number): string => 'a'.repeat(length)
    expect(compilePattern(`${word(MAX_PATTERN_CHARACTERS - 4)}|[b`)).toContain('can not be read')
    expect(compilePattern(`[${word(MAX_PATTERN_CHARACTERS - 2)}]`)).toBeTypeOf('object')
    expect(compilePattern(`[${word(MAX_PATTERN_CHARACTERS - 1)}]`)).toBe(
      'the pattern has more than 512 characters',
    )
    const most = Array.from({ length: MAX_PATTERN_STEPS }, (_, count) => count).findLast(
      (count) => typeof compilePattern(`a{${count}}`) !== 'string',
    )!
    expect(most).toBeGreaterThan(MAX_PATTERN_STEPS - 5)
    expect(compilePattern(`a{${most + 1}}`)).toContain('the pattern is too large')
  })

  test.each([
    ['(a)\\1', 'refer back'],
    ['(?P<n>a)(?P=n)', 'refer back'],
    ['a(?=b)', 'look ahead or behind'],
    ['(?<!a)b', 'look ahead or behind'],
    ['(', 'missing closing )'],
    ['[z-a]', 'can not be read'],
    ['*', 'can not be read'],
  ])('%s is refused with a reason', (source, reason) => {
    expect(compilePattern(source)).toContain(reason)
  })
})
