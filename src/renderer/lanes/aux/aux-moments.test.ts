import { describe, expect, test } from 'vitest'
import { LanesModel } from '../lanes-model'
import { NoteCursor } from '../notes/note-cursor'
import { testBatch } from '../test-batch'
import { type AuxWorld, factsAt, nextMoment } from './aux-moments'
import type { AuxKind, AuxRow, ModemLine } from './aux-types'

const OFF = { dtr: null, rts: null, cts: null, dsr: null, dcd: null, ri: null }

function world(): AuxWorld {
  const model = new LanesModel()
  model.ingest(
    testBatch([], [], {
      nowMs: 10,
      faults: [
        { linkId: 1, dir: 'in', atMs: 100, code: 'LSO_RESYNCED' },
        { linkId: 1, dir: 'in', atMs: 102, code: 'LSO_RESYNCED' },
        { linkId: 1, dir: 'out', atMs: 300, code: 'LSO_RESYNCED' },
      ],
      gaps: [
        { linkId: 1, fromMs: 0, toMs: 40 },
        { linkId: 1, fromMs: 500, toMs: 1500 },
      ],
      lines: [
        { ...OFF, linkId: 1, atMs: 10, dtr: true, cts: false },
        { ...OFF, linkId: 1, atMs: 20, dtr: true, cts: true },
        { ...OFF, linkId: 1, atMs: 30, dtr: false, cts: true },
      ],
      queues: [{ linkId: 1, queuedBytes: 500 }],
    }),
  )
  model.ingest(testBatch([], [], { nowMs: 60, queues: [{ linkId: 1, queuedBytes: 20 }] }))
  return { model, notes: new NoteCursor(), ofDayAtZeroMs: 0 }
}

const row = (kind: AuxKind, line: ModemLine | null = null): AuxRow => ({
  key: '',
  kind,
  linkId: 1,
  line,
  top: 0,
  height: 22,
})

describe('what happened beside the messages', () => {
  test('keys go through the moments of one lane in both directions, and stop at its ends', () => {
    const w = world()
    const walk = (kind: AuxKind, line: ModemLine | null = null): number[] => {
      const found: number[] = []
      let at: number | null = -Infinity
      while ((at = nextMoment(w, row(kind, line), at, 1)) !== null) found.push(at)
      return found
    }
    expect(walk('faults')).toEqual([100, 102, 300])
    // what is down from the beginning did not go down
    expect(walk('links')).toEqual([40, 500, 1500])
    expect(walk('lines', 'dtr')).toEqual([10, 30])
    expect(walk('lines', 'cts')).toEqual([10, 20])
    expect(walk('queue')).toEqual([10, 60])
    expect(nextMoment(w, row('faults'), 300, -1)).toBe(102)
    expect(nextMoment(w, row('faults'), 100, -1)).toBeNull()
  })

  test('faults within reach are counted by code; beyond it there is nothing to tell', () => {
    const w = world()
    const facts = factsAt(w, row('faults'), 101, 2)!
    expect(facts.title).toMatch(/^2\s?faults$/)
    expect(facts.isBad).toBe(true)
    expect(facts.rows).toContainEqual(['LSO_RESYNCED', '2'])
    expect(factsAt(w, row('faults'), 200, 2)).toBeNull()
  })

  test('a line tells what it is and since when, the queue how full it is and was', () => {
    const w = world()
    expect(factsAt(w, row('lines', 'dtr'), 25, 0)).toMatchObject({
      title: 'DTR on',
      rows: [
        ['Since', '00:00:00.010'],
        ['Lasted', expect.stringMatching(/^20\.0\sms$/)],
      ],
    })
    expect(factsAt(w, row('lines', 'dtr'), 5, 0)).toBeNull()
    const queue = factsAt(w, row('queue'), 70, 0)!
    expect(queue.title).toMatch(/^20\sB waiting/)
    expect(queue.rows[1]![1]).toMatch(/^500\sB$/)
    expect(factsAt(w, row('links'), 1500, 1)).toMatchObject({ isBad: false, title: 'Link up' })
  })
})
