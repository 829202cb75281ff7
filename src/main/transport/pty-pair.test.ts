import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { hasCode } from '../../shared/errors'
import { openPtyPair } from './pty-pair'
import { createSerial } from './serial'
import type { Connection } from './transport'

const framing = { dataBits: 8, parity: 'none', stopBits: 1 } as const

async function opened(path: string): Promise<{ connection: Connection; got: () => Buffer }> {
  let bytes = Buffer.alloc(0)
  const connection = await createSerial({ path, baud: 115_200, framing }).open({
    onBytes: (chunk) => {
      bytes = Buffer.concat([bytes, chunk])
    },
    onWritable: () => undefined,
    onClosed: () => undefined,
  })
  return { connection, got: () => bytes }
}

test('what one program writes the other reads, again and again, and all of it before the paths go', async () => {
  const pair = await openPtyPair()
  const device = await opened(pair.ours)
  for (const round of [1, 2]) {
    const host = await opened(pair.theirs)
    // bytes that a terminal would take for commands, were it not raw
    const sent = Buffer.from([3, 4, 10, 13, 17, 19, 26, 127, 255, round])
    host.connection.write(sent)
    await expect.poll(() => device.got().subarray(-10)).toEqual(sent)
    device.connection.write(sent)
    await expect.poll(() => host.got()).toEqual(sent)
    await host.connection.close()
  }
  const late = await opened(pair.theirs)
  const farewell = Buffer.alloc(3000, 7)
  device.connection.write(farewell)
  await expect.poll(() => late.got().length).toBeGreaterThan(0)
  await pair.close()
  expect(late.got().length).toBe(farewell.length)
  await device.connection.close()
  expect([existsSync(pair.ours), existsSync(pair.theirs)]).toEqual([false, false])
  await late.connection.close()
})

test('without Python there is an error that says what to do, and one that is stopped leaves nothing', async () => {
  const missing = await openPtyPair(undefined, 'no-such-python').catch((error: unknown) => error)
  expect(hasCode(missing, 'PTY_UNAVAILABLE')).toBe(true)
  const odd = await openPtyPair(undefined, process.execPath).catch((error: unknown) => error)
  expect(hasCode(odd, 'PTY_UNAVAILABLE')).toBe(true)
  const cancelled = await openPtyPair(AbortSignal.abort()).catch((error: unknown) => error)
  expect(hasCode(cancelled, 'LINK_OPEN_CANCELLED')).toBe(true)
})
