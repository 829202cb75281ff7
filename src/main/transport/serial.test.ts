import { EventEmitter } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { openPty, openPtyPair } from '../../testing/pty'
import { RecordedConnection } from '../../testing/recorded-connection'
import { randomBytes, seededRandom } from './seeded-random'
import { createSerial, type DriverPort, type SerialOptions } from './serial'

const EIGHT_N_ONE = { dataBits: 8, parity: 'none', stopBits: 1 } as const
const settings = (path: string, baud = 115_200) => ({ path, baud, framing: EIGHT_N_ONE })

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

describe('a serial port over a pseudo-terminal', () => {
  const pty = async () => {
    const opened = await openPty()
    cleanUps.push(() => opened.close())
    return opened
  }
  const open = async (path: string, options?: SerialOptions) => {
    const end = new RecordedConnection()
    const connection = await createSerial(settings(path), options).open(end)
    cleanUps.push(() => connection.close())
    return { connection, end }
  }

  test('that is open already is busy, and the message names who holds it', async () => {
    const { path } = await pty()
    await open(path)
    await expect(open(path)).rejects.toMatchObject({
      code: 'PORT_BUSY',
      message: expect.stringContaining(process.platform === 'linux' ? 'by this program' : 'in use'),
    })
  })

  test('can be opened again right after it was closed, many times', async () => {
    const { path } = await pty()
    for (let at = 0; at < 20; at++) {
      const { connection } = await open(path)
      await connection.close()
    }
  })

  test('that is no serial port is refused', async () => {
    await expect(open('/dev/null')).rejects.toMatchObject({ code: 'PORT_MISSING' })
  })

  test('knows how long a byte takes', async () => {
    const { path } = await pty()
    const framing = { dataBits: 7, parity: 'even', stopBits: 2 } as const
    const connection = await createSerial({ path, baud: 9600, framing }).open(new RecordedConnection())
    expect(connection.lineRate).toEqual({ baud: 9600, bitsPerByte: 11 })
    await connection.close()
  })

  test('that comes back under the same path works again and never gets bytes of before', async () => {
    const device = await pty()
    for (let turn = 0; turn < 10; turn++) {
      const { connection, end } = await open(device.path)
      await device.unplug()
      expect(await end.untilClosed()).toMatchObject({ kind: 'lost', code: 'PORT_LOST' })
      connection.write(Uint8Array.of(0xee))
      await expect(open(device.path)).rejects.toMatchObject({ code: 'PORT_MISSING' })
      await device.replug()
      const again = await open(device.path)
      const heard = new Promise<Uint8Array>((resolve) => device.master.once('data', resolve))
      again.connection.write(Uint8Array.of(turn))
      expect([...(await heard)]).toEqual([turn])
      await again.connection.close()
    }
  })

  test('is noticed as gone by its path alone, should the driver say nothing', async () => {
    const { path } = await pty()
    let isThere = true
    const { end } = await open(path, {
      watchMs: 5,
      identify: () => Promise.resolve(isThere ? 'it' : undefined),
    })
    isThere = false
    expect(await end.untilClosed()).toMatchObject({ kind: 'lost', detail: `${path}: the device is gone` })
  })

  test('is noticed as replaced when another device took its path', async () => {
    const { path } = await pty()
    let device = 'first'
    const { end } = await open(path, { watchMs: 5, identify: () => Promise.resolve(device) })
    device = 'second'
    expect(await end.untilClosed()).toMatchObject({
      kind: 'lost',
      detail: `${path}: another device took this path`,
    })
  })

  test('carries floods in both directions between two ports of a cable', async () => {
    const pair = await openPtyPair()
    cleanUps.push(() => pair.close())
    const a = await open(pair.pathA)
    const b = await open(pair.pathB)
    const bytes = randomBytes(seededRandom(1), 1 << 20)
    for (let at = 0; at < bytes.length; at += 4096) {
      a.connection.write(bytes.slice(at, at + 4096))
      b.connection.write(bytes.slice(at, at + 4096))
    }
    await Promise.all([a.end.untilReceived(bytes.length), b.end.untilReceived(bytes.length)])
    expect(Buffer.compare(a.end.received, bytes)).toBe(0)
    expect(Buffer.compare(b.end.received, bytes)).toBe(0)
    await pair.unplug()
    expect([await a.end.untilClosed(), await b.end.untilClosed()]).toMatchObject([
      { kind: 'lost' },
      { kind: 'lost' },
    ])
  })
})

