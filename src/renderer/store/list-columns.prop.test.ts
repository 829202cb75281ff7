import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  COLUMN_IDS,
  type Column,
  type ColumnId,
  fieldColumn,
  fieldsOf,
  laidOut,
  MAX_COLUMN_PX,
  MAX_FIELDS,
  moved,
  parseColumns,
  printColumns,
  resized,
  toggled,
  USUAL_COLUMNS,
} from './list-columns'

const ids = (columns: readonly Column[]): ColumnId[] => columns.map(({ id }) => id)

describe('columns of the list', () => {
  test('a hidden column comes back where it usually stands', () => {
    const without = toggled(USUAL_COLUMNS, 'size')
    expect(ids(without)).not.toContain('size')
    expect(ids(toggled(without, 'size'))).toEqual(ids(USUAL_COLUMNS))
    expect(ids(toggled(USUAL_COLUMNS, 'link'))).toEqual([
      'id',
      'time',
      'delta',
      'link',
      'dir',
      'route',
      'kind',
      'prio',
      'size',
      'rtt',
      'status',
      'body',
    ])
  })

  test('fields stand before the body, in the order they were asked for', () => {
    const two = toggled(toggled(USUAL_COLUMNS, fieldColumn('body.temp')), fieldColumn('msg.codec'))
    expect(ids(two).slice(-4)).toEqual(['status', 'field:body.temp', 'field:msg.codec', 'body'])
    expect(fieldsOf(two)).toEqual(['body.temp', 'msg.codec'])
  })

  test('there is always one column and never too many fields', () => {
    const one = USUAL_COLUMNS.slice(0, 1)
    expect(toggled(one, 'id')).toBe(one)
    let many: readonly Column[] = USUAL_COLUMNS
    for (let field = 0; field < 40; field++) many = toggled(many, fieldColumn(`body.f${field}`))
    expect(fieldsOf(many)).toHaveLength(MAX_FIELDS)
  })

  test('a column moves to any index, not beyond the ends', () => {
    expect(ids(moved(USUAL_COLUMNS, 'route', 0))[0]).toBe('route')
    expect(ids(moved(USUAL_COLUMNS, 'id', 99)).at(-1)).toBe('id')
    expect(moved(USUAL_COLUMNS, 'id', -1)).toBe(USUAL_COLUMNS)
    expect(ids(moved(USUAL_COLUMNS, 'time', 2)).slice(0, 3)).toEqual(['id', 'delta', 'time'])
  })

  test('the last column takes what is left, and none is narrower than it was made', () => {
    const three = USUAL_COLUMNS.slice(0, 3)
    expect(laidOut(three)).toEqual({ template: '52px 88px minmax(56px, 1fr)', columnsPx: 196 })
    expect(laidOut(moved(three, 'delta', 0)).template).toBe('56px 52px minmax(80px, 1fr)')
  })

  test('whatever is done to them, they are unique, of a sane width, and survive being kept', () => {
    const id = fc.oneof(
      fc.constantFrom<ColumnId>(...COLUMN_IDS),
      fc.constantFrom('body.a', 'msg.codec').map((field) => fieldColumn(field)),
    )
    const step = fc.oneof(
      fc.record({ op: fc.constant('toggle' as const), id }),
      fc.record({ op: fc.constant('move' as const), id, to: fc.integer({ min: -3, max: 30 }) }),
      fc.record({
        op: fc.constant('resize' as const),
        id,
        px: fc.double({ min: -50, max: 9999, noNaN: true }),
      }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let columns: readonly Column[] = USUAL_COLUMNS
        for (const step of steps) {
          if (step.op === 'toggle') columns = toggled(columns, step.id)
          else if (step.op === 'move') columns = moved(columns, step.id, step.to)
          else columns = resized(columns, step.id, step.px)
        }
        expect(new Set(ids(columns)).size).toBe(columns.length)
        expect(columns.length).toBeGreaterThan(0)
        for (const { widthPx } of columns) {
          expect(widthPx).toBeGreaterThanOrEqual(16)
          expect(widthPx).toBeLessThanOrEqual(MAX_COLUMN_PX)
        }
        expect(parseColumns(printColumns(columns))).toEqual(columns)
      }),
    )
  })

  test.each([
    ['nothing', null],
    ['no JSON', '{'],
    ['another shape', '{"a":1}'],
    ['unknown columns only', '[["colour",50],["field:",50],7,["id"]]'],
  ])('kept columns that are %s are not used', (_, kept) => {
    expect(parseColumns(kept)).toBeNull()
  })

  test('what makes sense in kept columns is used', () => {
    expect(parseColumns('[["id",1e9],["id",50],["nope",3],["route",120]]')).toEqual([
      { id: 'id', widthPx: MAX_COLUMN_PX },
      { id: 'route', widthPx: 120 },
    ])
  })
})
