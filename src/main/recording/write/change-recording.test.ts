import { beforeAll, describe, expect, test } from 'vitest'
import type { TraceEvent } from '../../../shared/model/trace'
import { MemoryDisk } from '../../../testing/memory-disk'
import { simulatedRecording } from '../../../testing/simulated-recording'
import { memorySource } from '../read/byte-source'
import type { Decompress } from '../read/plain-block'
import { RecordingTrace } from '../read/recording-trace'
import { loadDecompress } from '../read/unpack-block'
import { verifyRecording } from '../read/verify'
import { changeRecording, type ChangeRun } from './change-recording'

let recording: Uint8Array
let decompress: Decompress
beforeAll(async () => {
  recording = await simulatedRecording()
  decompress = await loadDecompress()
})

async function trimmed(more: Partial<ChangeRun>): Promise<Uint8Array> {
  const disk = new MemoryDisk()
  const run = {
    source: memorySource(recording),
    decompress,
    disk,
    path: 'b.mcap',
    library: 'test',
    told: new Map(),
  }
  await changeRecording({ ...run, ...more })
  expect([...disk.files.keys()]).toEqual(['b.mcap'])
  return disk.bytesOf('b.mcap')
}

async function eventsOf(file: Uint8Array): Promise<TraceEvent[]> {
  const { isWhole, damageCount } = await verifyRecording(memorySource(file), decompress)
  expect([isWhole, damageCount]).toEqual([true, 0])
  const events: TraceEvent[] = []
  for await (const { event } of new RecordingTrace(memorySource(file), decompress).entries())
    if (event !== undefined) events.push(event)
  return events
}

const bytesOf = (events: readonly TraceEvent[], dir: string): Buffer =>
  Buffer.concat(events.flatMap((event) => (event.type === 'bytes' && event.dir === dir ? [event.bytes] : [])))

describe('a part of a recording', () => {
  test('has what was in that time, with the places of its bytes, after how all stood when it began', async () => {
    const all = await eventsOf(recording)
    for (const [fromMs, toMs] of [
      [0, 3000],
      [777, 1500],
      [1300, 1400],
    ] as const) {
      const part = await eventsOf(await trimmed({ fromMs, toMs }))
      const inside = all.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
      const standing = part.length - inside.length
      expect(part.slice(standing).map(({ type, atMs }) => `${type} ${atMs}`)).toEqual(
        inside.map(({ type, atMs }) => `${type} ${atMs}`),
      )
      for (const dir of ['in', 'out']) expect(bytesOf(part, dir).equals(bytesOf(inside, dir))).toBe(true)
      const offsets = (events: readonly TraceEvent[]): number[] =>
        events.flatMap((event) => (event.type === 'bytes' ? [event.streamOffset] : []))
      expect(offsets(part)).toEqual(offsets(inside))
      const opened = new Set(
        part.flatMap((event) => (event.type === 'message-opened' ? [event.messageKey] : [])),
      )
      const closed = part.flatMap((event) => (event.type === 'message-closed' ? [event.messageKey] : []))
      expect(closed.filter((key) => !opened.has(key))).toEqual([])
      expect(part.some((event) => event.type === 'link-state' && event.phase === 'connected')).toBe(true)
    }
  })

  test('of a time in which there was nothing is an error, and leaves nothing', async () => {
    await expect(trimmed({ fromMs: 1_000_000 })).rejects.toMatchObject({
      code: 'RECORDING_INVALID',
      remedy: expect.stringMatching(/^Choose a time in it: the recording ends \d+\.\d{3} s after/),
    })
    const stop = new AbortController()
    stop.abort()
    await expect(trimmed({ signal: stop.signal })).rejects.toMatchObject({ code: 'EXPORT_CANCELLED' })
  })
})
