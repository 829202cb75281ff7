import { expect, test } from 'vitest'
import { blockersOf } from './use-blockers'

test('blockers are those of the wait before the message, not those of its answer', () => {
  const one = {
    messageId: 7,
    route: 'fw',
    priority: 5,
    hue: 1,
    ms: 30,
    bytes: 1,
    frames: 1,
    frameBytes: 1,
  } as const
  const other = { ...one, messageId: 8 }
  expect(
    blockersOf({
      messageId: 9,
      parts: [
        { name: 'wire', ms: 4, blockers: [], others: null },
        { name: 'blocked', ms: 36, blockers: [one], others: null },
        { name: 'answer-blocked', ms: 5, blockers: [other], others: null },
      ],
    }),
  ).toEqual({ messageId: 9, blockedMs: 36, blockers: [one] })
  expect(blockersOf({ messageId: 9, parts: [] })).toEqual({ messageId: 9, blockedMs: 0, blockers: [] })
})
