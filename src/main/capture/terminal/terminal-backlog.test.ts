import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatBytes, utf8 } from '../../../shared/bytes'
import { MAX_BATCH_BYTES } from '../../../shared/contract/envelope'
import { encodeMessage } from '../../../shared/contract/message-codec'
import type { BytesEvent, Direction } from '../../../shared/model/trace'
import { TerminalBacklog, type TerminalReader } from './terminal-backlog'

const ignore = (): void => undefined
function passed(bytes: Uint8Array, linkId = 1, dir: Direction = 'in', atMs = 0): BytesEvent {
  return { type: 'bytes', linkId, atMs, dir, streamOffset: 0, byteCount: bytes.length, bytes }
}

/** All that can be read now. */
function drain(reader: TerminalReader): { text: string; lostBytes: number; resets: number; batches: number } {
  const all = { text: '', lostBytes: 0, resets: 0, batches: 0 }
  for (let batch = reader.take(); batch !== undefined; batch = reader.take()) {
    expect(encodeMessage(batch).length).toBeLessThanOrEqual(MAX_BATCH_BYTES)
    if (batch.isReset) all.text = ''
    all.text += new TextDecoder('latin1').decode(concatBytes(batch.pieces.map(({ bytes }) => bytes)))
    all.lostBytes += batch.lostBytes
    all.resets += batch.isReset ? 1 : 0
    all.batches += 1
  }
  return all
}

describe('the backlog of a terminal', () => {
  test('tells what passed before and after it was opened, with direction and time, and owns its bytes', () => {
    const backlog = new TerminalBacklog()
    const borrowed = utf8('early')
    backlog.observe(passed(borrowed, 1, 'in', 5))
    borrowed.fill(0)
    const reader = backlog.read(1, ignore)
    backlog.observe(passed(utf8('other link'), 2))
    backlog.observe(passed(utf8('late'), 1, 'out', 9))
    expect(reader.take()).toEqual({
      pieces: [
        { dir: 'in', atMs: 5, bytes: utf8('early') },
        { dir: 'out', atMs: 9, bytes: utf8('late') },
      ],
      lostBytes: 0,
      isReset: true,
    })
    expect(reader.take()).toBeUndefined()
  })

  test('forgets on clearing, for every view, and goes on with what comes then', () => {
    const backlog = new TerminalBacklog()
    backlog.observe(passed(utf8('old')))
    const reader = backlog.read(1, ignore)
    drain(reader)
    backlog.observe(passed(utf8('unread')))
    backlog.clear(1)
    backlog.observe(passed(utf8('new')))
    expect(drain(reader)).toEqual({ text: 'new', lostBytes: 0, resets: 1, batches: 1 })
    expect(drain(backlog.read(1, ignore)).text).toBe('new')
  })

  test('gives 700 kB in batches that fit the channel, in order', () => {
    const backlog = new TerminalBacklog()
    const bytes = Uint8Array.from({ length: 700_000 }, (_, at) => (at * 31) & 0xff)
    backlog.observe(passed(bytes))
    const all = drain(backlog.read(1, ignore))
    expect(all.batches).toBeGreaterThan(2)
    expect(all.text).toBe(new TextDecoder('latin1').decode(bytes))
  })

  test('keeps within its bounds, drops the oldest of all links first, and counts it for each view that missed it', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.record({
              kind: fc.constant('bytes' as const),
              linkId: fc.integer({ min: 1, max: 3 }),
              size: fc.integer({ min: 1, max: 400 }),
            }),
            fc.record({
              kind: fc.constant('read' as const),
              linkId: fc.integer({ min: 1, max: 3 }),
              size: fc.constant(0),
            }),
          ),
          { maxLength: 120 },
        ),
        (steps) => {
          const limits = { bytesPerLink: 1000, bytes: 2000 }
          const backlog = new TerminalBacklog(limits)
          const readers = [1, 2, 3].map((linkId) => backlog.read(linkId, ignore))
          const passedBytes = [0, 0, 0]
          const told = [0, 0, 0]
          const take = (index: number): void => {
            const { text, lostBytes } = drain(readers[index]!)
            told[index]! += text.length + lostBytes
            expect(told[index]).toBe(passedBytes[index])
          }
          for (const { kind, linkId, size } of steps) {
            if (kind === 'read') take(linkId - 1)
            else {
              backlog.observe(passed(new Uint8Array(size), linkId))
              passedBytes[linkId - 1]! += size
              expect(backlog.keptBytes).toBeLessThanOrEqual(limits.bytes)
            }
          }
          for (const index of [0, 1, 2]) take(index)
        },
      ),
    )
  })
})
