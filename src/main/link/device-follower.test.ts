import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { utf8 } from '../../shared/bytes'
import type { LinkStateEvent } from '../../shared/model/trace'
import type { PortInfo } from '../../shared/model/views'
import { listedPort } from '../../testing/listed-port'
import { openPty, type Pty } from '../../testing/pty'
import { VirtualClock } from '../../testing/virtual-clock'
import { createMemoryNetwork, type MemoryNetwork } from '../transport/memory'
import { seededRandom } from '../transport/seeded-random'
import { SystemClock } from '../transport/system-clock'
import { transportFor } from '../simulator/transport-for'
import { Links } from './links'
import { PortWatch } from './port-watch'

/** Boards on ports: each path leads to the board that is plugged in there. */
class Bench {
  readonly clock = new VirtualClock()
  readonly boards = new Map<string, { network: MemoryNetwork; port: PortInfo; heard: Uint8Array[] }>()
  readonly states: LinkStateEvent[] = []
  readonly opened: string[] = []
  readonly watch = new PortWatch({
    clock: this.clock,
    list: () => Promise.resolve([...this.boards.values()].map(({ port }) => port)),
    realPath: (path) => Promise.resolve(path),
  })
  readonly links = new Links({
    clock: this.clock,
    random: seededRandom(1),
    directory: this.watch,
    transportFor: (address) => {
      if (address.scheme !== 'serial') throw new Error('serial only')
      const { path } = address
      return {
        open: (handlers, signal) => {
          this.opened.push(path)
          const network = this.boards.get(path)?.network ?? createMemoryNetwork()
          return network.transport.open(handlers, signal)
        },
      }
    },
    onTrace: (event) => {
      if (event.type === 'link-state') this.states.push(event)
    },
  })

  plugIn(path: string, serialNumber: string): Uint8Array[] {
    const network = createMemoryNetwork()
    const heard: Uint8Array[] = []
    void network.listening.listen(() => ({
      onBytes: (bytes) => heard.push(bytes),
      onWritable: () => {},
      onClosed: () => {},
    }))
    this.boards.set(path, { network, heard, port: listedPort(path, serialNumber) })
    return heard
  }

  unplug(path: string): void {
    const board = this.boards.get(path)
    this.boards.delete(path)
    board?.network.cut()
  }

  pass(ms: number): Promise<void> {
    return this.clock.advanceToAsync(this.clock.nowMs() + ms)
  }
}