describe('a serial port over a driver that misbehaves', () => {
  const openOn = async (port: FakePort, baud = 115_200, options: SerialOptions = {}) => {
    const end = new RecordedConnection()
    const connection = await createSerial(settings('/dev/fake', baud), {
      createPort: () => port,
      identify: () => Promise.resolve('it'),
      ...options,
    }).open(end)
    cleanUps.push(() => {
      port.letWritesPass()
      return connection.close()
    })
    return { connection, end }
  }

  test('hands over pieces of about 20 ms of line time, so that unsentBytes follows the line', async () => {
    const port = new FakePort()
    const { connection } = await openOn(port, 115_200)
    connection.write(new Uint8Array(1000))
    const sizes: number[] = []
    while (connection.unsentBytes > 0) {
      sizes.push(port.pending!.bytes.length)
      const before = connection.unsentBytes
      port.finishWrite()
      expect(before - connection.unsentBytes).toBe(sizes.at(-1))
    }
    expect(sizes).toEqual([256, 256, 256, 232])
  })

  test('stops the writer at 4096 waiting bytes and wakes it once at half of them', async () => {
    const port = new FakePort()
    const { connection, end } = await openOn(port)
    let written = 0
    while (connection.canWrite) {
      connection.write(new Uint8Array(100))
      written += 100
    }
    expect([written, connection.unsentBytes]).toEqual([4100, 4100])
    while (connection.unsentBytes > 2048 + 256) port.finishWrite()
    expect([connection.canWrite, end.writableCount]).toEqual([false, 0])
    port.finishWrite()
    expect([connection.canWrite, end.writableCount]).toEqual([true, 1])
    port.letWritesPass()
    expect([connection.unsentBytes, end.writableCount]).toEqual([0, 1])
  })

  test('asks the driver whether it has drained only when it has taken everything', async () => {
    const port = new FakePort()
    port.drains = false
    const { connection } = await openOn(port)
    connection.write(new Uint8Array(300))
    let isDrained = false
    const drained = connection.drained!().then(() => {
      isDrained = true
    })
    port.finishWrite()
    expect(port.calls).toEqual(['open', 'write', 'write'])
    port.finishWrite()
    expect(port.calls).toEqual(['open', 'write', 'write', 'drain'])
    await Promise.resolve()
    expect(isDrained).toBe(false)
    port.finishDrain()
    await drained
  })

  test('says that it has drained when it ends, whatever the driver says', async () => {
    const port = new FakePort()
    port.drains = false
    const { connection } = await openOn(port)
    connection.write(new Uint8Array(300))
    const behindWrite = connection.drained!()
    port.finishWrite()
    port.finishWrite()
    const behindDrain = connection.drained!()
    port.emit('error', new Error('unplugged'))
    await Promise.all([behindWrite, behindDrain, connection.drained!()])
  })

  test('gets a push when it missed that the port is writable', async () => {
    const port = new FakePort()
    const { connection, end } = await openOn(port)
    const pushed = port.whenPolled('writable').then(() => port.finishWrite())
    connection.write(Uint8Array.of(1))
    await pushed
    expect([connection.unsentBytes, end.closes]).toEqual([0, []])
  })

  test('gets a push when it missed that bytes arrived', async () => {
    const port = new FakePort()
    const { end } = await openOn(port, 115_200, { watchMs: 5 })
    await port.whenPolled('readable')
    port.emit('data', Buffer.of(9))
    expect([...end.received]).toEqual([9])
  })

  test('a failed write is the end of the connection', async () => {
    const port = new FakePort()
    const { connection, end } = await openOn(port)
    connection.write(Uint8Array.of(1))
    port.finishWrite(new Error('EIO: i/o error, write'))
    expect(end.closes).toMatchObject([{ kind: 'lost', code: 'PORT_LOST' }])
    expect(end.closes[0]!.detail).toContain('EIO')
    expect([port.isOpen, connection.unsentBytes]).toEqual([false, 0])
  })

  test('bytes stuck behind flow control are discarded on closing instead of holding the port', async () => {
    const port = new FakePort()
    port.drains = false
    const { connection, end } = await openOn(port)
    connection.write(new Uint8Array(10))
    await connection.close()
    expect([port.calls, port.isOpen]).toEqual([['open', 'write', 'drain', 'flush', 'close'], false])
    expect(end.closes).toMatchObject([{ kind: 'local' }])
  })

  test('a port that opens after it was given up is closed again', async () => {
    const port = new FakePort()
    port.opens = false
    const abort = new AbortController()
    const end = new RecordedConnection()
    const opening = createSerial(settings('/dev/fake'), { createPort: () => port }).open(end, abort.signal)
    abort.abort()
    await expect(opening).rejects.toMatchObject({ code: 'LINK_OPEN_CANCELLED' })
    port.finishOpen()
    expect([port.isOpen, port.calls]).toEqual([false, ['open', 'close']])
  })

  test('a port that never opens is given up after the open timeout', async () => {
    const port = new FakePort()
    port.opens = false
    const opening = createSerial(settings('/dev/fake'), { createPort: () => port, openTimeoutMs: 20 }).open(
      new RecordedConnection(),
    )
    await expect(opening).rejects.toMatchObject({ code: 'LINK_OPEN_TIMEOUT' })
    port.finishOpen()
    expect(port.isOpen).toBe(false)
  })

  test('settings that the driver refuses when it is made are a bad setting', async () => {
    const opening = createSerial(settings('/dev/fake'), {
      createPort: () => {
        throw new TypeError('"baudRate" must be a number: fast')
      },
    }).open(new RecordedConnection())
    await expect(opening).rejects.toMatchObject({ code: 'PORT_BAD_SETTING' })
  })

  test('a driver that reports its error and then its end tells the owner once', async () => {
    const port = new FakePort()
    const { connection, end } = await openOn(port)
    port.emit('error', new Error('first'))
    port.emit('close', new Error('second'))
    port.emit('data', Buffer.of(1))
    await connection.close()
    expect(end.closes).toMatchObject([{ kind: 'lost', detail: '/dev/fake: first' }])
    expect(end.afterClose).toEqual([])
  })
})

