import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as passMs } from 'node:timers/promises'
import type { TraceEvent } from '../src/shared/model/trace'
import { linkChannelId, sessionChannelId } from '../src/main/recording/format/channels'
import { FileSource } from '../src/main/recording/read/byte-source'
import { noDecompression } from '../src/main/recording/read/plain-block'
import { verifyRecording } from '../src/main/recording/read/verify'
import { SessionTime } from '../src/main/recording/format/session-time'
import { FlightRecorder } from '../src/main/recording/write/flight-recorder'
import { Recorder } from '../src/main/recording/write/recorder'
import { systemDisk } from '../src/main/recording/write/recording-disk'
import { SystemClock } from '../src/main/transport/system-clock'
import type { SoakCounts, SoakOptions } from './job'

const NETCORE = 'out/cli/netcore.js'
const FLOOD_MS = 60_000
const RATE_BYTES_PER_S = 50e6
const STEP_MS = 10
/** R5, for the recorder alone. */
const MOST_GROWTH_BYTES = 128 * 1024 * 1024
/**
 * For the whole program, on top of what waits for the disk: before it tidies up, the engine lets lie up to 64 MiB of what was
 * read, and its young generation grows to 48 MiB.
 */
const MOST_PROGRAM_GROWTH_BYTES = 192 * 1024 * 1024
const READ = linkChannelId(1, 'rx')
const GAP = sessionChannelId('gap')
/** A piece that is missing or doubled is seen by the next; without ends of lines, so that messages are not tiny. */
const PERIOD = 239
const FIRST_BYTE = 16
const READ_BYTES = 64 * 1024
const MIB = 1024 * 1024
const PATTERN = Buffer.alloc(
  READ_BYTES + PERIOD,
  Buffer.from(Uint8Array.from({ length: PERIOD }, (_, at) => FIRST_BYTE + at)),
)

/**
 * 50 MB/s for a minute, times `scale`, into a recorder: every byte is in the files, in
 * order, or in a gap that says how large it is, and the process stays within its bounds. Then the same from a peer, through
 * a link and its stack, as fast as that goes: nothing is lost there either. Last, what the memory takes for one event.
 */
export async function soakRecorderFlood({ scale }: SoakOptions): Promise<SoakCounts> {
  const forMs = Math.max(2000, FLOOD_MS * scale)
  const direct = await floodRecorder(forMs)
  const linked = await floodLink(forMs / 4)
  const figures = {
    'MB/s': rate(direct.sentBytes, direct.seconds),
    'MB recorded': Math.round(direct.found.bytes / 1e6),
    'bytes lost': direct.sentBytes - direct.found.bytes,
    'bytes in gaps': direct.found.gapBytes,
    gaps: direct.found.gaps,
    'MiB of growth': Math.round(direct.growthBytes / MIB),
    'ms late at most': Math.round(direct.latestMs),
    'MB/s through a link': rate(linked.sentBytes, linked.seconds),
    'bytes lost there': linked.sentBytes - linked.found.bytes,
    'bytes in gaps there': linked.found.gapBytes,
    'MiB of growth there': Math.round(linked.growthBytes / MIB),
    'ns an event, memory always on': memoryCostNs(),
  }
  for (const [{ sentBytes, found, growthBytes }, mostBytes] of [
    [direct, MOST_GROWTH_BYTES],
    [linked, MOST_PROGRAM_GROWTH_BYTES],
  ] as const) {
    const isAccounted = sentBytes - found.bytes === found.gapBytes
    const isRight = found.wrongBytes === 0 && found.damage === 0
    if (!isAccounted || !isRight || growthBytes >= mostBytes)
      throw new Error(JSON.stringify({ ...figures, wrong: found.wrongBytes, damaged: found.damage }))
  }
  return figures
}

interface Flooded {
  readonly sentBytes: number
  readonly seconds: number
  readonly growthBytes: number
  /** How long the loop of events was held, at most. */
  readonly latestMs: number
  readonly found: Awaited<ReturnType<typeof readAll>>
}

const rate = (bytes: number, seconds: number): number => Math.round(bytes / seconds / 1e5) / 10

