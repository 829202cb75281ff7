import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KeyTable } from './key-table'

test('behaves as a Map whatever comes and goes, and gives its order by key to nobody', () => {
  const key = fc.integer({ min: 1, max: 200 }).map((low) => (low % 3 === 0 ? low * 64 : low))
  const act = fc.record({ key, isSet: fc.boolean(), value: fc.nat() })
  fc.assert(
    fc.property(fc.array(act, { maxLength: 400 }), (acts) => {
      const table = new KeyTable<number>()
      const model = new Map<number, number>()
      for (const { key, isSet, value } of acts) {
        if (isSet) {
          table.set(key, value)
          model.set(key, value)
        } else {
          table.delete(key)
          model.delete(key)
        }
        expect(table.size).toBe(model.size)
        expect(table.get(key)).toBe(model.get(key))
      }
      for (const [key, value] of model) expect(table.get(key)).toBe(value)
      expect(table.values().sort()).toEqual([...model.values()].sort())
      table.clear()
      expect([table.size, table.get(1)]).toEqual([0, undefined])
    }),
    { numRuns: 200 },
  )
})
