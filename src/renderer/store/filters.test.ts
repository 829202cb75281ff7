import { describe, expect, test } from 'vitest'
import { compileFilter } from '../../shared/filter'
import { type FilterChip, type Filters, hidingFilter, laneRules, marksOf, NO_RULE, rowRules } from './filters'
import { readChips, readRule } from './kept-filters'
import { cellIs, narrowed, timeIsWithin, withSpan } from './filter-words'
import { RowLooks } from './row-looks'

const chip = (chipId: number, filter: string, more: Partial<FilterChip> = {}): FilterChip => ({
  ...NO_RULE,
  chipId,
  name: `chip ${chipId}`,
  filter,
  ...more,
})
const filters = (chips: readonly FilterChip[], more: Partial<Filters> = {}): Filters => ({
  rule: NO_RULE,
  chips,
  find: '',
  ...more,
})

describe('filters in force', () => {
  test('chips that hide hold all at once, each on its own; what is off does nothing', () => {
    const chips = [chip(1, 'a or b'), chip(2, '~q'), chip(3, 'c', { isOn: false })]
    const text = hidingFilter(filters(chips, { rule: { ...NO_RULE, filter: 'x' } }))
    expect(text).toBe('(x) and (a or b) and (~q)')
    expect(compileFilter(text).ok).toBe(true)
    expect(hidingFilter(filters([chip(1, 'a or b')]))).toBe('a or b')
    expect(hidingFilter(filters([]))).toBe('')
  })

  test('dim, colour and find judge rows by bits; the first colour that matches counts', () => {
    const all = filters(
      [
        chip(1, 'a', { mode: 'colour', hue: 3 }),
        chip(2, 'b', { mode: 'dim' }),
        chip(3, 'c', { mode: 'colour', hue: 4 }),
      ],
      { find: 'a' },
    )
    const rules = rowRules(all)
    const marks = marksOf(rules)
    expect(marks).toEqual(['a', 'b', 'c'])
    const looks = new RowLooks(rules, marks)
    expect(looks.lookOf(0b101)).toMatchObject({ isDim: true, isFound: true, colour: { hue: 3 } })
    expect(looks.lookOf(0b110)).toMatchObject({ isDim: false, isFound: false, colour: { hue: 4 } })
    expect(looks.lookOf(0)).toEqual({ isDim: true, isFound: false, colour: null })
    expect(laneRules(all).map(({ effect }) => effect)).toEqual(['colour', 'dim', 'colour', 'dim'])
  })

  test('rows that were judged by other filters keep plain looks for rules they do not know', () => {
    const rules = rowRules(filters([chip(1, 'new', { mode: 'dim' })]))
    expect(new RowLooks(rules, ['old']).lookOf(0)).toMatchObject({ isDim: false })
  })
})

describe('what was kept', () => {
  test('comes back as it was, without what makes no sense', () => {
    const kept = [chip(7, 'a'), chip(8, 'b', { mode: 'colour', hue: 5, isOn: false })]
    expect(readChips(JSON.parse(JSON.stringify(kept)))).toEqual([
      { ...kept[0], chipId: 1 },
      { ...kept[1], chipId: 2 },
    ])
    const broken = [null, 3, {}, { ...chip(1, '('), name: 'no filter' }, { ...chip(1, 'a'), hue: 9 }]
    expect(readChips(broken)).toEqual([])
    expect(readChips('nothing')).toEqual([])
    expect(readRule({ ...NO_RULE, filter: 'msg.rute == 1' })).toBeNull()
  })
})

describe('words of filters', () => {
  test('a condition narrows whatever the filter is, and its opposite excludes', () => {
    expect(narrowed('', 'a')).toBe('a')
    expect(narrowed('a or b', 'msg.id == 1')).toBe('(a or b) and msg.id == 1')
    expect(narrowed('"x or y"', 'msg.id == 1', true)).toBe('"x or y" and not msg.id == 1')
    expect(narrowed('', 'time >= 1:00 or time < 0:10', true)).toBe('not (time >= 1:00 or time < 0:10)')
  })

  test('a span of the lanes takes the place of the span before, and may go over midnight', () => {
    const noon = new Date(2026, 10, 21, 12, 0, 0).getTime()
    const span = timeIsWithin(noon, 1500.25, 2000)
    expect(span).toBe('time >= 12:00:01.50025 and time < 12:00:02')
    expect(withSpan('msg.id > 3', span)).toBe(`msg.id > 3 and ${span}`)
    const later = timeIsWithin(noon, 5000, 6000)
    expect(withSpan(`msg.id > 3 and ${span}`, later)).toBe(`msg.id > 3 and ${later}`)
    expect(withSpan(span, later)).toBe(later)
    const midnight = timeIsWithin(noon, 12 * 3_600_000 - 1000, 12 * 3_600_000 + 1000)
    expect(midnight).toBe('time >= 23:59:59 or time < 00:00:01')
    expect(withSpan(`msg.id > 3 and (${midnight})`, later)).toBe(`msg.id > 3 and ${later}`)
    expect(compileFilter(withSpan('a or b', midnight)).ok).toBe(true)
  })

  test('the text of a cell is compared as what it reads like', () => {
    const field = { name: 'body', path: ['n'], slice: null }
    expect(cellIs(field, '9007199254740993')).toBe('body.n == 9007199254740993')
    expect(cellIs(field, 'say "hi"')).toBe('body.n == "say \\"hi\\""')
    expect(cellIs(field, 'true')).toBe('body.n == true')
  })
})
