import { createServer, type Server, type Socket } from 'node:net'
import { concatBytes as concat, utf8 } from '../../src/shared/bytes'
import { lsoDialect } from '../../src/main/netcore/dialects'

/** What a device sends while the screen is watched (ux-design, load classes). */
export interface Load {
  readonly name: string
  readonly chunkBytes: number
  readonly chunksPerSecond: number
  /** Body of one message. Two messages are always on their way at once, chunk by chunk. */
  readonly messageBytes: number
}

/** 115,200 baud, 3 Mbaud, and a burst over TCP. */
export const LOADS = {
  A: { name: 'A', chunkBytes: 128, chunksPerSecond: 90, messageBytes: 640 },
  B: { name: 'B', chunkBytes: 128, chunksPerSecond: 2300, messageBytes: 1280 },
  C: { name: 'C', chunkBytes: 400, chunksPerSecond: 50_000, messageBytes: 8000 },
  /** Reliability catalogue, U1: small messages without end. */
  U1: { name: 'U1', chunkBytes: 128, chunksPerSecond: 20_000, messageBytes: 100 },
} as const satisfies Record<string, Load>

const ROUTES = ['telemetry.imu', 'log.line', 'cfg.put', 'sensor.temp', 'fw.write', 'status.get']
const TICK_MS = 4

export interface Sent {
  readonly messages: number
  readonly chunks: number
  readonly bytes: number
}

/** A device that listens on loopback, speaks `lso` and sends what it is told to. Its bytes are made by the real codec. */
export class LoadDevice {
  readonly #server: Server
  #socket: Socket | undefined
  #connected: (() => void) | undefined
  #lastRef = 0
  #sentBytes = 0

  private constructor(server: Server) {
    this.#server = server
    server.on('connection', (socket) => {
      socket.setNoDelay(true)
      socket.on('error', () => socket.destroy())
      socket.resume()
      this.#socket = socket
      this.#connected?.()
    })
  }

  static async start(): Promise<LoadDevice> {
    const server = createServer()
    const device = new LoadDevice(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return device
  }

  get url(): string {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('the device does not listen')
    return `tcp://127.0.0.1:${address.port}`
  }

  /** Bytes handed to the connection since it was made. */
  get sentBytes(): number {
    return this.#sentBytes
  }

  async connected(): Promise<void> {
    if (this.#socket !== undefined) return
    await new Promise<void>((resolve) => {
      this.#connected = resolve
    })
  }

  /** Sends at the load's pace for so long; what the socket does not take in time is sent late, never left out. */
  async run(load: Load, durationMs: number): Promise<Sent> {
    const perTick = (load.chunksPerSecond * TICK_MS) / 1000
    const sent = { messages: 0, chunks: 0, bytes: 0 }
    const stream = this.#frames(load)
    const startMs = performance.now()
    let due = 0
    for (let tick = 0; tick * TICK_MS < durationMs; tick++) {
      due += perTick
      const parts: Uint8Array[] = []
      while (sent.chunks < Math.floor(due)) {
        const { bytes, isHead } = stream.next().value
        parts.push(bytes)
        sent.bytes += bytes.length
        if (isHead) sent.messages += 1
        else sent.chunks += 1
      }
      await this.#write(concat(parts))
      const lateMs = performance.now() - startMs - (tick + 1) * TICK_MS
      if (lateMs < 0) await new Promise((resolve) => setTimeout(resolve, -lateMs))
    }
    return sent
  }

  /** One message of one chunk, at once. */
  async say(route: string, text: string): Promise<void> {
    await this.#write(concat(this.#message(route, utf8(text), 4096)))
  }

  /** `count` small messages, as fast as they are taken. */
  async flood(count: number): Promise<void> {
    for (let first = 0; first < count; first += 1000) {
      const parts: Uint8Array[] = []
      for (let at = first; at < Math.min(count, first + 1000); at++) {
        const route = ROUTES[at % ROUTES.length]!
        parts.push(...this.#message(route, utf8(`{"n":${at},"ok":${at % 7919 !== 0}}`), 4096))
      }
      await this.#write(concat(parts))
    }
  }

  async close(): Promise<void> {
    this.#socket?.destroy()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  /** Frames without end, two messages in turn. */
  *#frames(load: Load): Generator<{ readonly bytes: Uint8Array; readonly isHead: boolean }, never> {
    const body = utf8(`{"pad":"${'x'.repeat(load.messageBytes)}"}`).subarray(0, load.messageBytes)
    for (let first = 0; ; first += 2) {
      const pair = [0, 1].map((at) =>
        this.#message(ROUTES[(first + at) % ROUTES.length]!, body, load.chunkBytes),
      )
      const longest = Math.max(...pair.map((frames) => frames.length))
      for (let at = 0; at < longest; at++) {
        for (const frames of pair) {
          const bytes = frames[at]
          if (bytes !== undefined) yield { bytes, isHead: at === 0 }
        }
      }
    }
  }

  #message(route: string, body: Uint8Array, chunkBytes: number): Uint8Array[] {
    const codec = lsoDialect.createCodec({ onDamage: 'fatal' })
    this.#lastRef = (this.#lastRef + 1) % 36 ** 6
    const ref = this.#lastRef.toString(36).padStart(6, '0')
    const head = codec.encodeOpen({
      ref,
      route,
      kind: 'event',
      priority: 3,
      correlationId: '',
      headers: {},
      bodyBytes: body.length,
    })
    const frames = [concat(head.parts)]
    for (let from = 0; from < body.length; from += chunkBytes) {
      const isLast = from + chunkBytes >= body.length
      frames.push(concat(codec.encodeChunk(ref, body.subarray(from, from + chunkBytes), isLast).parts))
    }
    return frames
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const socket = this.#socket
    if (socket === undefined || bytes.length === 0) return
    this.#sentBytes += bytes.length
    if (socket.write(bytes)) return
    await new Promise<void>((resolve) => socket.once('drain', resolve))
  }
}
