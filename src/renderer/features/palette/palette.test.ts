import { describe, expect, test } from 'vitest'
import { fuzzyMatch } from './fuzzy'
import type { PaletteEntry } from './palette-entry'
import { parseMessageNumber, parseQuery, parseTime } from './palette-query'
import { MAX_FOUND, PaletteIndex } from './palette-search'

const entry = (title: string, more: Partial<PaletteEntry> = {}): PaletteEntry => ({
  id: title,
  kind: 'command',
  title,
  detail: '',
  keys: '',
  words: '',
  icon: 'right',
  run: () => undefined,
  ...more,
})
const titles = (found: { found: readonly { entry: PaletteEntry }[] }): string[] =>
  found.found.map((one) => one.entry.title)

describe('looking for letters', () => {
  test('finds words in any order, and the beginnings of words', () => {
    expect(fuzzyMatch('lanes zoom', 'zoom in the lanes')).not.toBeNull()
    expect(fuzzyMatch('zil', 'zoom in the lanes')).not.toBeNull()
    expect(fuzzyMatch('zl lz', 'zoom in the lanes')).toBeNull()
  })

  test('letters strewn over a long text are no match', () => {
    expect(fuzzyMatch('pause', 'the spring of a number but nothing else')).toBeNull()
  })

  test('a word from its beginning goes before the same letters within one', () => {
    const index = new PaletteIndex([
      entry('Unreset everything'),
      entry('Soft reset pulse'),
      entry('Reset pulse'),
    ])
    expect(titles(index.find('reset', []))).toEqual(['Reset pulse', 'Soft reset pulse', 'Unreset everything'])
  })

  test('further words find an entry too, behind those with the title', () => {
    const index = new PaletteIndex([entry('Open', { words: 'link.lock' }), entry('Lock the line')])
    expect(titles(index.find('lock', []))).toEqual(['Lock the line', 'Open'])
  })

  test('what was used last comes first, also before anything is typed', () => {
    const index = new PaletteIndex(['Alpha one', 'Alpha two', 'Alpha three'].map((title) => entry(title)))
    expect(titles(index.find('', ['Alpha three', 'Alpha two']))).toEqual([
      'Alpha three',
      'Alpha two',
      'Alpha one',
    ])
    expect(titles(index.find('alpha', ['Alpha three']))[0]).toBe('Alpha three')
  })

  test('of ten thousand entries the first hundred are shown and all are counted', () => {
    const index = new PaletteIndex(
      Array.from({ length: 10_000 }, (_, at) => entry(`route ${at} of telemetry`)),
    )
    const { found, total } = index.find('route telemetry', [])
    expect([found.length, total]).toEqual([MAX_FOUND, 10_000])
    expect(titles(index.find('9999', []))).toEqual(['route 9999 of telemetry'])
  })
})

describe('a query', () => {
  test.each([
    ['>lock', 'command', 'lock'],
    [' / msg.size > 4', 'filter', 'msg.size > 4'],
    ['@echo', 'route', 'echo'],
    ['#12', 'message', '12'],
    [':-30s', 'time', '-30s'],
    ['plain', 'all', 'plain'],
  ])('%j looks through %s for %j', (typed, scope, text) => expect(parseQuery(typed)).toEqual({ scope, text }))

  test('a number of a message may be grouped, and is at least 1', () => {
    expect(parseMessageNumber('48 213')).toBe(48213)
    expect(['0', '-1', '1.5', 'x', ''].map(parseMessageNumber)).toEqual([null, null, null, null, null])
  })

  const startedAtMs = new Date(2026, 10, 21, 10, 0, 0).getTime()
  const minuteMs = 60_000
  test.each<[string, number | null]>([
    ['10:42:07.5', 42 * minuteMs + 7500],
    ['10:42', 42 * minuteMs],
    ['-30s', 50 * minuteMs - 30_000],
    ['+2min', 2 * minuteMs],
    ['-5h', 0],
    ['9:59', 0],
    ['25:00', null],
    ['-30', null],
    ['noon', null],
  ])('%s is %s ms of a session that began at ten, ten to eleven', (text, atMs) =>
    expect(parseTime(text, startedAtMs, 50 * minuteMs)).toBe(atMs),
  )

  test('a time of day that is still to come was meant the day before', () => {
    expect(parseTime('23:00', startedAtMs, 26 * 60 * minuteMs)).toBe(13 * 60 * minuteMs)
  })
})
