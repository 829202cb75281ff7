import { expect, test } from 'vitest'
import { Fifo } from './fifo'
import { RecentMap } from './recent-map'

test('the newest entries are kept, as many as fit; one that is set again keeps its age', () => {
  const recent = new RecentMap<number>(2)
  recent.set('a', 1)
  recent.set('b', 2)
  recent.set('a', 3)
  expect(recent.get('a')).toBe(3)
  recent.set('c', 4)
  expect(['a', 'b', 'c'].map((key) => recent.has(key))).toEqual([false, true, true])
})

test('a queue gives what it got, in order, however long it gets', () => {
  const queue = new Fifo<number>()
  const got: (number | undefined)[] = []
  for (let round = 0; round < 300; round++) {
    queue.push(2 * round)
    queue.push(2 * round + 1)
    expect(queue.peek()).toBe(round)
    got.push(queue.shift())
  }
  expect(queue.length).toBe(300)
  while (queue.length > 0) got.push(queue.shift())
  expect(got).toEqual(Array.from({ length: 600 }, (_, index) => index))
  expect([queue.shift(), queue.peek()]).toEqual([undefined, undefined])
})