async function floodRecorder(forMs: number): Promise<Flooded> {
  const folder = await mkdtemp(join(tmpdir(), 'netcore-flood-'))
  const clock = new SystemClock()
  const before = process.memoryUsage.rss()
  const recorder = new Recorder({
    disk: systemDisk,
    clock,
    time: new SessionTime(Date.now()),
    path: join(folder, 'flood.mcap'),
    library: 'soak',
    sessionId: 'flood',
  })
  let [sentBytes, latestMs, peak] = [0, 0, before]
  const startMs = performance.now()
  try {
    for (let passed = 0; passed < forMs; passed = performance.now() - startMs) {
      for (const dueBytes = (passed / 1000) * RATE_BYTES_PER_S; sentBytes + READ_BYTES <= dueBytes; ) {
        const from = sentBytes % PERIOD
        const event: TraceEvent = {
          type: 'bytes',
          linkId: 1,
          atMs: clock.nowMs(),
          dir: 'in',
          streamOffset: sentBytes,
          byteCount: READ_BYTES,
          bytes: PATTERN.subarray(from, from + READ_BYTES),
        }
        recorder.observe(event)
        sentBytes += READ_BYTES
      }
      const restMs = performance.now()
      await passMs(STEP_MS)
      latestMs = Math.max(latestMs, performance.now() - restMs - STEP_MS)
      peak = Math.max(peak, process.memoryUsage.rss())
    }
    const seconds = (performance.now() - startMs) / 1000
    await recorder.end()
    return { sentBytes, seconds, latestMs, growthBytes: peak - before, found: await readAll(folder) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function floodLink(forMs: number): Promise<Flooded> {
  const folder = await mkdtemp(join(tmpdir(), 'netcore-flood-'))
  const flood = new Flood()
  try {
    const url = `tcp://127.0.0.1:${await flood.listen()}?dialect=raw`
    const args = ['record', url, '-o', join(folder, 'flood.mcap'), '--jsonl']
    const recorder = spawn(process.execPath, [NETCORE, ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
    const ended = once(recorder, 'exit')
    await flood.connected
    await passMs(500) // the program has loaded what it needs
    const before = residentBytes(recorder)
    const watch = new PeakMemory(recorder)
    const startMs = performance.now()
    const sentBytes = await flood.send(forMs)
    const seconds = (performance.now() - startMs) / 1000
    const growthBytes = watch.stop() - before
    recorder.kill('SIGINT')
    await ended
    return { sentBytes, seconds, growthBytes, latestMs: 0, found: await readAll(folder) }
  } finally {
    flood.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** A peer that sends as fast as it is to, as long as the other side reads. */
class Flood {
  readonly connected: Promise<void>
  readonly #server: Server
  #socket: Socket | undefined

  constructor() {
    this.#server = createServer()
    this.connected = once(this.#server, 'connection').then(([socket]) => {
      this.#socket = socket as Socket
      this.#socket.on('error', () => undefined)
    })
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  /** Resolves with the bytes that the other side has taken, when all of them have left. */
  async send(forMs: number): Promise<number> {
    const socket = this.#socket!
    const startMs = performance.now()
    let sent = 0
    for (;;) {
      const passed = performance.now() - startMs
      if (passed >= forMs) break
      const due = Math.min((passed / 1000) * RATE_BYTES_PER_S - sent, READ_BYTES)
      const count = Math.max(0, Math.floor(due))
      const from = sent % PERIOD
      sent += count
      const isTaken = count === 0 || socket.write(PATTERN.subarray(from, from + count))
      if (!isTaken) await once(socket, 'drain')
      else if (count < READ_BYTES) await passMs(1)
    }
    const closed = once(socket, 'close')
    socket.end()
    await closed
    return sent
  }

  close(): void {
    this.#socket?.destroy()
    this.#server.close()
  }
}

class PeakMemory {
  readonly #child: ChildProcess
  readonly #timer: NodeJS.Timeout
  #peak = 0

  constructor(child: ChildProcess) {
    this.#child = child
    this.#timer = setInterval(() => this.#look(), 100)
  }

  stop(): number {
    clearInterval(this.#timer)
    return this.#peak
  }

  #look(): void {
    this.#peak = Math.max(this.#peak, residentBytes(this.#child))
  }
}

function residentBytes({ pid }: ChildProcess): number {
  try {
    const [, kib = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? []
    return Number(kib) * 1024
  } catch {
    return 0
  }
}

async function readAll(folder: string) {
  const found = { bytes: 0, gaps: 0, gapBytes: 0, wrongBytes: 0, damage: 0 }
  const names = await readdir(folder)
  const partOf = (name: string): number => Number(/-(\d+)\.mcap$/.exec(name)?.[1] ?? 1)
  for (const name of names.toSorted((a, b) => partOf(a) - partOf(b))) {
    const source = await FileSource.open(join(folder, name))
    const { damageCount } = await verifyRecording(source, noDecompression, ({ channelId, data }) => {
      if (channelId === GAP) {
        const gap = JSON.parse(new TextDecoder().decode(data)) as { bytes: number }
        found.gaps += 1
        found.gapBytes += gap.bytes
      }
      if (channelId !== READ) return
      if (found.gaps === 0) found.wrongBytes += wrongBytesOf(data, found.bytes)
      found.bytes += data.length
    })
    found.damage += damageCount
    await source.close()
  }
  return found
}

/** Bytes of a piece that does not read as the pattern does there; 0 when it does. */
function wrongBytesOf(data: Uint8Array, offset: number): number {
  for (let at = 0; at < data.length; at += READ_BYTES) {
    const piece = data.subarray(at, at + READ_BYTES)
    const from = (offset + at) % PERIOD
    if (Buffer.compare(piece, PATTERN.subarray(from, from + piece.length)) !== 0) return data.length
  }
  return 0
}

/** Load class C: 20 MB/s in reads of 16 KiB with a frame each; what the memory that is always on takes for one event. */
function memoryCostNs(): number {
  const flight = new FlightRecorder()
  const bytes = new Uint8Array(16 * 1024)
  const events = 40_000
  const startedMs = performance.now()
  for (let at = 0; at < events; at++) {
    const atMs = at * 0.8
    const event: TraceEvent = {
      type: 'bytes',
      linkId: 1,
      atMs,
      dir: 'in',
      streamOffset: at * bytes.length,
      byteCount: bytes.length,
      bytes,
    }
    flight.observe(event)
    flight.observe({ type: 'queue', linkId: 1, atMs, queuedBytes: at, queuedMessages: 1 })
  }
  return Math.round(((performance.now() - startedMs) * 1e6) / (events * 2))
}
