import { connect, createServer, type Server, type Socket } from 'node:net'
import { Duplex, PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { utf8 } from '../../shared/bytes'
import { RecordedConnection } from '../../testing/recorded-connection'
import { type CustomOptions, type CustomStream, customTransport } from './custom'
import type { FarEnd } from './compliance-session'
import { duplexTransport } from './duplex'
import type { Transport } from './transport'
import { type ComplianceRig, describeTransport } from './transport-compliance'

const TRAITS = {
  isLossy: false,
  hasLineRate: false,
  lostCode: 'LINK_LOST',
  maxUnsentBytes: 65 * 1024,
  opens: 'in a while',
  tellsProperEnd: true,
  cycles: 200,
} as const

describeTransport('a custom transport', () => rig((port) => customTransport(openStream(port))), TRAITS)
describeTransport(
  'a custom transport over a lossy line',
  () =>
    rig((port) =>
      customTransport(openStream(port), { isLossy: true, lineRate: { baud: 9600, bitsPerByte: 10 } }),
    ),
  { ...TRAITS, isLossy: true, hasLineRate: true, cycles: 20 },
)
describeTransport(
  'a duplex stream',
  () => rig((port) => duplexTransport((signal) => dial(port, signal))),
  TRAITS,
)

function dial(port: number, signal?: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    signal?.addEventListener('abort', () => socket.destroy())
    socket.once('connect', () => resolve(socket)).once('error', reject)
  })
}

/** What an engineer writes who has something to read from and something to write to. */
const openStream =
  (port: number) =>
  async (signal: AbortSignal): Promise<CustomStream> => {
    const socket = await dial(port, signal)
    socket.on('error', () => undefined)
    return {
      readable: socket,
      write: (bytes) =>
        new Promise((resolve, reject) => {
          socket.write(bytes, (error) => (error ? reject(error) : resolve()))
        }),
      close: () => void socket.destroy(),
    }
  }

async function rig(make: (port: number) => Transport): Promise<ComplianceRig> {
  const server = createServer()
  const port = await listenOn(server)
  const spare = createServer()
  const unusedPort = await listenOn(spare)
  await new Promise((resolve) => spare.close(resolve))
  const transport = make(port)
  return {
    async connect(handlers) {
      const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve))
      const near = await transport.open(handlers)
      return { near, far: socketFarEnd(await accepted) }
    },
    openWrong: { open: (handlers) => make(unusedPort).open(handlers), code: 'LINK_UNREACHABLE' },
    open: (handlers, signal) => transport.open(handlers, signal),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

const listenOn = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(address !== null && typeof address === 'object' ? address.port : 0)
    })
  })

function socketFarEnd(socket: Socket): FarEnd {
  socket.on('error', () => undefined)
  return {
    write: (bytes) => void socket.write(bytes),
    onBytes: (listener) => void socket.on('data', listener),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    end: () => void socket.end(),
    cut: () => void socket.resetAndDestroy(),
    close: () =>
      new Promise((resolve) => {
        if (socket.closed) resolve()
        else socket.once('close', () => resolve()).destroy()
      }),
  }
}

/** A medium in memory, with what happened to it. */
class Medium implements CustomStream {
  readonly written: Uint8Array[] = []
  closes = 0
  #waiting: ((result: IteratorResult<Uint8Array>) => void) | undefined

  readonly readable: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise((resolve) => void (this.#waiting = resolve)),
    }),
  }

  write(bytes: Uint8Array): void | Promise<void> {
    this.written.push(bytes)
  }

  close(): void {
    this.closes += 1
    this.#waiting?.({ done: true, value: undefined })
  }

  async give(bytes: unknown): Promise<void> {
    while (this.#waiting === undefined) await new Promise((resolve) => setImmediate(resolve))
    this.#waiting({ done: false, value: bytes as Uint8Array })
    this.#waiting = undefined
  }
}

const open = async (medium: CustomStream, options?: CustomOptions) => {
  const handlers = new RecordedConnection()
  const near = await customTransport(() => medium, options).open(handlers)
  return { near, handlers }
}

