import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { concatBytes } from '../../shared/bytes'
import type { ErrorCode } from '../../shared/errors'
import { RecordedConnection } from '../../testing/recorded-connection'
import { digest, type FarEnd, sample, type Session, turn } from './compliance-session'
import { describeLoss, describePackets } from './packet-compliance'
import type { Connection, ConnectionHandlers } from './transport'

export interface ComplianceRig {
  /** Opens the connection under test. */
  connect(handlers: ConnectionHandlers): Promise<{ near: Connection; far: FarEnd }>
  /** Opens it where opening must fail; absent where the tested side waits for peers. */
  readonly openWrong?: {
    readonly open: (handlers: ConnectionHandlers) => Promise<Connection>
    readonly code: ErrorCode
  }
  /** Opens with a signal; absent where the tested side waits for peers. */
  readonly open?: (handlers: ConnectionHandlers, signal: AbortSignal) => Promise<Connection>
  close(): Promise<void>
}

export interface ComplianceTraits {
  readonly isLossy: boolean
  readonly hasLineRate: boolean
  readonly lostCode: ErrorCode
  /** Most that may wait in the transport when a writer obeys `canWrite` and writes pieces of 1 KiB. */
  readonly maxUnsentBytes: number
  /** `at once`: there is no time in which the opening could be aborted. */
  readonly opens: 'in a while' | 'at once' | 'waits for peers'
  /** The medium lets the peer say that it ends (a serial line does not). */
  readonly tellsProperEnd: boolean
  /** Writes are packets of at most so many bytes, and come as they left; absent on streams. */
  readonly packetBytes?: number
  /** Packets may get lost on the way. Absent: none is, and one after the other they are a stream. */
  readonly losesPackets?: true
  /** How often the open/close cycle runs. */
  readonly cycles: number
}

