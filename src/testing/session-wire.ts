import { pbkdf2Sync } from 'node:crypto'
import { concatBytes, toHex } from '../shared/bytes'
import { Alarm } from '../main/link/alarm'
import { nodeCrypto } from '../main/link/node-crypto'
import type { SessionCrypto } from '../main/netcore/pipe/pipe'
import { DoublingAttemptLimit } from '../main/netcore/dialects/native/session/attempt-limit'
import { storedCredentials } from '../main/netcore/dialects/native/session/credentials'
import { makeCredential } from '../main/netcore/dialects/native/session/scram'
import { createNativeSession } from '../main/netcore/dialects/native/session/session'
import type {
  ClockSample,
  NativeSession,
  NativeSessionOptions,
  SessionAuth,
  SessionUp,
} from '../main/netcore/dialects/native/session/session-types'
import {
  CAPABILITY,
  DEFAULT_SETTINGS,
  type HelloSettings,
  type NativeFrame,
} from '../main/netcore/dialects/native/wire/frames'
import { FrameEncoder, LINE_OPENING } from '../main/netcore/dialects/native/wire/frame-encoder'
import { FrameScanner } from '../main/netcore/dialects/native/wire/frame-scanner'
import { seededRandom } from '../main/transport/seeded-random'
import type { VirtualClock } from './virtual-clock'

/** Two native sessions on a simulated line: real frames, real bytes, virtual time. Nothing but the line is made up. */

export const TEST_SETTINGS: HelloSettings = {
  ...DEFAULT_SETTINGS,
  capabilities: CAPABILITY.resume | CAPABILITY.clock | CAPABILITY.auth | CAPABILITY.xsafe,
  tickNs: 1000,
  identity: 'test',
}

/** What happens to a stretch of bytes on its way. Gives what arrives. */
export type LineFault = (bytes: Uint8Array) => Uint8Array

const BYTES_PER_MS = 11.52
const DELAY_MS = 1
const DATA_EVERY_MS = 40

/** One direction of the line. */
class Direction {
  bytesSent = 0
  busyUntilMs = 0
  fault: LineFault = (bytes) => bytes
  /** When this many bytes were sent, the line breaks. */
  cutAtByte = Infinity
  onCut: () => void = () => {}
  /** Everything that was ever sent, for whoever listens. */
  readonly sent: Uint8Array[] = []
}

export interface EndOptions extends Partial<NativeSessionOptions> {
  readonly seed: number
  /** Keeps sending numbered frames while it is up, and checks those that come. */
  readonly sendsData?: boolean
}

export class SessionEnd {
  readonly name: string
  readonly out = new Direction()
  readonly #clock: VirtualClock
  readonly #alarm: Alarm
  readonly #dataAlarm: Alarm
  readonly #sendsData: boolean
  session: NativeSession
  peer!: SessionEnd
  /** `up fresh 0`, `up resumed 1`, `down CODE`, `suspended`, `phase CODE`, in order. */
  readonly events: string[] = []
  readonly ups: SessionUp[] = []
  readonly clockSamples: ClockSample[] = []
  readonly received: NativeFrame[] = []
  /** What the pipe would know of the other side: null when it was lost. A new object is a new beginning. */
  memory: { peerMemory: object | null } | null = null
  problems: string[] = []
  isConnected = false
  /** Bytes that come while nobody listens wait in the driver. */
  holdsBytes = false
  #held: Uint8Array[] = []
  #encoder!: FrameEncoder
  #scanner!: FrameScanner
  #nextNumber = 0
  #lastNumber = -1
  #isDataDue = false

  constructor(name: string, clock: VirtualClock, options: EndOptions) {
    this.name = name
    this.#clock = clock
    this.#alarm = new Alarm(clock)
    this.#dataAlarm = new Alarm(clock)
    this.#sendsData = options.sendsData ?? false
    this.session = this.#make(options)
  }

