import { describe, expect, test } from 'vitest'
import type { MessageDetail, MessageTiming } from '../../../shared/model/views'
import { timingOf } from './timing-parts'

const detail = (timing: Partial<MessageTiming>, change: Partial<MessageDetail> = {}): MessageDetail => ({
  id: 1,
  linkId: 1,
  openedMs: 100,
  dir: 'out',
  route: 'cfg.put',
  kind: 'request',
  priority: 0,
  bodyBytes: 612,
  doneBytes: 612,
  chunks: 3,
  status: 'answered',
  code: null,
  roundTripMs: 108.6,
  hue: 1,
  partnerId: 2,
  preview: '',
  ref: 'a1B2c3',
  correlationId: 'x',
  headers: {},
  declaredBytes: 612,
  overheadBytes: 12,
  timing: {
    openedMs: 100,
    firstChunkMs: 136.6,
    lastChunkMs: 196,
    closedMs: 196,
    queuedMs: 36.6,
    wireMs: 54,
    interleavedMs: 5,
    ...timing,
  },
  remedy: '',
  body: new Uint8Array(0),
  hasBody: true,
  keptBytes: 0,
  partner: null,
  ...change,
})

const sum = (timing: ReturnType<typeof timingOf>): number =>
  timing?.parts.reduce((total, { ms }) => total + ms, 0) ?? Number.NaN

describe('where the time went', () => {
  test('the parts of an answered request add up to its round trip', () => {
    const timing = timingOf(detail({}))
    expect(timing?.totalMs).toBeCloseTo(108.6)
    expect(sum(timing)).toBeCloseTo(108.6)
    expect(timing?.parts.map(({ part }) => part)).toEqual(['queued', 'wire', 'interleaved', 'peer', 'rest'])
    expect(timing?.parts.find(({ part }) => part === 'peer')?.ms).toBeCloseTo(12.6)
  })

  test('a received message ends with its last chunk and has no part of a peer', () => {
    const timing = timingOf(
      detail(
        { queuedMs: null, firstChunkMs: 100, wireMs: 90 },
        { dir: 'in', status: 'received', roundTripMs: null },
      ),
    )
    expect(timing?.totalMs).toBeCloseTo(96)
    expect(timing?.parts.map(({ part }) => part)).toEqual(['wire', 'interleaved', 'rest'])
  })

  test('parts known to be longer than the total stretch it instead of lying', () => {
    const timing = timingOf(detail({ wireMs: 200 }))
    expect(timing?.totalMs).toBeCloseTo(sum(timing))
    expect(timing?.parts.some(({ part }) => part === 'rest')).toBe(false)
  })

  test('nothing is told before the last chunk', () => {
    expect(timingOf(detail({ lastChunkMs: null }))).toBeNull()
  })
})