const PIECE_BYTES = 1024
/** More than any system buffers for a reader that stands still. */
const MOST_FILLED_BYTES = 64 << 20
/** The promises of transport.ts, checked for one transport. Call inside a test file, once per transport. */
export function describeTransport(
  name: string,
  makeRig: () => Promise<ComplianceRig>,
  traits: ComplianceTraits,
): void {
  describe(`${name} keeps the promises of a transport`, () => {
    let rig: ComplianceRig
    let fars: FarEnd[]
    beforeEach(async () => {
      rig = await makeRig()
      fars = []
    })
    afterEach(async () => {
      await Promise.all(fars.map((far) => far.close()))
      await rig.close()
    })

    const connect = async (): Promise<Session> => {
      const nearEnd = new RecordedConnection()
      const farEnd = new RecordedConnection()
      const { near, far } = await rig.connect(nearEnd)
      fars.push(far)
      far.onBytes((bytes) => farEnd.onBytes(bytes))
      return { near, far, nearEnd, farEnd }
    }

    test('a new connection says who is there, can be written to and has nothing waiting', async () => {
      const { near } = await connect()
      expect(near.packetBytes).toBe(traits.packetBytes)
      expect(near.peerName).not.toBe('')
      expect([near.canWrite, near.unsentBytes, near.isLossy]).toEqual([true, 0, traits.isLossy])
      expect(near.lineRate !== undefined).toBe(traits.hasLineRate)
    })

    const { packetBytes = Number.POSITIVE_INFINITY, losesPackets = false } = traits
    const sizes = [1, 2, 255, 1399, 1400, 4096, 4097, 65_537, 1 << 20].filter((size) => size <= packetBytes)
    /** In pieces that the medium can carry. */
    const inPieces = (end: Pick<FarEnd, 'write'>, bytes: Uint8Array): void => {
      const pieceBytes = losesPackets ? packetBytes : bytes.length
      for (let at = 0; at < bytes.length; at += pieceBytes) end.write(bytes.slice(at, at + pieceBytes))
    }

    test.each(sizes)('%i random bytes go out unchanged', async (byteCount) => {
      const { near, farEnd } = await connect()
      near.write(sample(byteCount))
      await farEnd.untilReceived(byteCount)
      expect(farEnd.receivedBytes).toBe(byteCount)
      expect(digest(farEnd.received)).toBe(digest(sample(byteCount)))
    })

    test.each(sizes)('%i random bytes come in unchanged', async (byteCount) => {
      const { far, nearEnd } = await connect()
      far.write(sample(byteCount))
      await nearEnd.untilReceived(byteCount)
      expect(nearEnd.receivedBytes).toBe(byteCount)
      expect(digest(nearEnd.received)).toBe(digest(sample(byteCount)))
      expect(nearEnd.reads.every((read) => read.constructor === Uint8Array)).toBe(true)
    })

    // What a medium promises differs here: a stream comes whole; a packet comes as it left, or not at all.
    if (!losesPackets) describeStream(connect, traits)
    if (traits.packetBytes !== undefined) describePackets(connect, traits.packetBytes)
    if (traits.losesPackets) describeLoss(connect, packetBytes)

    test('closing is told once, at whatever time and however often it is asked', async () => {
      const { near, far, nearEnd } = await connect()
      const closed = [near.close(), near.close()]
      await Promise.all(closed)
      await near.close()
      expect(nearEnd.closes).toMatchObject([{ kind: 'local', code: null }])
      far.write(sample(100))
      await turn()
      expect(nearEnd.afterClose).toEqual([])
    })

    test('after the end nothing can be written and nothing waits', async () => {
      const { near, nearEnd } = await connect()
      await near.close()
      near.write(sample(1200))
      expect([near.canWrite, near.unsentBytes]).toEqual([false, 0])
      await turn()
      expect(nearEnd.afterClose).toEqual([])
    })

    test('closing under a flood from both sides tells nothing afterwards', async () => {
      const { near, far, nearEnd } = await connect()
      inPieces(far, sample(1 << 18))
      inPieces(near, sample(1 << 18))
      await nearEnd.untilReceived(1)
      await near.close()
      await turn()
      expect(nearEnd.closes).toMatchObject([{ kind: 'local' }])
      expect(nearEnd.afterClose).toEqual([])
    })

    test('closing inside onBytes ends the connection there', async () => {
      let close: () => unknown = () => undefined
      const nearEnd = new RecordedConnection(() => void close())
      const { near, far } = await rig.connect(nearEnd)
      fars.push(far)
      close = () => near.close()
      inPieces(far, sample(1 << 18))
      expect((await nearEnd.untilClosed()).kind).toBe('local')
      await near.close()
      await turn()
      expect(nearEnd.reads).toHaveLength(1)
      expect(nearEnd.afterClose).toEqual([])
    })

    test('an end by force is told as lost, once', async () => {
      const { near, far, nearEnd } = await connect()
      await far.cut()
      expect(await nearEnd.untilClosed()).toMatchObject({ kind: 'lost', code: traits.lostCode })
      near.write(sample(10))
      await near.close()
      await turn()
      expect(nearEnd.closes).toHaveLength(1)
      expect(nearEnd.afterClose).toEqual([])
    })

    test('an end by force while bytes wait leaves nothing waiting', async () => {
      const { near, far, nearEnd } = await connect()
      far.pause?.()
      inPieces(near, sample(losesPackets ? 1 << 18 : 4 << 20))
      await far.cut()
      expect((await nearEnd.untilClosed()).kind).toBe('lost')
      expect([near.canWrite, near.unsentBytes]).toEqual([false, 0])
    })

    // What a medium cannot do is no test that was skipped: the traits say so, and the tests are not made.
    if (traits.tellsProperEnd) {
      test('a proper end by the peer is told as remote after its last byte', async () => {
        const { far, nearEnd } = await connect()
        far.write(sample(100_000))
        far.end!()
        expect((await nearEnd.untilClosed()).kind).toBe('remote')
        expect(digest(nearEnd.received)).toBe(digest(sample(100_000)))
        expect(nearEnd.afterClose).toEqual([])
      })
    }

    if (traits.opens !== 'waits for peers') {
      test('opening where nothing is fails with the code that says so', async () => {
        const handlers = new RecordedConnection()
        const { open, code } = rig.openWrong!
        await expect(open(handlers)).rejects.toMatchObject({
          name: 'ConsoleError',
          layer: 'transport',
          code,
        })
        expect([handlers.reads, handlers.closes]).toEqual([[], []])
      })

      test('an opening that was aborted before it began rejects and never calls back', async () => {
        const handlers = new RecordedConnection()
        const opening = rig.open!(handlers, AbortSignal.abort())
        await expect(opening).rejects.toMatchObject({ code: 'LINK_OPEN_CANCELLED' })
        expect([handlers.reads, handlers.closes]).toEqual([[], []])
      })
    }

    if (traits.opens === 'in a while') {
      test('aborting during the opening rejects at once, never calls back and leaves no handle', async () => {
        const before = await settledHandles()
        for (let at = 0; at < 20; at++) {
          const handlers = new RecordedConnection()
          const abort = new AbortController()
          const opening = rig.open!(handlers, abort.signal)
          abort.abort()
          await expect(opening).rejects.toMatchObject({ code: 'LINK_OPEN_CANCELLED' })
          expect([handlers.reads, handlers.closes]).toEqual([[], []])
        }
        expect(await settledHandles(before)).toBeLessThanOrEqual(before)
      })
    }

    test(`${traits.cycles} connections leave no handle behind`, async () => {
      const cycle = async (at: number): Promise<void> => {
        const { near, far, nearEnd, farEnd } = await connect()
        near.write(sample(10))
        far.write(sample(10))
        await Promise.all([nearEnd.untilReceived(10), farEnd.untilReceived(10)])
        if (at % 2 === 0 && far.end !== undefined) far.end()
        else await near.close()
        await nearEnd.untilClosed()
        await near.close()
        await far.close()
        fars.length = 0
      }
      await cycle(0)
      await cycle(1)
      const before = await settledHandles()
      for (let at = 0; at < traits.cycles; at++) await cycle(at)
      expect(await settledHandles(before)).toBeLessThanOrEqual(before)
    })
  })
}

