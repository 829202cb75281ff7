import { createHash } from 'node:crypto'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { ErrorCode } from '../../shared/errors'
import { RecordedConnection } from '../../testing/recorded-connection'
import { createTcp, hostPort } from './tcp'
import { createTcpListen } from './tcp-listen'
import { connectError, listenError } from './tcp-socket'
import type { Connection, Listener } from './transport'

const systemError = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code })

describe('a socket that does not open says why', () => {
  test.each<[system: string, code: ErrorCode, words: string]>([
    ['ECONNREFUSED', 'LINK_REFUSED', 'refused'],
    ['ENOTFOUND', 'LINK_UNREACHABLE', 'host name'],
    ['EAI_AGAIN', 'LINK_UNREACHABLE', 'host name'],
    ['EHOSTUNREACH', 'LINK_UNREACHABLE', 'EHOSTUNREACH'],
    ['ENETUNREACH', 'LINK_UNREACHABLE', 'ENETUNREACH'],
    ['EHOSTDOWN', 'LINK_UNREACHABLE', 'EHOSTDOWN'],
    ['EACCES', 'LINK_UNREACHABLE', 'EACCES'],
    ['ETIMEDOUT', 'LINK_OPEN_TIMEOUT', 'did not answer'],
  ])('%s while connecting becomes %s', (system, code, words) => {
    const cause = systemError(system)
    const error = connectError(cause, 'board:4242')
    expect(error).toMatchObject({ code, layer: 'transport', exitCode: 3, cause })
    expect(error.message).toContain('board:4242')
    expect(error.message).toContain(words)
    expect(error.remedy).not.toBe('')
  })

  test.each<[system: string, code: ErrorCode]>([
    ['EADDRINUSE', 'LINK_ADDRESS_IN_USE'],
    ['EADDRNOTAVAIL', 'LINK_ADDRESS_FORBIDDEN'],
    ['EACCES', 'LINK_ADDRESS_FORBIDDEN'],
    ['ENOTFOUND', 'LINK_ADDRESS_FORBIDDEN'],
  ])('%s while binding becomes %s', (system, code) => {
    const error = listenError(systemError(system), '10.0.0.1:80')
    expect(error).toMatchObject({ code, exitCode: 3 })
    expect(error.message).toContain('10.0.0.1:80')
  })
})

describe('a TCP connection', () => {
  const cleanUps: (() => unknown)[] = []
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
  })

  const listening = async (onSocket: (socket: Socket) => void = () => undefined): Promise<number> => {
    const server: Server = createServer(onSocket)
    cleanUps.push(() => new Promise((resolve) => server.close(resolve)))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    return address !== null && typeof address === 'object' ? address.port : 0
  }

  test('that nobody answers is given up after the open timeout', async () => {
    // A name whose look-up never ends stands for a host that swallows packets.
    const open = createTcp({
      host: 'silent.invalid',
      port: 1,
      openTimeoutMs: 30,
      lookup: () => undefined,
    }).open(new RecordedConnection())
    await expect(open).rejects.toMatchObject({
      code: 'LINK_OPEN_TIMEOUT',
      message: expect.stringContaining('silent.invalid:1'),
    })
  })

  test('loses nothing that the peer sent before anybody listened', async () => {
    const port = await listening((socket) => socket.end(Buffer.alloc(300_000, 7)))
    const end = new RecordedConnection()
    const connection = await createTcp({ host: '127.0.0.1', port }).open(end)
    expect((await end.untilClosed()).kind).toBe('remote')
    expect(end.receivedBytes).toBe(300_000)
    await connection.close()
  })

  test('sends what was written before it was closed', async () => {
    let received = 0
    const arrived = new Promise<number>((resolve) => {
      void listening((socket) => {
        socket.on('data', ({ length }) => {
          received += length
        })
        socket.on('close', () => resolve(received))
      }).then(async (port) => {
        const connection = await createTcp({ host: '127.0.0.1', port }).open(new RecordedConnection())
        connection.write(new Uint8Array(50_000))
        await connection.close()
      })
    })
    expect(await arrived).toBe(50_000)
  })

  test('writes parts in order between other writes, and holds them all when the system takes no more', async () => {
    let received = 0
    const digest = createHash('sha256')
    const sockets: Socket[] = []
    const port = await listening((socket) => {
      sockets.push(socket.pause())
      socket.on('data', (bytes) => {
        received += bytes.length
        digest.update(bytes)
      })
    })
    const end = new RecordedConnection()
    const connection = await createTcp({ host: '127.0.0.1', port }).open(end)
    cleanUps.push(() => connection.close())
    const parts = [1, 4096, 7, 65_536, 0, 300_000].map((size, at) => new Uint8Array(size).fill(at + 1))
    const expected = createHash('sha256')
    let written = 0
    const write = (pieces: readonly Uint8Array[], send: () => void): void => {
      for (const piece of pieces) expected.update(piece)
      written += pieces.reduce((sum, piece) => sum + piece.length, 0)
      send()
    }
    while (connection.canWrite) {
      write(parts, () => connection.writeAll!(parts))
      write([parts[1]!], () => connection.write(parts[1]!))
    }
    expect(connection.unsentBytes).toBeGreaterThan(0)
    await vi.waitFor(() => expect(sockets).toHaveLength(1))
    sockets[0]!.resume()
    await vi.waitFor(() => expect(received).toBe(written), 5000)
    expect(digest.digest('hex')).toBe(expected.digest('hex'))
    expect([connection.canWrite, connection.unsentBytes]).toEqual([true, 0])
    await connection.close()
    connection.writeAll!(parts)
    expect(connection.unsentBytes).toBe(0)
  })

  test('closes although the peer reads nothing and never ends', async () => {
    const sockets: Socket[] = []
    const port = await listening((socket) => {
      sockets.push(socket.pause())
      socket.on('error', () => undefined)
    })
    cleanUps.push(() => sockets.map((socket) => socket.destroy()))
    const end = new RecordedConnection()
    const connection = await createTcp({ host: '127.0.0.1', port }).open(end)
    while (connection.canWrite) connection.write(new Uint8Array(65_536))
    await connection.close()
    expect(end.closes).toMatchObject([{ kind: 'local' }])
  })

  test('names the peer with brackets around an IPv6 address', () => {
    expect(hostPort({ host: '::1', port: 80 })).toBe('[::1]:80')
    expect(hostPort({ host: 'board', port: 80 })).toBe('board:80')
  })
})

