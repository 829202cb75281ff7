import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { quickCrypto, TEST_PASSWORD, TEST_SETTINGS } from '../../../../../testing/session-wire'
import { seededRandom } from '../../../../transport/seeded-random'
import { type AuthServerFirst, DEFAULT_SETTINGS, type HelloFrame, NATIVE_CODE } from '../wire/frames'
import { DoublingAttemptLimit } from './attempt-limit'
import { storedCredentials } from './credentials'
import { makeCredential } from './scram'
import { createNativeSession } from './session'
import type { NativeSession, SessionAuth, SessionFrame } from './session-types'

/**
 * The whole table of the session: every state × every event, one row each. A row says the phase after the event, the frames
 * that want to go then (HELLO with echo, epoch and flags), and what the owner was told.
 */
const PEER = 0xbeef
const OTHER = 0xcafe
const SALT = new Uint8Array(16).fill(7)
const NONCE = new Uint8Array(16).fill(1)

class Probe {
  readonly session: NativeSession
  nowMs = 0
  told: string[] = []
  frames: SessionFrame[] = []
  /** Our own number in the HELLO sent last. */
  own = 0

  constructor(auth: SessionAuth) {
    this.session = createNativeSession(
      { settings: TEST_SETTINGS, random: seededRandom(3), crypto: quickCrypto, auth },
      {
        up: ({ isResumed, epoch }) => this.told.push(`up ${isResumed ? 'resumed' : 'fresh'} ${epoch}`),
        suspended: () => this.told.push('suspended'),
        down: (code) => this.told.push(`down ${code}`),
        phaseChanged: ({ phase, condition, code }) =>
          this.told.push(`→${condition === 'live' ? phase : condition}${code === null ? '' : ` ${code}`}`),
        clockSample: () => this.told.push('clock'),
        work: () => this.session.wake(this.nowMs),
      },
    )
  }

  /** Hands over everything that wants to go, on a line that is busy (no clock samples). */
  pull(): SessionFrame[] {
    const pulled: SessionFrame[] = []
    for (let at = 0; at < 10; at++) {
      const frame = this.session.nextFrame(this.nowMs, false)
      if (frame === undefined) break
      if (frame.kind === 'hello') this.own = frame.mySession
      pulled.push(frame)
    }
    this.frames.push(...pulled)
    return pulled
  }

  pass(ms: number): void {
    this.nowMs += ms
    this.session.wake(this.nowMs)
  }

  hear(frame: SessionFrame): void {
    this.session.receive(frame, this.nowMs)
  }

  hello(over: Partial<HelloFrame> = {}): HelloFrame {
    return {
      kind: 'hello',
      wantsXsafe: false,
      hasKeptState: false,
      needsPassword: false,
      hasHeard: false,
      highestMajor: 1,
      lowestMajor: 1,
      mySession: PEER,
      yourSession: this.own,
      epoch: this.session.epoch,
      settings: DEFAULT_SETTINGS,
      ...over,
    }
  }
}

const challenge: AuthServerFirst = { kind: 'auth', step: 2, serverNonce: NONCE, salt: SALT, iterations: 4096 }
const credential = await makeCredential(TEST_PASSWORD, SALT, 4096, quickCrypto)
const device = (): SessionAuth => ({
  kind: 'server',
  credentials: storedCredentials(new Map([['operator', credential]]), new Uint8Array(32)),
  attempts: new DoublingAttemptLimit(),
})
const host: SessionAuth = { kind: 'client', user: 'operator', password: TEST_PASSWORD }
const none: SessionAuth = { kind: 'none' }

function connected(auth: SessionAuth): Probe {
  const probe = new Probe(auth)
  probe.session.connected(0)
  probe.pull()
  probe.pass(10)
  return probe
}

function agreed(auth: SessionAuth, over: Partial<HelloFrame> = {}): Probe {
  const probe = connected(auth)
  probe.hear(probe.hello({ hasHeard: true, ...over }))
  probe.pull()
  return probe
}