/** A driver in the hands of the test: nothing proceeds by itself. */
class FakePort extends EventEmitter implements DriverPort {
  isOpen = false
  opens = true
  drains = true
  readonly calls: string[] = []
  pending: { bytes: Uint8Array; done: (error: Error | null | undefined) => void } | undefined
  #drainDone: ((error: Error | null) => void) | undefined
  #openDone: ((error: Error | null) => void) | undefined
  #polled: { flag: number; resolve: () => void }[] = []
  #writesPass = false
  readonly port = {
    poller: {
      listenerCount: (event: string) => (event === 'writable' && this.pending === undefined ? 0 : 1),
      poll: (events: number) => {
        for (const { flag, resolve } of this.#polled) if ((events & flag) !== 0) resolve()
      },
    },
  }

  open(done: (error: Error | null) => void): void {
    this.calls.push('open')
    this.#openDone = done
    if (this.opens) this.finishOpen()
  }

  finishOpen(): void {
    this.isOpen = true
    this.#openDone?.(null)
  }

  close(done: (error: Error | null) => void): void {
    this.calls.push('close')
    this.isOpen = false
    done(null)
  }

  write(bytes: Uint8Array, _encoding: undefined, done: (error: Error | null | undefined) => void): boolean {
    this.calls.push('write')
    this.pending = { bytes, done }
    if (this.#writesPass) this.finishWrite()
    return true
  }

  finishWrite(error?: Error): void {
    const { done } = this.pending!
    this.pending = undefined
    done(error)
  }

  letWritesPass(): void {
    this.#writesPass = true
    if (this.pending !== undefined) this.finishWrite()
  }

  drain(done: (error: Error | null) => void): void {
    this.calls.push('drain')
    if (this.drains) done(null)
    else this.#drainDone = done
  }

  finishDrain(): void {
    this.#drainDone!(null)
  }

  flush(done: (error: Error | null) => void): void {
    this.calls.push('flush')
    done(null)
  }

  set(_flags: unknown, done: (error: Error | null) => void): void {
    done(new Error('Inappropriate ioctl for device, cannot set'))
  }

  get(done: (error: Error | null) => void): void {
    done(new Error('Inappropriate ioctl for device, cannot get'))
  }

  whenPolled(event: 'readable' | 'writable'): Promise<void> {
    return new Promise((resolve) => this.#polled.push({ flag: event === 'readable' ? 1 : 2, resolve }))
  }
}
