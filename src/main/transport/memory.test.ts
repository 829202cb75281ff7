import { describe, expect, test } from 'vitest'
import { RecordedConnection } from '../../testing/recorded-connection'
import { settlePromises } from '../../testing/virtual-clock'
import { createMemoryNetwork, type MemoryOptions } from './memory'
import type { Connection } from './transport'

const connected = async (options?: MemoryOptions) => {
  const network = createMemoryNetwork(options)
  const farEnd = new RecordedConnection()
  const nearEnd = new RecordedConnection()
  let far: Connection | undefined
  const listener = await network.listening.listen((connection) => {
    far = connection
    return farEnd
  })
  const near = await network.transport.open(nearEnd)
  return { network, listener, near, far: far!, nearEnd, farEnd }
}

describe('the memory network', () => {
  test('never delivers inside write', async () => {
    const { near, farEnd } = await connected()
    near.write(Uint8Array.of(1))
    expect([farEnd.receivedBytes, near.unsentBytes]).toEqual([0, 1])
    await settlePromises()
    expect([farEnd.receivedBytes, near.unsentBytes]).toEqual([1, 0])
  })

  test('does not keep write boundaries: small writes are joined, large ones cut', async () => {
    const { near, farEnd } = await connected({ maxReadBytes: 100 })
    for (let at = 0; at < 50; at++) near.write(new Uint8Array(3))
    await settlePromises()
    expect(farEnd.reads.map(({ length }) => length)).toEqual([100, 50])
  })

  test('delivers what was written before a proper end', async () => {
    const { near, far, farEnd } = await connected()
    near.write(new Uint8Array(1000))
    await near.close()
    await settlePromises()
    expect(farEnd.receivedBytes).toBe(1000)
    expect(farEnd.closes).toMatchObject([{ kind: 'remote' }])
    await far.close()
  })

  test('serves peers apart and ends all of them when it stops listening', async () => {
    const { network, listener, nearEnd } = await connected()
    const second = new RecordedConnection()
    const other = await network.transport.open(second)
    await other.close()
    await settlePromises()
    expect([nearEnd.isClosed, second.isClosed]).toEqual([false, true])
    await listener.close()
    await settlePromises()
    expect(nearEnd.closes).toMatchObject([{ kind: 'remote' }])
    await expect(network.transport.open(second)).rejects.toMatchObject({ code: 'LINK_REFUSED' })
  })

  test('has room for one listener at a time', async () => {
    const { network, listener } = await connected()
    const again = () => network.listening.listen(() => new RecordedConnection())
    await expect(again()).rejects.toMatchObject({ code: 'LINK_ADDRESS_IN_USE' })
    await listener.close()
    await (await again()).close()
  })

  test('a peer that is turned away while it is accepted hears it', async () => {
    const network = createMemoryNetwork()
    const farEnd = new RecordedConnection()
    await network.listening.listen((connection) => {
      void connection.close()
      return farEnd
    })
    const nearEnd = new RecordedConnection()
    await network.transport.open(nearEnd)
    await settlePromises()
    expect(nearEnd.closes).toMatchObject([{ kind: 'remote' }])
    expect(farEnd.closes).toMatchObject([{ kind: 'local' }])
  })
})