describe('a serial link', () => {
  let bench: Bench
  beforeEach(() => {
    bench = new Bench()
  })
  afterEach(() => bench.links.closeAll())

  const connected = async () => {
    bench.plugIn('/dev/ttyACM0', 'A')
    const handle = bench.links.openLink('serial:/dev/ttyACM0?dialect=raw')
    await bench.pass(1)
    expect(handle.phase).toBe('connected')
    return { handle, link: handle.link! }
  }

  test('learns which device it is when it opens', async () => {
    const { link } = await connected()
    expect([link.identity, link.otherDevice]).toEqual(['usb:0483:374b:A:02', null])
  })

  test('finds the same board on another port, within half a second after it is back, and says so', async () => {
    const { handle, link } = await connected()
    bench.unplug('/dev/ttyACM0')
    await bench.pass(60_000)
    expect(handle.phase).toBe('waiting')
    expect(handle.problem).toMatchObject({
      code: 'PORT_MISSING',
      message: 'Board A is unplugged: waiting for the same board',
    })
    const heard = bench.plugIn('/dev/ttyACM7', 'A')
    await bench.pass(501)
    expect(handle.phase).toBe('connected')
    expect(bench.states.at(-1)?.detail).toContain('the same board, now on another port')
    link.send({ route: '', kind: 'bytes', body: utf8('hi') })
    await bench.pass(1)
    expect(heard).toEqual([utf8('hi')])
  })

  test('leaves a different board on its port alone until a person takes it', async () => {
    const { handle, link } = await connected()
    bench.unplug('/dev/ttyACM0')
    const heard = bench.plugIn('/dev/ttyACM0', 'B')
    const opens = bench.opened.length
    await bench.pass(60_000)
    expect(handle.phase).toBe('waiting')
    expect(handle.problem).toMatchObject({
      code: 'PORT_OTHER_DEVICE',
      message: 'This is a different board (serial B) on /dev/ttyACM0',
    })
    expect(link.otherDevice).toEqual({ title: 'Board B', identity: 'usb:0483:374b:B:02' })
    expect(bench.opened.length).toBe(opens) // its port was not even opened: that alone may reset a board
    expect(link.acceptDevice()).toBe(true)
    await bench.pass(1)
    expect([handle.phase, link.identity, link.otherDevice]).toEqual(['connected', 'usb:0483:374b:B:02', null])
    link.send({ route: '', kind: 'bytes', body: utf8('B') })
    await bench.pass(1)
    expect(heard).toEqual([utf8('B')])
    expect(link.acceptDevice()).toBe(false)
  })

  test('takes its own board when that comes back although a different one is on its port', async () => {
    const { handle, link } = await connected()
    bench.unplug('/dev/ttyACM0')
    bench.plugIn('/dev/ttyACM0', 'B')
    await bench.pass(3000)
    bench.plugIn('/dev/ttyACM1', 'A')
    await bench.pass(501)
    expect([handle.phase, link.identity, link.otherDevice]).toEqual(['connected', 'usb:0483:374b:A:02', null])
    expect(bench.opened.at(-1)).toBe('/dev/ttyACM1')
  })

  test('that a person closes and opens anew takes whatever is there', async () => {
    const { handle, link } = await connected()
    await link.close()
    bench.unplug('/dev/ttyACM0')
    bench.plugIn('/dev/ttyACM0', 'B')
    link.open()
    await bench.pass(1)
    expect([handle.phase, link.identity]).toEqual(['connected', 'usb:0483:374b:B:02'])
  })

  test('with reconnect=no stays closed', async () => {
    bench.plugIn('/dev/ttyACM0', 'A')
    const handle = bench.links.openLink('serial:/dev/ttyACM0?dialect=raw&reconnect=no')
    await bench.pass(1)
    bench.unplug('/dev/ttyACM0')
    bench.plugIn('/dev/ttyACM0', 'A')
    await bench.pass(60_000)
    expect(handle.phase).toBe('closed')
    expect(bench.states.map(({ phase }) => phase)).toEqual(['opening', 'connected', 'interrupted', 'closed'])
  })
})

test('a port that the system does not list is its own identity, and comes back under its path', async () => {
  const clock = new SystemClock()
  const pty: Pty = await openPty()
  const states: LinkStateEvent[] = []
  let heard = (): void => {}
  const links = new Links({
    clock,
    random: seededRandom(1),
    directory: new PortWatch({ clock, list: () => Promise.resolve([]) }),
    transportFor: (address) => transportFor(address, clock),
    onTrace: (event) => {
      if (event.type === 'link-state') states.push(event)
      heard()
    },
  })
  const phase = (wanted: string): Promise<void> =>
    new Promise((resolve) => {
      heard = () => {
        if (handle.phase === wanted) resolve()
      }
      heard()
    })
  const handle = links.openLink(`serial:${pty.path}?dialect=raw`)
  await phase('connected')
  expect(handle.link?.identity).toBe(`name:${pty.path}`)
  await pty.unplug()
  await phase('waiting')
  await pty.replug()
  await phase('connected')
  await expect(handle.link?.pulse([])).rejects.toMatchObject({ code: 'LINE_CONTROL_UNSUPPORTED' })
  expect([handle.phase, handle.link?.lines]).toEqual(['connected', null])
  await links.closeAll()
  await pty.close()
})
