import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DeadlineHeap, type HeapItem } from './deadline-heap'

interface Item extends HeapItem {
  readonly atMs: number
  readonly order: number
}

const isBefore = (a: Item, b: Item): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)

test('gives the same first item as a sorted list, whatever is added and removed', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ add: fc.integer({ min: 0, max: 100 }) }) },
    { weight: 2, arbitrary: fc.record({ removeAt: fc.nat(1000) }) },
    { weight: 1, arbitrary: fc.constant('pop' as const) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100, size: 'max' }), (steps) => {
      const heap = new DeadlineHeap<Item>(isBefore)
      let model: Item[] = []
      for (const [order, action] of steps.entries()) {
        if (action === 'pop') {
          const first = heap.first
          if (first !== undefined) heap.remove(first)
          model = model.filter((item) => item !== first)
        } else if ('add' in action) {
          const item = { atMs: action.add, order, heapIndex: -1 }
          heap.add(item)
          model.push(item)
        } else {
          const item = model[action.removeAt % Math.max(1, model.length)]
          if (item !== undefined) heap.remove(item)
          if (item !== undefined) heap.remove(item) // a second time is harmless
          model = model.filter((other) => other !== item)
        }
        model.sort((a, b) => (isBefore(a, b) ? -1 : 1))
        expect(heap.first).toBe(model[0])
        expect(heap.size).toBe(model.length)
      }
      const drained: Item[] = []
      for (let first = heap.first; first !== undefined; first = heap.first) {
        heap.remove(first)
        drained.push(first)
      }
      expect(drained).toEqual(model)
      expect(drained.every((item) => item.heapIndex === -1)).toBe(true)
    }),
    { numRuns: 200 },
  )
})

test('clear forgets every item and lets it be added again', () => {
  const heap = new DeadlineHeap<Item>(isBefore)
  const items = [3, 1, 2].map((atMs, order) => ({ atMs, order, heapIndex: -1 }))
  for (const item of items) heap.add(item)
  heap.clear()
  expect([heap.size, heap.first]).toEqual([0, undefined])
  heap.remove(items[0]!)
  heap.add(items[0]!)
  expect(heap.first).toBe(items[0])
})
