import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Fifo } from './fifo'

test('gives what an array would give, whatever is done to it', () => {
  const acts = fc.array(
    fc.oneof(fc.nat(1000), fc.constant('shift'), fc.constant('keep'), fc.constant('clear')),
    {
      maxLength: 400,
      size: 'max',
    },
  )
  fc.assert(
    fc.property(acts, (all) => {
      const fifo = new Fifo<number>()
      let model: number[] = []
      for (const act of all) {
        if (typeof act === 'number') {
          fifo.push(act)
          model.push(act)
        } else if (act === 'shift') expect(fifo.shift()).toBe(model.shift())
        else if (act === 'keep') {
          fifo.keep((item) => item % 3 > 0)
          model = model.filter((item) => item % 3 > 0)
        } else {
          fifo.clear()
          model = []
        }
        expect([fifo.length, fifo.peek()]).toEqual([model.length, model[0]])
        expect([...fifo]).toEqual(model)
      }
    }),
  )
})

test('moves nothing when the first of many leaves, and lets go of what has left', () => {
  const fifo = new Fifo<number>()
  for (let item = 0; item < 100_000; item++) fifo.push(item)
  let sum = 0
  for (let item = 0; item < 100_000; item++) sum += fifo.shift()!
  expect(sum).toBe((100_000 * 99_999) / 2)
  expect(fifo.length).toBe(0)
  expect(fifo.shift()).toBeUndefined()
})