/** Tests that hold where no byte gets lost. */
function describeStream(connect: () => Promise<Session>, traits: ComplianceTraits): void {
  test('both directions carry a quarter of a megabyte at the same time', async () => {
    const { near, far, nearEnd, farEnd } = await connect()
    const size = 1 << 18
    near.write(sample(size, 1))
    far.write(sample(size, 2))
    await Promise.all([nearEnd.untilReceived(size), farEnd.untilReceived(size)])
    expect([digest(nearEnd.received), digest(farEnd.received)]).toEqual([
      digest(sample(size, 2)),
      digest(sample(size, 1)),
    ])
  })

  test('the stream is the same however the writes are cut', async () => {
    const { near, farEnd } = await connect()
    let expected = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 12 }), async (cuts) => {
        const before = farEnd.receivedBytes
        const total = cuts.reduce((sum, cut) => sum + cut, 0)
        const bytes = sample(total, ++expected)
        let at = 0
        for (const cut of cuts) near.write(bytes.slice(at, (at += cut)))
        await farEnd.untilReceived(before + total)
        expect(digest(farEnd.received.slice(before))).toBe(digest(bytes))
      }),
      { numRuns: 30 },
    )
  })

  /** Writes while allowed; where the far end stands still, until the system's own buffers are full as well. */
  const fill = async ({ near, far }: Session): Promise<{ pieces: Uint8Array[]; most: number }> => {
    const pieces: Uint8Array[] = []
    let most = 0
    do {
      while (near.canWrite && pieces.length * PIECE_BYTES < MOST_FILLED_BYTES) {
        const piece = sample(PIECE_BYTES, pieces.length)
        pieces.push(piece)
        near.write(piece.slice())
        most = Math.max(most, near.unsentBytes)
      }
    } while (far.pause !== undefined && (await opensWithin(near, 50)))
    return { pieces, most }
  }

  test('a writer that obeys canWrite is stopped, woken, and loses nothing', async () => {
    const session = await connect()
    const { near, far, nearEnd, farEnd } = session
    far.pause?.()
    const { pieces, most } = await fill(session)
    expect(near.canWrite).toBe(false)
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThanOrEqual(traits.maxUnsentBytes)
    const wokenBefore = nearEnd.writableCount
    far.resume?.()
    await nearEnd.until(() => nearEnd.writableCount > wokenBefore)
    expect(near.canWrite).toBe(true)
    const sent = concatBytes(pieces)
    await farEnd.untilReceived(sent.length)
    expect(digest(farEnd.received)).toBe(digest(sent))
    expect(near.unsentBytes).toBe(0)
  })

  test('writing although canWrite is false queues, in order', async () => {
    const session = await connect()
    const { near, far, farEnd } = session
    far.pause?.()
    const { pieces } = await fill(session)
    for (let at = 0; at < 200; at++) {
      const piece = sample(PIECE_BYTES, 1_000_000 + at)
      pieces.push(piece)
      near.write(piece.slice())
    }
    expect(near.canWrite).toBe(false)
    far.resume?.()
    const sent = concatBytes(pieces)
    await farEnd.untilReceived(sent.length)
    expect(digest(farEnd.received)).toBe(digest(sent))
  })
}

/** Whether the gate opens again within some turns of the event loop, in which the system takes what it can. */
async function opensWithin(near: Connection, turns: number): Promise<boolean> {
  for (let at = 0; at < turns && !near.canWrite; at++) await turn()
  return near.canWrite
}

/** Sockets, timers and descriptors that are open, once those on their way out are gone (at most `limit` are left). */
async function settledHandles(limit = 0): Promise<number> {
  let least = countHandles()
  for (let turns = 0; turns < 300 && (least > limit || turns === 0); turns++) {
    await turn()
    least = Math.min(least, countHandles())
  }
  return least
}

function countHandles(): number {
  const handles = process.getActiveResourcesInfo().filter((kind) => !/^(Immediate|FSReq|CloseReq)/.test(kind))
  const descriptors = process.platform === 'linux' ? readdirSync('/proc/self/fd') : []
  return handles.length + descriptors.length
}
