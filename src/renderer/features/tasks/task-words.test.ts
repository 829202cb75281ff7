import { expect, test } from 'vitest'
import type { TaskStatus } from '../../../shared/model/tasks'
import { countdown, dotOf, nextWords } from './task-words'

test.each([
  [-5, '0.0 s'],
  [20, '0.1 s'],
  [11_400, '11.4 s'],
  [125_000, '2 min 5 s'],
  [3 * 3_600_000 + 12 * 60_000, '3 h 12 min'],
  [5 * 86_400_000, '5 days'],
])('%d ms are counted as %s', (ms, words) => expect(countdown(ms)).toBe(words))

const task = (changes: Partial<TaskStatus>): TaskStatus => ({
  name: 'a',
  revision: '',
  task: null,
  problem: null,
  state: 'waiting',
  reason: '',
  nextMs: 1000,
  everyMs: 500,
  plannedMs: [],
  ok: 0,
  failed: 0,
  skipped: 0,
  held: 0,
  dropped: 0,
  punctuality: null,
  last: null,
  downSinceMs: null,
  ...changes,
})

test('the countdown of a grid goes on between two words of the core; a state stands where nothing is due', () => {
  expect([900, 1000, 1100, 1600].map((nowMs) => nextWords(task({}), nowMs))).toEqual([
    '0.1 s',
    '0.0 s',
    '0.4 s',
    '0.4 s',
  ])
  expect(nextWords(task({ state: 'held' }), 0)).toBe('held')
  expect(nextWords(task({ nextMs: null }), 0)).toBe('–')
  expect([dotOf(task({})), dotOf(task({ state: 'off' })), dotOf(task({ state: 'broken' }))]).toEqual([
    'ok',
    'ring',
    'err',
  ])
})