  /** Loses everything it knew. */
  reboot(options: EndOptions): void {
    if (this.isConnected) this.session.disconnected(this.#clock.nowMs())
    this.session = this.#make(options)
    this.memory = null
    this.events.push('reboot')
    if (!this.isConnected) return
    this.isConnected = false
    this.connect()
  }

  connect(): void {
    if (this.isConnected) return
    this.isConnected = true
    const wire = { largestFrameBytes: 4096 }
    this.#encoder = new FrameEncoder('cobs', wire)
    this.#scanner = new FrameScanner('cobs', wire)
    this.#write(LINE_OPENING)
    this.session.connected(this.#clock.nowMs())
    const held = this.#held
    this.#held = []
    for (const bytes of held) this.deliver(bytes)
    this.settle()
  }

  disconnect(): void {
    if (!this.isConnected) return
    this.isConnected = false
    this.session.disconnected(this.#clock.nowMs())
    this.settle()
  }

  /** Says goodbye; what it knew is gone by its own wish. */
  farewell(): void {
    this.memory = null
    this.session.farewell(0, 'bye', this.#clock.nowMs())
    this.settle()
  }

  deliver(bytes: Uint8Array): void {
    if (!this.isConnected) {
      if (this.holdsBytes) this.#held.push(bytes)
      return
    }
    const scanner = this.#scanner
    scanner.xsafe = this.session.scannerMode
    scanner.receive(bytes, {
      frame: (frame) => {
        this.#received(frame)
        scanner.xsafe = this.session.scannerMode
      },
      fault: () => {},
    })
    this.settle()
  }

  /** Runs what is due, hands over what wants to go, and sets the alarm for what comes later. */
  settle(): void {
    const nowMs = this.#clock.nowMs()
    if ((this.session.wakeAtMs ?? Infinity) <= nowMs) this.session.wake(nowMs)
    this.#pull(nowMs)
    const wakeAtMs = this.session.wakeAtMs
    if (wakeAtMs === null) this.#alarm.cancel()
    else if (wakeAtMs <= nowMs)
      this.problems.push(`wants to wake at ${wakeAtMs}, which is not after ${nowMs}`)
    else this.#alarm.set(wakeAtMs, () => this.settle())
  }

  #pull(nowMs: number): void {
    while (this.isConnected && this.out.busyUntilMs <= nowMs) {
      const frame = this.session.nextFrame(nowMs, true) ?? this.#nextData()
      if (frame === undefined) return
      const isEscaped =
        'number' in frame ? this.session.peer?.isXsafe === true : this.session.isLastFrameEscaped
      this.#encoder.isXsafe = isEscaped
      this.#write(concatBytes(this.#encoder.encode(frame).parts))
    }
  }

  #write(bytes: Uint8Array): void {
    const { out } = this
    const nowMs = this.#clock.nowMs()
    const startMs = Math.max(nowMs, out.busyUntilMs)
    const room = out.cutAtByte - out.bytesSent
    const isCut = bytes.length >= room
    const passing = isCut ? bytes.slice(0, room) : bytes
    out.sent.push(passing)
    out.bytesSent += passing.length
    out.busyUntilMs = startMs + passing.length / BYTES_PER_MS
    const arriving = out.fault(passing)
    if (arriving.length > 0) {
      this.#clock.schedule(out.busyUntilMs + DELAY_MS, () => this.peer.deliver(arriving))
    }
    if (isCut) {
      out.cutAtByte = Infinity
      this.#clock.schedule(out.busyUntilMs + DELAY_MS, () => out.onCut())
    }
    this.#clock.schedule(out.busyUntilMs, () => this.settle())
  }

  #nextData(): NativeFrame | undefined {
    if (!this.#isDataDue || this.session.phase !== 'up') return undefined
    this.#isDataDue = false
    this.#askForData()
    return { kind: 'probe', number: this.#nextNumber++ & 255 }
  }

  #askForData(): void {
    if (!this.#sendsData) return
    this.#dataAlarm.set(this.#clock.nowMs() + DATA_EVERY_MS, () => {
      this.#isDataDue = true
      this.settle()
    })
  }

  #received(frame: NativeFrame): void {
    const nowMs = this.#clock.nowMs()
    switch (frame.kind) {
      case 'hello':
      case 'auth':
      case 'bye':
      case 'ping':
      case 'pong':
        this.received.push(frame)
        this.session.receive(frame, nowMs)
        return
      case 'probe':
        if (this.session.phase !== 'up') {
          this.session.numberedFrameOutsideSession(nowMs)
          return
        }
        this.session.noteFrame(nowMs)
        // Frames may get lost, but none of an older epoch may come, and none twice.
        if (frame.number <= this.#lastNumber) {
          this.problems.push(`got frame ${frame.number} after ${this.#lastNumber}`)
        }
        this.#lastNumber = frame.number === 255 ? -1 : frame.number
        return
      default:
    }
  }