describe('a custom transport', () => {
  test('tells what is known of its medium', async () => {
    const lineRate = { baud: 115_200, bitsPerByte: 10 }
    const { near } = await open(new Medium(), { name: 'can0', lineRate, isLossy: true })
    expect(near).toMatchObject({ peerName: 'can0', lineRate, isLossy: true, canWrite: true })
    await near.close()
  })

  test('closes its medium once, whoever ended the connection', async () => {
    const ours = new Medium()
    const { near } = await open(ours)
    await Promise.all([near.close(), near.close()])
    expect(ours.closes).toBe(1)
    const theirs = new Medium()
    const { near: lost, handlers } = await open(theirs)
    await theirs.give('text')
    expect(await handlers.untilClosed()).toMatchObject({
      kind: 'lost',
      code: 'LINK_LOST',
      detail: 'custom broke: it gave string, not bytes',
    })
    await lost.close()
    expect([theirs.closes, handlers.closes.length]).toEqual([1, 1])
  })

  test('is broken by a write that throws, and says why', async () => {
    const medium = new Medium()
    medium.write = () => {
      throw new Error('the bus is off')
    }
    const { near, handlers } = await open(medium)
    near.write(utf8('x'))
    expect(await handlers.untilClosed()).toMatchObject({
      kind: 'lost',
      detail: 'custom broke: the bus is off',
    })
    expect([near.unsentBytes, near.canWrite, medium.closes]).toEqual([0, false, 1])
  })

  test('writes one piece at a time, in order, while each is taken', async () => {
    const medium = new Medium()
    const taken: (() => void)[] = []
    medium.write = (bytes) => {
      medium.written.push(bytes)
      return new Promise((resolve) => taken.push(resolve))
    }
    const { near } = await open(medium)
    for (const text of ['a', 'bb', 'ccc']) near.write(utf8(text))
    expect([medium.written.length, near.unsentBytes]).toEqual([1, 6])
    taken[0]!()
    await new Promise((resolve) => setImmediate(resolve))
    expect([medium.written.length, near.unsentBytes]).toEqual([2, 5])
    for (let piece = 1; piece < 3; piece++) {
      taken[piece]!()
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(medium.written).toEqual([utf8('a'), utf8('bb'), utf8('ccc')])
    await near.close()
  })

  test('lets the last bytes leave when it is closed', async () => {
    const medium = new Medium()
    let take: () => void = () => undefined
    medium.write = (bytes) => {
      medium.written.push(bytes)
      return new Promise((resolve) => void (take = resolve))
    }
    const { near } = await open(medium)
    near.write(utf8('good'))
    near.write(utf8('bye'))
    const closed = near.close()
    take()
    await new Promise((resolve) => setImmediate(resolve))
    expect([medium.written, medium.closes]).toEqual([[utf8('good'), utf8('bye')], 0])
    take()
    await closed
    expect(medium.closes).toBe(1)
  })

  test('is not held up by a medium that never takes the last bytes, nor by one that fails to close', async () => {
    const medium = new Medium()
    medium.write = () => new Promise(() => undefined)
    medium.close = () => {
      throw new Error('stuck')
    }
    const { near, handlers } = await open(medium)
    near.write(utf8('x'))
    await near.close()
    expect(handlers.closes).toMatchObject([{ kind: 'local' }])
  })

  test('lets go of a medium that opened too late', async () => {
    const medium = new Medium()
    let opened: (stream: CustomStream) => void = () => undefined
    const transport = customTransport(() => new Promise((resolve) => void (opened = resolve)), {
      openTimeoutMs: 5,
    })
    await expect(transport.open(new RecordedConnection())).rejects.toMatchObject({
      code: 'LINK_OPEN_TIMEOUT',
    })
    opened(medium)
    await new Promise((resolve) => setImmediate(resolve))
    expect(medium.closes).toBe(1)
  })
})

describe('a duplex stream', () => {
  test('of objects is refused', async () => {
    const transport = duplexTransport(() => new PassThrough({ objectMode: true }))
    await expect(transport.open(new RecordedConnection())).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  })

  test('that gives text is broken, and says why', async () => {
    const stream = new PassThrough()
    stream.setEncoding('utf8')
    const handlers = new RecordedConnection()
    await duplexTransport(() => stream, { name: 'pipe' }).open(handlers)
    stream.write('hello')
    expect(await handlers.untilClosed()).toMatchObject({
      kind: 'lost',
      detail: 'pipe broke: it gave string, not bytes',
    })
    expect(stream.destroyed).toBe(true)
  })

  test('that ended or broke before anybody listened is told all the same', async () => {
    const ended = new Duplex({ read: () => undefined, write: (_bytes, _encoding, done) => done() })
    ended.destroy()
    const handlers = new RecordedConnection()
    await duplexTransport(() => ended).open(handlers)
    expect(await handlers.untilClosed()).toMatchObject({ kind: 'lost' })
  })
})
