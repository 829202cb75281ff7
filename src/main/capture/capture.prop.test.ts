import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Direction } from '../../shared/model/trace'
import { TraceScript } from '../../testing/trace-script'
import { Capture } from './capture'

/** A message as a plain object: what the columns must say as well. */
interface Plain {
  id: number
  linkId: number
  key: number
  dir: Direction
  chunks: number
  doneBytes: number
  body: string | null
}

/** The obvious way to do it: arrays of objects, nothing shared, nothing dropped but at the front. */
class Naive {
  readonly messages: Plain[] = []
  readonly chunks: { id: number; wireBytes: number }[] = []
  #opened = 0

  open(linkId: number, key: number, dir: Direction): void {
    this.#opened += 1
    this.messages.push({ id: this.#opened, linkId, key, dir, chunks: 0, doneBytes: 0, body: null })
  }

  find(linkId: number, key: number): Plain {
    return this.messages.find((message) => message.linkId === linkId && message.key === key)!
  }

  kept(max: number): Plain[] {
    return this.messages.slice(-max)
  }
}

const LINKS = 3
const steps = fc.array(
  fc.record({
    what: fc.constantFrom('open', 'open', 'frame', 'frame', 'frame', 'close', 'control', 'take'),
    link: fc.integer({ min: 1, max: LINKS }),
    pick: fc.nat(1000),
    bytes: fc.integer({ min: 1, max: 900 }),
    dir: fc.constantFrom<Direction>('in', 'out'),
  }),
  { maxLength: 250 },
)

test('says the same as a naive model, for any events on several links and any bounds', () => {
  const bounds = fc.record({
    messages: fc.integer({ min: 1, max: 40 }),
    messageSegmentRows: fc.integer({ min: 1, max: 16 }),
    chunks: fc.integer({ min: 1, max: 60 }),
    chunkSegmentRows: fc.integer({ min: 1, max: 32 }),
  })
  fc.assert(
    fc.property(bounds, steps, (limits, script) => {
      const capture = new Capture(limits)
      const writers = Array.from({ length: LINKS }, (_, link) => new TraceScript(capture.observe, link + 1))
      const watch = capture.watchMessages()
      const naive = new Naive()
      const open: Plain[] = []
      let known = new Map<number, string>()
      let nextKey = 1
      for (const { what, link, pick, bytes, dir } of script) {
        const writer = writers[link - 1]!
        const target = open[pick % Math.max(1, open.length)]
        if (what === 'open') {
          const messageKey = nextKey++
          writer.opened({ messageKey, dir })
          naive.open(link, messageKey, dir)
          open.push(naive.find(link, messageKey))
        } else if (what === 'control') {
          writer.frame({ payloadBytes: 0, wireBytes: bytes })
          naive.chunks.push({ id: 0, wireBytes: bytes })
        } else if (what === 'take') {
          const news = watch.take()
          if (news === undefined) continue
          const rows = capture.rows(0, 1000)
          expect(news).toMatchObject({
            total: rows.length,
            firstId: rows[0]?.id ?? naive.messages.length + 1,
          })
          for (const row of rows) {
            const isTold = news.changedFromId !== 0 && row.id >= news.changedFromId
            if (!isTold) expect(known.get(row.id)).toBe(JSON.stringify(row))
          }
          known = new Map(rows.map((row) => [row.id, JSON.stringify(row)]))
        } else if (target !== undefined && what === 'frame') {
          writers[target.linkId - 1]!.frame({
            messageKey: target.key,
            dir: target.dir,
            payloadBytes: bytes,
            wireBytes: bytes + 10,
          })
          naive.chunks.push({ id: target.id, wireBytes: bytes + 10 })
          target.chunks += 1
          target.doneBytes += bytes
        } else if (target !== undefined && what === 'close') {
          target.body = `body of ${target.key}`
          if (target.dir === 'in') target.doneBytes = target.body.length
          writers[target.linkId - 1]!.closed({ messageKey: target.key, dir: target.dir }, target.body)
          open.splice(open.indexOf(target), 1)
        }
      }

      const kept = naive.kept(limits.messages)
      const seen = capture.rows(0, 1000).map((row) => ({ ...row, ...capture.locate(row.id) }))
      expect(
        seen.map(({ id, linkId, messageKey, dir, chunks, doneBytes, preview }) => ({
          id,
          linkId,
          key: messageKey,
          dir,
          chunks,
          doneBytes,
          body: preview === '' ? null : preview,
        })),
      ).toEqual(kept)
      const keptChunks = naive.chunks.slice(-limits.chunks)
      expect(capture.totals()).toMatchObject({
        messages: kept.length,
        evictedMessages: naive.messages.length - kept.length,
        chunks: keptChunks.length,
        evictedChunks: naive.chunks.length - keptChunks.length,
      })
      const batch = capture.readLanes(0).take(0)!
      expect([...batch.messageIds].map((id, row) => ({ id, wireBytes: batch.wireBytes[row] }))).toEqual(
        keptChunks,
      )
      const overview = capture.overview(16, 1)
      const bytesIn = overview.bytesIn.reduce((sum, value) => sum + value, 0)
      const bytesOut = overview.bytesOut.reduce((sum, value) => sum + value, 0)
      const allBytes = naive.chunks.reduce((sum, { wireBytes }) => sum + wireBytes, 0)
      if (kept.length + keptChunks.length > 0) expect(bytesIn + bytesOut).toBeCloseTo(allBytes, 3)
    }),
  )
})
