import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { ByteChannel } from '../../../shared/contract/envelope'
import { CONNECT_REQUEST, PORT_MESSAGE } from '../../../shared/contract/host-api'
import { PAGE_URL } from './app-scheme'
import { PortChannel, type PortParts, servePorts } from './ipc-port'

class Port extends EventEmitter {
  readonly posted: unknown[] = []
  isStarted = false
  isClosed = false
  postMessage(message: unknown): void {
    this.posted.push(message)
  }
  start(): void {
    this.isStarted = true
  }
  close(): void {
    this.isClosed = true
  }
}

describe('channels for pages', () => {
  function serve() {
    const channels: ByteChannel[] = []
    const ports: Port[] = []
    let asked: ((event: never) => unknown) | undefined
    const parts = {
      ipcMain: {
        handle: (name: string, listener: (event: never) => unknown) => {
          expect(name).toBe(CONNECT_REQUEST)
          asked = listener
        },
      },
      createPorts: () => {
        ports.push(new Port(), new Port())
        return { port1: ports[0], port2: ports[1] }
      },
    }
    servePorts(parts as unknown as PortParts, (channel) => channels.push(channel))
    const ask = (senderFrame: object | null): unknown => asked?.({ senderFrame } as never)
    return { ask, channels, ports }
  }

  test('our main frame gets a port, and the core the other end', () => {
    const { ask, channels, ports } = serve()
    const given: unknown[] = []
    const frame = { parent: null, url: PAGE_URL, postMessage: (...args: unknown[]) => given.push(args) }
    expect(ask(frame)).toEqual({ ok: true })
    expect(given).toEqual([[PORT_MESSAGE, null, [ports[1]]]])
    expect(channels).toHaveLength(1)
  })

  test.each([
    ['a frame that is gone', null],
    ['a sub-frame', { parent: { parent: null, url: PAGE_URL }, url: PAGE_URL }],
    ['a foreign page', { parent: null, url: 'https://evil.example/' }],
    ['our scheme on another host', { parent: null, url: 'app://evil/index.html' }],
  ])('%s gets IPC_UNTRUSTED and no port is made', (_, frame) => {
    const { ask, channels, ports } = serve()
    expect(ask(frame)).toMatchObject({ ok: false, error: { code: 'IPC_UNTRUSTED' } })
    expect([channels, ports]).toEqual([[], []])
  })
})

describe('port channel', () => {
  test('sends plain byte arrays without the memory around them', () => {
    const port = new Port()
    new PortChannel(port).send(Buffer.from('abcdef').subarray(2, 4))
    const sent = port.posted[0] as Uint8Array
    expect(sent.constructor).toBe(Uint8Array)
    expect([...sent]).toEqual([99, 100])
    expect(sent.buffer.byteLength).toBe(2)
  })

  test('receives bytes from the moment somebody listens', () => {
    const port = new Port()
    const channel = new PortChannel(port)
    expect(port.isStarted).toBe(false)
    const received: Uint8Array[] = []
    channel.onFrame((frame) => received.push(frame))
    expect(port.isStarted).toBe(true)
    port.emit('message', { data: Uint8Array.of(1) })
    expect(received).toEqual([Uint8Array.of(1)])
  })

  test.each([
    ['a text, the goodbye of the page', 'closed by the page', 'closed by the page'],
    ['anything else', { t: 'call' }, 'CONTRACT_BAD_FRAME'],
  ])('%s ends the channel', (_, data, wanted) => {
    const port = new Port()
    const channel = new PortChannel(port)
    const received: unknown[] = []
    const reasons: string[] = []
    channel.onFrame((frame) => received.push(frame))
    channel.onClosed((reason) => reasons.push(reason))
    port.emit('message', { data })
    port.emit('message', { data: Uint8Array.of(1) })
    expect(port.isClosed).toBe(true)
    expect(received).toEqual([])
    expect(reasons).toEqual([wanted])
  })

  test('says why before it closes', () => {
    const port = new Port()
    new PortChannel(port).close('CONTRACT_BAD_FRAME')
    expect(port.posted).toEqual(['CONTRACT_BAD_FRAME'])
    expect(port.isClosed).toBe(true)
  })

  test('tells its end once, also to a listener that comes late, and sends nothing after', async () => {
    const port = new Port()
    const channel = new PortChannel(port)
    const reasons: string[] = []
    port.emit('close')
    channel.onClosed((reason) => reasons.push(reason))
    await Promise.resolve()
    channel.close()
    channel.send(Uint8Array.of(1))
    expect(reasons).toEqual(['the page closed the port'])
    expect(port.posted).toEqual([])
  })
})
