import { expect, test } from 'vitest'
import { digest, sample, type Session, turn } from './compliance-session'

/** Tests that hold where writes are packets. */
export function describePackets(connect: () => Promise<Session>, packetBytes: number): void {
  const longest = Math.min(packetBytes, 65_537)

  test('one write is one packet and comes as one read, both ways', async () => {
    const { near, far, nearEnd, farEnd } = await connect()
    const lengths = [1, 700, longest, 2]
    for (const [at, length] of lengths.entries()) {
      near.write(sample(length))
      far.write(sample(length))
      await Promise.all([nearEnd, farEnd].map((end) => end.until(() => end.reads.length > at)))
    }
    for (const { reads } of [nearEnd, farEnd])
      expect(reads.map(digest)).toEqual(lengths.map((length) => digest(sample(length))))
  })

  test('what no packet can hold is left out and told, and the next one goes', async () => {
    const { near, nearEnd, farEnd } = await connect()
    near.write(new Uint8Array(packetBytes + 1))
    near.write(sample(9))
    await farEnd.untilReceived(9)
    expect(nearEnd.leftOut).toMatchObject([{ code: 'PACKET_TOO_LARGE', byteCount: packetBytes + 1 }])
    expect(digest(farEnd.received)).toBe(digest(sample(9)))
    expect(near.unsentBytes).toBe(0)
  })
}

/** Tests for datagrams. */
export function describeLoss(connect: () => Promise<Session>, packetBytes: number): void {
  test('a packet of the peer above the limit is left out and told, and the next one comes', async () => {
    const { far, nearEnd } = await connect()
    far.write(new Uint8Array(packetBytes + 1))
    far.write(sample(packetBytes))
    await nearEnd.untilReceived(packetBytes)
    expect(nearEnd.leftOut).toMatchObject([{ code: 'PACKET_TOO_LARGE', byteCount: packetBytes + 1 }])
    expect(nearEnd.reads.map(digest)).toEqual([digest(sample(packetBytes))])
  })

  test('of a flood whatever comes is whole and comes once; the writer is stopped, and woken', async () => {
    const { near, nearEnd, farEnd } = await connect()
    const sent = new Map<string, number>()
    for (let at = 0; near.canWrite || at < 200; at++) {
      const packet = sample(packetBytes, at)
      sent.set(digest(packet), 0)
      near.write(packet)
    }
    await nearEnd.until(() => near.canWrite)
    expect(nearEnd.writableCount).toBeGreaterThan(0)
    while (near.unsentBytes > 0) await turn()
    await farEnd.untilReceived(1)
    await turn()
    for (const packet of farEnd.reads) sent.set(digest(packet), (sent.get(digest(packet)) ?? 2) + 1)
    expect(Math.max(...sent.values())).toBe(1)
  })
}