describe('a TCP listener', () => {
  const cleanUps: (() => unknown)[] = []
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
  })

  const listen = async (
    accept: (connection: Connection) => RecordedConnection = () => new RecordedConnection(),
    port = 0,
  ): Promise<{ listener: Listener; port: number }> => {
    const listener = await createTcpListen({ host: '127.0.0.1', port }).listen(accept)
    cleanUps.push(() => listener.close())
    return { listener, port: Number(/:(\d+)$/.exec(listener.url)?.[1]) }
  }

  test('puts the real port into its address where 0 was asked', async () => {
    const { listener, port } = await listen()
    expect(listener.url).toBe(`tcp-listen://127.0.0.1:${port}`)
    expect(port).toBeGreaterThan(0)
  })

  test('binds the given host only', async () => {
    const { port } = await listen()
    // The port stays free on the other addresses of this computer.
    const host = process.platform === 'linux' ? '127.0.0.2' : '::1'
    const other = await createTcpListen({ host, port }).listen(() => new RecordedConnection())
    await other.close()
  })

  test('refuses a port that is taken and an address that is not ours', async () => {
    const { port } = await listen()
    await expect(listen(undefined, port)).rejects.toMatchObject({ code: 'LINK_ADDRESS_IN_USE' })
    const foreign = createTcpListen({ host: '192.0.2.1', port: 0 })
    await expect(foreign.listen(() => new RecordedConnection())).rejects.toMatchObject({
      code: 'LINK_ADDRESS_FORBIDDEN',
    })
  })

  test('serves several peers apart, and closing it ends them all', async () => {
    const ends: RecordedConnection[] = []
    let allThere: () => void
    const there = new Promise<void>((resolve) => {
      allThere = resolve
    })
    const { listener, port } = await listen((connection) => {
      const end = new RecordedConnection()
      ends.push(end)
      connection.write(Uint8Array.of(ends.length))
      if (ends.length === 3) allThere()
      return end
    })
    const peers = await Promise.all(
      [0, 1, 2].map(async () => {
        const end = new RecordedConnection()
        await createTcp({ host: '127.0.0.1', port }).open(end)
        return end
      }),
    )
    await there
    await Promise.all(peers.map((peer) => peer.untilReceived(1)))
    expect(peers.map((peer) => peer.received[0]!).sort()).toEqual([1, 2, 3])
    await listener.close()
    expect(ends.map(({ closes }) => closes[0]?.kind)).toEqual(['local', 'local', 'local'])
    expect(await Promise.all(peers.map(async (peer) => (await peer.untilClosed()).kind))).toEqual([
      'remote',
      'remote',
      'remote',
    ])
    await expect(createTcp({ host: '127.0.0.1', port }).open(new RecordedConnection())).rejects.toMatchObject(
      {
        code: 'LINK_REFUSED',
      },
    )
  })

  test('a peer that is turned away while it is accepted hears it, and the owner once', async () => {
    const end = new RecordedConnection()
    const { port } = await listen((connection) => {
      void connection.close()
      return end
    })
    const socket = connect({ host: '127.0.0.1', port })
    socket.resume()
    await new Promise((resolve) => socket.once('close', resolve))
    expect(end.closes).toMatchObject([{ kind: 'local' }])
    expect(end.afterClose).toEqual([])
  })
})
