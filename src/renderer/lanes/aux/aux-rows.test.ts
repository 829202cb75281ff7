import { describe, expect, test } from 'vitest'
import { testBatch } from '../test-batch'
import { AuxLog } from './aux-log'
import { AuxRows } from './aux-rows'
import { AUX_KINDS, type AuxKind } from './aux-types'

const OFF = { dtr: null, rts: null, cts: null, dsr: null, dcd: null, ri: null }

function rowsOf(log: AuxLog, roomPx = 1000, kinds: readonly AuxKind[] = AUX_KINDS, notes = 0) {
  const rows = new AuxRows()
  rows.update({ kinds: new Set(kinds), log, notes, roomPx })
  return rows
}
const keys = (rows: AuxRows): string[] => rows.rows.map(({ key }) => key)

describe('AuxRows', () => {
  test('a lane appears with the first thing it can show, that of links and queue stand always', () => {
    const log = new AuxLog()
    expect(keys(rowsOf(log))).toEqual(['links-0-', 'queue-0-'])
    log.take(
      testBatch([], [], {
        faults: [{ linkId: 1, dir: 'in', atMs: 5, code: 'LSO_RESYNCED' }],
        lines: [{ ...OFF, linkId: 2, atMs: 1, dtr: true, cts: false }],
        queues: [
          { linkId: 1, queuedBytes: 0 },
          { linkId: 2, queuedBytes: 7 },
        ],
      }),
    )
    const rows = rowsOf(log, 1000, AUX_KINDS, 3)
    expect(keys(rows)).toEqual([
      'links-0-',
      'faults-0-',
      'notes-0-',
      'queue-2-',
      'lines-2-dtr',
      'lines-2-cts',
    ])
    expect(rows.heads(log, 3).map(({ value }) => value)).toEqual([0, 1, 3, 7, 1, 0])
    expect(keys(rowsOf(log, 1000, ['faults']))).toEqual(['faults-0-'])
  })

  test('rows without room are left out and counted, and a place finds its row', () => {
    const log = new AuxLog()
    log.take(testBatch([], [], { lines: [{ ...OFF, linkId: 1, atMs: 0, dtr: true, rts: true, ri: false }] }))
    const rows = rowsOf(log, 66)
    expect(keys(rows)).toEqual(['links-0-', 'queue-0-', 'lines-1-dtr'])
    expect(rows.leftOut).toBe(2)
    expect(rows.height).toBe(62)
    expect(rows.at(21)?.kind).toBe('links')
    expect(rows.at(22)?.kind).toBe('queue')
    expect(rows.at(61)?.line).toBe('dtr')
    expect(rows.at(62)).toBeNull()
  })

  test('the queue of a link that was closed is empty', () => {
    const log = new AuxLog()
    log.take(testBatch([], [], { nowMs: 5, queues: [{ linkId: 1, queuedBytes: 9 }] }))
    log.take(testBatch([], [], { nowMs: 8 }))
    log.take(testBatch([], [], { nowMs: 9 }))
    expect(log.queues.get(1)?.items).toEqual([
      { atMs: 5, queuedBytes: 9 },
      { atMs: 8, queuedBytes: 0 },
    ])
  })

  test('rows stay the same object while nothing about them changes', () => {
    const log = new AuxLog()
    const rows = rowsOf(log)
    const before = rows.rows
    rows.update({ kinds: new Set(AUX_KINDS), log, notes: 0, roomPx: 1000 })
    expect(rows.rows).toBe(before)
  })
})
