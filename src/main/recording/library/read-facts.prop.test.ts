import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_MOMENTS, STRIP_BINS } from '../../../shared/model/library'
import { linkChannelId, sessionChannelId } from '../format/channels'
import { memorySource } from '../read/byte-source'
import { noDecompression } from '../read/plain-block'
import { McapEncoder } from '../write/mcap-encoder'
import { readFacts, type RecordingFacts } from './read-facts'

const CHANNELS = [
  linkChannelId(1, 'rx'),
  linkChannelId(1, 'tx'),
  linkChannelId(1, 'event'),
  linkChannelId(1, 'message'),
  linkChannelId(1, 'body'),
  sessionChannelId('note'),
  sessionChannelId('gap'),
  40_000,
]

interface Given {
  readonly channel: number
  readonly timeNs: bigint
  readonly data: Uint8Array
}

function fileOf(entries: readonly Given[], session: Readonly<Record<string, string>>): Uint8Array {
  const encoder = new McapEncoder({ library: 'test' })
  const parts = [encoder.begin(), encoder.metadata('session', new Map(Object.entries(session)))]
  for (const { channel, timeNs, data } of entries) {
    encoder.add(channel, timeNs, data)
    parts.push(encoder.takeBlock()!)
  }
  parts.push(encoder.end())
  return new Uint8Array(Buffer.concat(parts))
}

function expectBounded(facts: RecordingFacts): void {
  expect(facts.moments.length).toBeLessThanOrEqual(MAX_MOMENTS)
  expect(facts.routes.length).toBeLessThanOrEqual(200)
  expect(facts.words.length).toBeLessThanOrEqual(400)
  expect(facts.urls.length).toBeLessThanOrEqual(8)
  expect([facts.strip.in.length, facts.strip.out.length, facts.strip.faults.length]).toEqual([
    STRIP_BINS,
    STRIP_BINS,
    STRIP_BINS,
  ])
  for (const figure of [facts.lengthMs, facts.part, facts.messages, facts.strip.mostBytes]) {
    expect(Number.isFinite(figure)).toBe(true)
    expect(figure).toBeGreaterThanOrEqual(0)
  }
}

const read = (file: Uint8Array): Promise<RecordingFacts> => readFacts(memorySource(file), noDecompression)
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('facts of a recording from anybody', () => {
  test('are bounded and make sense, whatever entries, times and facts say', async () => {
    const data = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.json().map(ascii),
      fc
        .constantFrom(
          '{"type":"note","noteId":1,"kind":"marker","text":"x","atMs":1e308}',
          '{"type":"note","noteId":1,"text":7}',
          '{"type":"link-state","phase":"connected","url":"../../x","code":null,"detail":""}',
          '{"type":"fault","dir":"in","code":"X","streamOffset":0,"lostBytes":0,"ref":"","detail":"d"}',
          '{"__proto__":{"polluted":true}}',
        )
        .map(ascii),
    )
    const entry = fc.record({
      channel: fc.constantFrom(...CHANNELS),
      timeNs: fc.oneof(fc.bigInt(0n, 2n ** 64n - 1n), fc.bigInt(0n, 10n ** 10n)),
      data,
    })
    const session = fc.dictionary(
      fc.constantFrom('session_id', 'part', 'started_ns', 'device', '__proto__', 'other'),
      fc.oneof(fc.string(), fc.constantFrom('-1', '1e999', '99999999999999999999', 'x'.repeat(5000))),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 12 }), session, async (entries, said) => {
        expectBounded(await read(fileOf(entries, said)))
      }),
      { numRuns: 300 },
    )
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  test('are read of any bytes at all', async () => {
    const whole = fileOf(
      Array.from({ length: 20 }, (_, at) => ({
        channel: CHANNELS[at % CHANNELS.length]!,
        timeNs: BigInt(at) * 1_000_000n,
        data: new Uint8Array(30).fill(at),
      })),
      { session_id: 'one' },
    )
    const flips = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 })), {
      maxLength: 6,
    })
    await fc.assert(
      fc.asyncProperty(flips, fc.nat(whole.length), async (changes, length) => {
        const file = whole.slice(0, length)
        for (const [at, mask] of changes) if (at < length) file[at] = file[at]! ^ mask
        expectBounded(await read(file))
      }),
      { numRuns: 300 },
    )
  })

  test('more moments than are kept are counted', async () => {
    const notes = Array.from({ length: MAX_MOMENTS + 5 }, (_, at) => ({
      channel: sessionChannelId('note'),
      timeNs: BigInt(at) * 1_000_000n,
      data: ascii(JSON.stringify({ type: 'note', noteId: at, kind: 'note', text: `n${at}`, atMs: at })),
    }))
    const facts = await read(fileOf(notes, {}))
    expect([facts.moments.length, facts.momentCount]).toEqual([MAX_MOMENTS, MAX_MOMENTS + 5])
    const fitting = await read(fileOf(notes.slice(0, MAX_MOMENTS), {}))
    expect([fitting.moments.length, fitting.momentCount]).toEqual([MAX_MOMENTS, MAX_MOMENTS])
  })
})
