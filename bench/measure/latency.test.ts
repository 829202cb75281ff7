import { expect, test } from 'vitest'
import { RequestLog } from './latency'

test('a request without answer counts with its age', () => {
  const log = new RequestLog()
  for (const atMs of [0, 10, 20]) log.ask(atMs, atMs)
  log.answer(0, 1)
  log.answer(2, 22)
  expect(log.result(110)).toMatchObject({ p50Ms: 2, p99Ms: 100, asked: 3, answered: 2 })
})

test('time from due shows what a blocked event loop held back', () => {
  const log = new RequestLog()
  log.ask(0, 50)
  log.answer(0, 53)
  expect(log.result(60)).toMatchObject({ p50Ms: 3, dueP50Ms: 53, dueP99Ms: 53 })
})