  #make(options: EndOptions): NativeSession {
    return createNativeSession(
      {
        settings: TEST_SETTINGS,
        random: seededRandom(options.seed),
        crypto: quickCrypto,
        auth: { kind: 'none' },
        ...options,
      },
      {
        up: (event) => {
          this.events.push(`up ${event.isResumed ? 'resumed' : 'fresh'} ${event.epoch}`)
          this.ups.push(event)
          if (event.isResumed && this.memory === null) this.problems.push('resumes what it does not know')
          if (!event.isResumed && this.memory !== null) this.problems.push('forgets without saying so')
          this.memory ??= { peerMemory: null }
          this.#nextNumber = 0
          this.#lastNumber = -1
          this.#isDataDue = false
          this.#askForData()
        },
        suspended: () => this.events.push('suspended'),
        down: (code) => {
          this.events.push(`down ${code}`)
          this.memory = null
        },
        phaseChanged: ({ phase, condition, code }) => {
          const state = condition === 'live' ? phase : condition
          this.events.push(code === null ? state : `${state} ${code}`)
        },
        clockSample: (sample) => this.clockSamples.push(sample),
        work: () => {
          this.session.wake(this.#clock.nowMs())
          this.settle()
        },
      },
    )
  }
}

/** PBKDF2 without threads: virtual time does not wait for them. Asked the same again, it remembers. */
const derived = new Map<string, Uint8Array>()
export const quickCrypto: SessionCrypto = {
  ...nodeCrypto,
  pbkdf2Sha256: (password, salt, iterations) => {
    const key = `${toHex(password)} ${toHex(salt)} ${iterations}`
    const known = derived.get(key) ?? new Uint8Array(pbkdf2Sync(password, salt, iterations, 32, 'sha256'))
    derived.set(key, known)
    return Promise.resolve(known)
  },
}

export const TEST_PASSWORD = 'correct horse battery staple'

/** A device that knows `TEST_PASSWORD` for the user `operator`. */
export async function passwordDevice(iterations = 4096): Promise<SessionAuth> {
  const credential = await makeCredential(TEST_PASSWORD, new Uint8Array(16).fill(7), iterations, quickCrypto)
  return {
    kind: 'server',
    credentials: storedCredentials(new Map([['operator', credential]]), new Uint8Array(32).fill(9)),
    attempts: new DoublingAttemptLimit(),
  }
}

export const passwordHost = (password = TEST_PASSWORD, user = 'operator'): SessionAuth => ({
  kind: 'client',
  user,
  password,
})

/** A pair that is not connected yet. */
export function sessionPair(
  clock: VirtualClock,
  host: EndOptions,
  device: EndOptions,
): readonly [SessionEnd, SessionEnd] {
  const one = new SessionEnd('host', clock, host)
  const two = new SessionEnd('device', clock, device)
  one.peer = two
  two.peer = one
  return [one, two]
}

export const connectBoth = ([one, two]: readonly [SessionEnd, SessionEnd]): void => {
  one.connect()
  two.connect()
}

export const areBothUp = ([one, two]: readonly [SessionEnd, SessionEnd]): boolean =>
  one.session.phase === 'up' && two.session.phase === 'up' && one.session.epoch === two.session.epoch

/** What two ends that are up have to agree on; adds to their problems what they do not. */
export function compare([one, two]: readonly [SessionEnd, SessionEnd]): void {
  if (!areBothUp([one, two])) return
  for (const [mine, other] of [
    [one, two],
    [two, one],
  ] as const) {
    if (mine.memory === null) mine.problems.push('is up without a beginning')
    else if (mine.memory.peerMemory === null) mine.memory.peerMemory = other.memory
    else if (mine.memory.peerMemory !== other.memory) mine.problems.push('goes on where the other began anew')
  }
}

/** Lets time pass until `isDone`, with room for promises to settle every few milliseconds. Gives whether it was done. */
export async function runUntil(
  clock: VirtualClock,
  pair: readonly [SessionEnd, SessionEnd],
  isDone: () => boolean,
  untilMs: number,
): Promise<boolean> {
  for (;;) {
    for (let turn = 0; turn < 4; turn++) await Promise.resolve()
    compare(pair)
    if (isDone()) return true
    if (clock.nowMs() >= untilMs) return false
    clock.advanceTo(Math.min(untilMs, clock.nowMs() + 5))
  }
}
