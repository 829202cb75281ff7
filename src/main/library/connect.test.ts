import { connect as dial, createServer, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { afterEach, describe, expect, test } from 'vitest'
import {
  connect,
  createEndpoint,
  customTransport,
  lenientUtf8,
  type Link,
  listen,
  type Listening,
} from '../library'

const closing: { close(): unknown }[] = []
afterEach(async () => {
  for (const each of closing.splice(0).reverse()) await each.close()
})
const kept = <T extends { close(): unknown }>(each: T): T => {
  closing.push(each)
  return each
}

async function echoServer(): Promise<Listening> {
  return kept(
    await listen('tcp-listen://127.0.0.1:0', {
      endpoint: createEndpoint().request('echo', ({ body }) => body),
    }),
  )
}

const until = async (isMet: () => boolean): Promise<void> => {
  while (!isMet()) await new Promise((resolve) => setImmediate(resolve))
}

describe('connect', () => {
  test.each([
    ['tcp://127.0.0.1:1?dialect=morse', 'DIALECT_UNKNOWN'],
    ['tcp://127.0.0.1', 'URL_INVALID'],
    ['tcp-listen://127.0.0.1:0', 'OPTION_INVALID'],
    ['sim:toaster', 'DEVICE_UNKNOWN'],
  ])('refuses %s with %s', async (target, code) => {
    await expect(connect(target)).rejects.toMatchObject({ code })
  })

  test('leaves nothing behind where nobody listens: no link, no pipe of the endpoint', async () => {
    const server = await echoServer()
    await server.close()
    const endpoint = createEndpoint()
    await expect(connect(server.peerUrl, { endpoint })).rejects.toMatchObject({ code: 'LINK_REFUSED' })
    expect(endpoint.pipes).toEqual([])
  })

  test('gives up when its signal aborts', async () => {
    const endpoint = createEndpoint()
    const abort = new AbortController()
    const never = customTransport(() => new Promise(() => undefined))
    const connecting = connect(never, { endpoint, signal: abort.signal })
    abort.abort(new Error('enough'))
    await expect(connecting).rejects.toThrow('enough')
    expect(endpoint.pipes).toEqual([])
  })

  test('takes what the options say over what the address says', async () => {
    const server = await echoServer()
    const link = kept(await connect(server.peerUrl, { name: 'bench', chunkBytes: 512 }))
    expect([link.address.name, link.chunkBytes]).toEqual(['bench', 512])
  })

  test('opens again after a loss when it is asked to, over a transport of ones own too', async () => {
    const sockets: Socket[] = []
    const server = createServer((socket) => sockets.push(socket.on('error', () => undefined)))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    kept({ close: () => server.close() })
    const { port } = server.address() as { port: number }
    let opened = 0
    const transport = customTransport(async () => {
      opened += 1
      const socket = dial(port, '127.0.0.1')
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
      return {
        readable: socket,
        write: (bytes) => void socket.write(bytes),
        close: () => void socket.destroy(),
      }
    })
    const link = kept(await connect(transport, { reconnect: { firstDelayMs: 1 } }))
    await until(() => sockets.length === 1)
    sockets[0]!.destroy()
    await until(() => link.phase !== 'connected')
    await until(() => link.phase === 'connected')
    expect(opened).toBe(2)
    sockets.forEach((socket) => socket.destroy())
  })

  test('lets chunks follow the speed of a line of ones own, and searches through its damage', async () => {
    const [there, back] = [new PassThrough(), new PassThrough()]
    const line = { lineRate: { baud: 115_200, bitsPerByte: 10 }, isLossy: true, name: 'radio' }
    const near = customTransport(() => ({ readable: back, write: (bytes) => void there.write(bytes) }), line)
    const far = customTransport(() => ({ readable: there, write: (bytes) => void back.write(bytes) }), line)
    const codes: string[] = []
    const device = createEndpoint().request('echo', ({ body }) => body)
    const endpoint = createEndpoint()
    const links: Link[] = await Promise.all([
      connect(near, { endpoint, chunkBytes: 256 }),
      connect(far, {
        endpoint: device,
        onTrace: (event) => {
          if (event.type === 'fault') codes.push(event.code)
        },
      }),
    ])
    links.forEach(kept)
    expect(endpoint.pipes).toEqual(['radio'])
    expect(links[1]!.chunkBytes).toBeLessThan(512) // 25 ms of line time, not 4096 bytes
    there.write('noise on the line')
    const { body } = await endpoint.send('echo', new TextEncoder().encode('still here'))
    expect(lenientUtf8(body)).toBe('still here')
    expect(codes.at(-1)).toBe('LSO_RESYNCED')
  })
})

describe('listen', () => {
  test('refuses an address to connect to', async () => {
    await expect(listen('tcp://127.0.0.1:1')).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  })

  test('tells of its peers as they come, and hangs up on them when it is closed', async () => {
    const peers: Link[] = []
    const server = await listen('tcp-listen://127.0.0.1:0', { onPeer: (link) => peers.push(link) })
    expect(server.url).toMatch(/^tcp-listen:\/\/127\.0\.0\.1:[1-9]\d+$/)
    const link = kept(await connect(server.peerUrl))
    await until(() => server.peers.length === 1)
    expect(server.peers).toEqual(peers)
    await server.close()
    await until(() => link.phase === 'closed')
    expect(server.peers).toEqual([])
  })

  test('says when its address is taken', async () => {
    const { url } = await echoServer()
    await expect(listen(url)).rejects.toMatchObject({ code: 'LINK_ADDRESS_IN_USE' })
  })
})
