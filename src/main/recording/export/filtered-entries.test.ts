import { expect, test } from 'vitest'
import type { TraceEvent } from '../../../shared/model/trace'
import { TraceScript } from '../../../testing/trace-script'
import type { ReadEntry } from '../read/recording-trace'
import { FilteredEntries } from './filtered-entries'

function passed(write: (script: TraceScript) => void, admitted: readonly number[]): TraceEvent['type'][] {
  const filtered = new FilteredEntries(
    (event) => event.type !== 'message-closed' || admitted.includes(event.messageKey),
  )
  const types: TraceEvent['type'][] = []
  const entry: ReadEntry['entry'] = { channelId: 0, number: 1, timeNs: 0n, data: new Uint8Array(0) }
  write(
    new TraceScript((event) =>
      types.push(...filtered.take({ entry, event }).map((read) => read.event!.type)),
    ),
  )
  return types
}

test('chunks ahead of the head of a message pass with it, those without a head never', () => {
  const write = (script: TraceScript): void => {
    script.frame({ dir: 'in', messageKey: 1, chunkIndex: 0 })
    script.frame({ dir: 'in', messageKey: 2, chunkIndex: 0 })
    script.frame({ dir: 'in', messageKey: 1, chunkIndex: 1 })
    script.opened({ dir: 'in', messageKey: 1 })
    script.frame({ dir: 'in', messageKey: 1, chunkIndex: 2 })
    script.closed({ dir: 'in', messageKey: 1 })
    script.frame({ dir: 'in', messageKey: 1, chunkIndex: 3 })
  }
  expect(passed(write, [1])).toEqual(['frame', 'frame', 'message-opened', 'frame', 'message-closed'])
  expect(passed(write, [])).toEqual([])
})

test('256 messages have their chunks held ahead of their heads; one more costs the oldest its own', () => {
  const framesOfFirst = (others: number): number =>
    passed(
      (script) => {
        for (let key = 1; key <= others + 1; key++)
          script.frame({ dir: 'in', messageKey: key, chunkIndex: 0 })
        script.opened({ dir: 'in', messageKey: 1 })
        script.closed({ dir: 'in', messageKey: 1 })
      },
      [1],
    ).filter((type) => type === 'frame').length
  expect(framesOfFirst(255)).toBe(1)
  expect(framesOfFirst(256)).toBe(0)
})