/** Lets promises settle. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const STATES: Record<string, () => Probe | Promise<Probe>> = {
  down: () => new Probe(none),
  'hello, nobody heard': () => connected(none),
  'hello, peer heard': () => {
    const probe = connected(none)
    probe.hear(probe.hello({ yourSession: 0 }))
    probe.pull()
    return probe
  },
  'auth, host asked': () => agreed(host, { needsPassword: true }),
  'auth, host proved': async () => {
    const probe = agreed(host, { needsPassword: true })
    probe.hear(challenge)
    await turn()
    probe.pull()
    return probe
  },
  'auth, device': () => agreed(device()),
  'auth, device challenged': () => {
    const probe = agreed(device())
    probe.hear({ kind: 'auth', step: 1, clientNonce: NONCE, user: 'operator' })
    probe.pull()
    return probe
  },
  up: () => agreed(none),
  'down, remembers': () => {
    const probe = agreed(none)
    probe.session.disconnected(probe.nowMs)
    return probe
  },
  'hello, resuming': () => {
    const probe = agreed(none)
    probe.session.disconnected(probe.nowMs)
    probe.session.connected(probe.nowMs)
    probe.pull()
    return probe
  },
  incompatible: () => {
    const probe = connected(none)
    probe.hear(probe.hello({ highestMajor: 3, lowestMajor: 2 }))
    probe.pull()
    return probe
  },
  'refused, password': () => agreed(none, { needsPassword: true }),
  'refused, own echo': () => {
    const probe = connected(none)
    probe.hear(probe.hello({ mySession: probe.own, yourSession: 0 }))
    probe.pull()
    return probe
  },
}

const EVENTS: Record<string, (probe: Probe) => void> = {
  connected: (probe) => probe.session.connected(probe.nowMs),
  disconnected: (probe) => probe.session.disconnected(probe.nowMs),
  'HELLO, does not know us': (probe) => probe.hear(probe.hello({ yourSession: 0, epoch: 0 })),
  'HELLO, echoes us': (probe) => probe.hear(probe.hello()),
  'HELLO, echoes us and heard': (probe) => probe.hear(probe.hello({ hasHeard: true })),
  'HELLO, kept, next epoch': (probe) =>
    probe.hear(probe.hello({ epoch: probe.session.epoch + 1, hasKeptState: true })),
  'HELLO, lower epoch': (probe) => probe.hear(probe.hello({ epoch: (probe.session.epoch + 255) & 255 })),
  'HELLO of another peer': (probe) => probe.hear(probe.hello({ mySession: OTHER, yourSession: 0 })),
  'HELLO of our own': (probe) => probe.hear(probe.hello({ mySession: probe.own, yourSession: 0 })),
  'HELLO, session 0': (probe) => probe.hear(probe.hello({ mySession: 0 })),
  'HELLO, other versions': (probe) => probe.hear(probe.hello({ highestMajor: 3, lowestMajor: 2 })),
  'HELLO, unreadable': (probe) => probe.hear(probe.hello({ settings: null })),
  'AUTH 1': (probe) => probe.hear({ kind: 'auth', step: 1, clientNonce: NONCE, user: 'operator' }),
  'AUTH 2': (probe) => probe.hear(challenge),
  'AUTH 3, wrong': (probe) => probe.hear({ kind: 'auth', step: 3, clientProof: new Uint8Array(32) }),
  'AUTH 4, wrong': (probe) =>
    probe.hear({ kind: 'auth', step: 4, serverSignature: new Uint8Array(32), code: 0 }),
  'AUTH 4, refused': (probe) =>
    probe.hear({ kind: 'auth', step: 4, serverSignature: null, code: NATIVE_CODE.auth }),
  'AUTH 4, busy': (probe) =>
    probe.hear({ kind: 'auth', step: 4, serverSignature: null, code: NATIVE_CODE.busy }),
  BYE: (probe) => probe.hear({ kind: 'bye', code: NATIVE_CODE.ok, text: '' }),
  'BYE, version': (probe) => probe.hear({ kind: 'bye', code: NATIVE_CODE.version, text: 'versions 2 to 3' }),
  'BYE, auth': (probe) => probe.hear({ kind: 'bye', code: NATIVE_CODE.auth, text: 'AUTH_REQUIRED' }),
  PING: (probe) => probe.hear({ kind: 'ping', id: 1, sentTicks: 0, lastPongTicks: 0 }),
  'PONG nobody asked for': (probe) => probe.hear({ kind: 'pong', id: 9, receivedTicks: 0, sentTicks: 0 }),
  'numbered frame': (probe) => probe.session.numberedFrameOutsideSession(probe.nowMs),
  'any frame': (probe) => probe.session.noteFrame(probe.nowMs),
  farewell: (probe) => probe.session.farewell(0, '', probe.nowMs),
  '250 ms': (probe) => probe.pass(250),
  '2 s': (probe) => probe.pass(2_000),
  '6 s': (probe) => probe.pass(6_000),
  '60 s': (probe) => probe.pass(60_000),
}

const shown = (frame: SessionFrame): string => {
  switch (frame.kind) {
    case 'hello': {
      const flags = [
        frame.yourSession === 0 ? '' : 'echo',
        frame.hasKeptState ? 'kept' : '',
        frame.hasHeard ? 'heard' : '',
      ]
      return ['HELLO', String(frame.epoch), ...flags.filter((flag) => flag !== '')].join(' ')
    }
    case 'auth':
      return `AUTH ${frame.step}${frame.step === 4 ? ` ${frame.code}` : ''}`
    case 'bye':
      return `BYE ${frame.code}`
    default:
      return frame.kind.toUpperCase()
  }
}

async function rowOf(state: string, event: string): Promise<string> {
  const probe = await STATES[state]!()
  probe.told = []
  EVENTS[event]!(probe)
  await turn()
  const frames = probe.pull().map(shown)
  return [event, probe.session.phase, frames.join(', '), probe.told.join(', ')].join(' | ').trimEnd()
}

const table = readFileSync(new URL('vectors/session-table.txt', import.meta.url), 'utf8')
const sections = new Map(
  table
    .split('\n## ')
    .slice(1)
    .map((section) => {
      const [state, ...rows] = section.trimEnd().split('\n')
      return [state!, rows] as const
    }),
)

test.each(Object.keys(STATES))('in the state "%s" each event does what its row says', async (state) => {
  const rows: string[] = []
  for (const event of Object.keys(EVENTS)) rows.push(await rowOf(state, event))
  expect(rows).toEqual(sections.get(state))
})

test('the table has a row for every state and every event, and no other', () => {
  expect([...sections.keys()]).toEqual(Object.keys(STATES))
  expect([...sections.values()].flat()).toHaveLength(Object.keys(STATES).length * Object.keys(EVENTS).length)
})
