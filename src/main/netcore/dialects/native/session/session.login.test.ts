import { describe, expect, test } from 'vitest'
import { concatBytes, toHex, utf8 } from '../../../../../shared/bytes'
import {
  areBothUp,
  connectBoth,
  type EndOptions,
  type LineFault,
  passwordDevice,
  passwordHost,
  quickCrypto,
  runUntil,
  type SessionEnd,
  sessionPair,
  TEST_PASSWORD,
} from '../../../../../testing/session-wire'
import { VirtualClock } from '../../../../../testing/virtual-clock'
import type { SessionCrypto } from '../../../pipe/pipe'
import { CAPABILITY, type HelloFrame, type NativeFrame } from '../wire/frames'
import { FrameEncoder } from '../wire/frame-encoder'
import { FrameScanner } from '../wire/frame-scanner'
import { DoublingAttemptLimit } from './attempt-limit'
import { passwordCredentials, storedCredentials } from './credentials'
import { clientKeys, makeCredential, passwordBytes } from './scram'
import type { SessionAuth, StoredCredential } from './session-types'

type Pair = readonly [SessionEnd, SessionEnd]

const SALT = new Uint8Array(16).fill(7)
const wire = { largestFrameBytes: 4096 }

async function met(
  host: Partial<EndOptions>,
  device: Partial<EndOptions>,
  forMs = 3_000,
  arrange: (pair: Pair) => void = () => {},
) {
  const clock = new VirtualClock()
  const pair = sessionPair(clock, { seed: 1, ...host }, { seed: 2, ...device })
  arrange(pair)
  connectBoth(pair)
  await runUntil(clock, pair, () => false, forMs)
  expect(pair.flatMap((end) => end.problems)).toEqual([])
  return { clock, pair, host: pair[0], device: pair[1] }
}

/** A device with one credential for `operator`. */
const deviceWith = (credential: StoredCredential, attempts = new DoublingAttemptLimit()): SessionAuth => ({
  kind: 'server',
  credentials: storedCredentials(new Map([['operator', credential]]), new Uint8Array(32).fill(9)),
  attempts,
})

const steps = (end: SessionEnd): number[] =>
  end.received.flatMap((frame) => (frame.kind === 'auth' ? [frame.step] : []))
const byes = (end: SessionEnd): string[] =>
  end.received.flatMap((frame) => (frame.kind === 'bye' ? [frame.text] : []))

/** Somebody on the line who understands frames and changes some, with a good checksum. */
const changing =
  (change: (frame: NativeFrame) => NativeFrame): LineFault =>
  (bytes) => {
    const changed: Uint8Array[] = []
    const scanner = new FrameScanner('cobs', wire)
    scanner.xsafe = 'either'
    scanner.receive(bytes, {
      frame: (frame) => changed.push(...new FrameEncoder('cobs', wire).encode(change(frame)).parts),
      fault: () => {},
    })
    return concatBytes([Uint8Array.of(0), ...changed])
  }

const changingHello = (change: (hello: HelloFrame) => Partial<HelloFrame>): LineFault =>
  changing((frame) => (frame.kind === 'hello' ? { ...frame, ...change(frame) } : frame))

describe('a login', () => {
  test('with the right password brings both sides up, each knowing that the other knows it', async () => {
    const { host, device } = await met({ auth: passwordHost() }, { auth: await passwordDevice() })
    expect([host.session.phase, device.session.phase]).toEqual(['up', 'up'])
    expect([host.session.peer?.isAuthenticated, device.session.peer?.isAuthenticated]).toEqual([true, true])
    expect([steps(device), steps(host)]).toEqual([
      [1, 3],
      [2, 4],
    ])
  })

  test('without any password is none: nobody is authenticated', async () => {
    const { host, device } = await met({}, {})
    expect([host.session.peer?.isAuthenticated, device.session.peer?.isAuthenticated]).toEqual([false, false])
    expect(steps(device)).toEqual([])
  })

  test('with a wrong password is refused on both sides, once, and not tried again', async () => {
    const { host, device } = await met(
      { auth: passwordHost('wrong') },
      { auth: await passwordDevice() },
      30_000,
    )
    expect(host.session.phase).toBe('refused')
    expect(host.events.filter((event) => event.startsWith('down '))).toEqual(['down AUTH_FAILED'])
    expect(device.events).toContain('auth AUTH_FAILED')
    expect(device.ups).toEqual([])
    expect(steps(device)).toEqual([1, 3])
  })

  test('of an unknown user looks exactly like one with a wrong password', async () => {
    const seen = async (user: string) => {
      const { host, device } = await met(
        { auth: passwordHost('wrong', user) },
        { auth: await passwordDevice() },
      )
      const answers = host.received.flatMap((frame) => (frame.kind === 'auth' ? [frame] : []))
      const [challenge, verdict] = answers
      if (challenge?.step !== 2 || verdict?.step !== 4) throw new Error('no login')
      return {
        saltBytes: challenge.salt.length,
        iterations: challenge.iterations,
        verdict: [verdict.serverSignature, verdict.code],
        steps: [steps(host), steps(device)],
        wireBytes: device.out.sent.map((bytes) => bytes.length),
        events: [host.events, device.events],
      }
    }
    expect(await seen('nobody')).toEqual(await seen('operator'))
  })

  test('shows an unknown user the same salt each time', async () => {
    const salt = async (): Promise<string> => {
      const { host } = await met({ auth: passwordHost('wrong', 'nobody') }, { auth: await passwordDevice() })
      const challenge = host.received.find((frame) => frame.kind === 'auth' && frame.step === 2)
      if (challenge?.kind !== 'auth' || !('salt' in challenge)) throw new Error('no challenge')
      return toHex(challenge.salt)
    }
    expect(await salt()).toBe(await salt())
  })

  test('never shows the password, its salted form or a key, and every login looks different', async () => {
    const heard = async (seed: number): Promise<string> => {
      const { pair } = await met({ seed, auth: passwordHost() }, { auth: await passwordDevice() })
      expect(areBothUp(pair)).toBe(true)
      return pair.map((end) => toHex(concatBytes(end.out.sent))).join(' ')
    }
    const capture = await heard(1)
    const salted = await quickCrypto.pbkdf2Sha256(passwordBytes(TEST_PASSWORD), SALT, 4096)
    const { clientKey, storedKey, serverKey } = clientKeys(salted, quickCrypto)
    const secrets = [utf8(TEST_PASSWORD), salted, clientKey, storedKey, serverKey]
    for (const secret of secrets) {
      // COBS may have put a length byte inside: look for every stretch of eight bytes.
      for (let at = 0; at + 8 <= secret.length; at++) {
        expect(capture).not.toContain(toHex(secret.subarray(at, at + 8)))
      }
    }
    // The same search finds what is there.
    expect(capture).toContain(toHex(utf8('operator')))
    const proofs = async (): Promise<string> => {
      const { device } = await met({ seed: 1, auth: passwordHost() }, { auth: await passwordDevice() })
      const final = device.received.find((frame) => frame.kind === 'auth' && frame.step === 3)
      if (final?.kind !== 'auth' || !('clientProof' in final)) throw new Error('no proof')
      return toHex(final.clientProof)
    }
    expect(await proofs()).not.toBe(await proofs())
  })

  test('cannot be replayed to the device', async () => {
    const { host } = await met({ auth: passwordHost() }, { auth: await passwordDevice() })
    const clock = new VirtualClock()
    const pair = sessionPair(
      clock,
      { seed: 1, auth: passwordHost() },
      { seed: 2, auth: await passwordDevice() },
    )
    const device = pair[1]
    device.connect()
    for (const bytes of host.out.sent) {
      device.deliver(bytes)
      await runUntil(clock, pair, () => false, clock.nowMs() + 20)
    }
    // It came as far as the proof, with the very session numbers of the first time, and there it failed.
    expect(device.events).toContain('auth AUTH_FAILED')
    expect(device.ups).toEqual([])
  })

  test('cannot be replayed to the host', async () => {
    const first = await met({ auth: passwordHost() }, { auth: await passwordDevice() })
    const clock = new VirtualClock()
    const pair = sessionPair(clock, { seed: 1, auth: passwordHost() }, { seed: 2 })
    const host = pair[0]
    host.connect()
    for (const bytes of first.device.out.sent) {
      host.deliver(bytes)
      await runUntil(clock, pair, () => false, clock.nowMs() + 20)
    }
    expect(host.ups).toEqual([])
    expect(host.events).toContain('down AUTH_IMPOSTOR')
  })

  test('goes on when any one of its frames gets lost', async () => {
    for (const [side, step] of [
      [0, 1],
      [1, 2],
      [0, 3],
      [1, 4],
    ] as const) {
      let lost = 0
      const { pair } = await met(
        { auth: passwordHost(), sendsData: true },
        { auth: await passwordDevice(), sendsData: true },
        3_000,
        (ends) => {
          ends[side].out.fault = (bytes) => {
            const seen: number[] = []
            new FrameScanner('cobs', wire).receive(bytes, {
              frame: (frame) => {
                if (frame.kind === 'auth') seen.push(frame.step)
              },
              fault: () => {},
            })
            if (!seen.includes(step) || lost > 0) return bytes
            lost++
            return new Uint8Array(0)
          }
        },
      )
      expect({ step, lost, isUp: areBothUp(pair) }).toEqual({ step, lost: 1, isUp: true })
    }
  })
})

describe('a login is refused', () => {
  test('when the device asks and the host has no password', async () => {
    const { host, device } = await met({}, { auth: await passwordDevice() })
    expect(host.session.phase).toBe('refused')
    expect(host.events).toContain('down AUTH_REQUIRED')
    expect(device.events).toContain('down AUTH_FAILED')
    expect(byes(device)[0]).toContain('AUTH_REQUIRED')
  })

  test('when the host has a password and the device asks for none: nobody would have proved anything', async () => {
    const { host, device } = await met({ auth: passwordHost() }, {}, 30_000)
    expect(host.events).toContain('down AUTH_NOT_DEMANDED')
    expect(host.ups).toEqual([])
    expect(device.session.phase).not.toBe('up')
    expect(byes(device)[0]).toContain('AUTH_NOT_DEMANDED')
  })

  test('when each side asks the other', async () => {
    const { host, device } = await met({ auth: await passwordDevice() }, { auth: await passwordDevice() })
    expect(host.events).toContain('down AUTH_REQUIRED')
    expect(device.events.join()).toMatch(/down AUTH_(REQUIRED|FAILED)/)
    expect(host.ups.length + device.ups.length).toBe(0)
  })

  test.each([
    [4_095, 'AUTH_WEAK'],
    [10_000_001, 'AUTH_TOO_COSTLY'],
  ])(
    'by the host before anything is computed or proved when the device wants %i iterations',
    async (iterations, code) => {
      const credential = await makeCredential(TEST_PASSWORD, SALT, 4096, quickCrypto)
      let derivations = 0
      const crypto: SessionCrypto = {
        ...quickCrypto,
        pbkdf2Sha256: (...asked) => {
          derivations++
          return quickCrypto.pbkdf2Sha256(...asked)
        },
      }
      const { host, device } = await met(
        { auth: passwordHost(), crypto },
        { auth: deviceWith({ ...credential, iterations }) },
      )
      expect(host.events).toContain(`down ${code}`)
      expect(steps(device)).toEqual([1])
      expect(derivations).toBe(0)
    },
  )

  test('by the host when the device does not know the password: it took the proof, but has none', async () => {
    const credential = await makeCredential(TEST_PASSWORD, SALT, 4096, quickCrypto)
    const { host } = await met(
      { auth: passwordHost() },
      { auth: deviceWith({ ...credential, serverKey: new Uint8Array(32) }) },
    )
    expect(host.session.phase).toBe('refused')
    expect(host.events).toContain('down AUTH_IMPOSTOR')
    expect(host.ups).toEqual([])
  })

  test('when the bindings to the channel below differ: somebody ends the encryption between', async () => {
    const { host, device } = await met(
      { auth: passwordHost(), binding: utf8('one channel') },
      { auth: await passwordDevice(), binding: utf8('another') },
    )
    expect(host.events).toContain('down AUTH_FAILED')
    expect(device.ups).toEqual([])
  })

  const withoutCapability = (hello: HelloFrame): Partial<HelloFrame> => ({
    settings: { ...hello.settings!, capabilities: hello.settings!.capabilities & ~CAPABILITY.resume },
  })
  test.each<[string, 0 | 1, (hello: HelloFrame) => Partial<HelloFrame>]>([
    ["takes a capability out of the host's HELLO", 0, withoutCapability],
    ["takes a capability out of the device's HELLO", 1, withoutCapability],
    ["widens the host's range of versions", 0, () => ({ highestMajor: 2 })],
    [
      "makes the device's largest frame smaller",
      1,
      (hello) => ({ settings: { ...hello.settings!, largestFrameBytes: 64 } }),
    ],
    ['takes away the wish for XON/XOFF-safe mode', 0, () => ({ wantsXsafe: false })],
  ])('when somebody between %s', async (_, side, change) => {
    const { host, device } = await met(
      { auth: passwordHost(), wantsXsafe: true },
      { auth: await passwordDevice() },
      3_000,
      (pair) => {
        pair[side].out.fault = changingHello(change)
      },
    )
    expect(host.events).toContain('down AUTH_FAILED')
    expect([host.ups, device.ups]).toEqual([[], []])
  })

  test('when somebody between hides that the device asks for a password', async () => {
    const { host, device } = await met(
      { auth: passwordHost() },
      { auth: await passwordDevice() },
      3_000,
      (pair) => {
        pair[1].out.fault = changingHello(() => ({ needsPassword: false }))
      },
    )
    expect(host.events).toContain('down AUTH_NOT_DEMANDED')
    expect([host.ups, device.ups]).toEqual([[], []])
  })
})

describe('the number of attempts', () => {
  test('is limited: after a failure 1 s, doubling to 60 s, and a success clears it', () => {
    const limit = new DoublingAttemptLimit()
    let nowMs = 0
    const waits = Array.from({ length: 9 }, () => {
      limit.charge(nowMs)
      const waitMs = limit.waitMs(nowMs)
      nowMs += waitMs
      expect(limit.waitMs(nowMs - 1)).toBe(1)
      expect(limit.waitMs(nowMs)).toBe(0)
      return waitMs
    })
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000])
    limit.clear()
    limit.charge(nowMs)
    expect(limit.waitMs(nowMs)).toBe(1000)
  })

  test('survives reconnecting: ten wrong passwords in a row cost minutes, not milliseconds', async () => {
    const clock = new VirtualClock()
    const auth = await passwordDevice()
    const pair = sessionPair(clock, { seed: 1, auth: passwordHost('guess') }, { seed: 2, auth })
    const [host, device] = pair
    connectBoth(pair)
    const judged = (): number => device.events.filter((event) => event === 'auth AUTH_FAILED').length
    for (let guess = 0; guess < 10; guess++) {
      await runUntil(clock, pair, () => judged() > guess, clock.nowMs() + 200_000)
      expect(judged()).toBe(guess + 1)
      host.disconnect()
      host.reboot({ seed: 100 + guess, auth: passwordHost(`guess ${guess}`) })
      host.connect()
    }
    // 1 + 2 + 4 + … + 32, then 60 s each.
    expect(clock.nowMs()).toBeGreaterThan(63_000 + 2 * 60_000)
  })

  test('makes the right host wait too, which tries again by itself', async () => {
    const auth = await passwordDevice()
    if (auth.kind !== 'server') throw new Error('a device')
    for (let failure = 0; failure < 3; failure++) auth.attempts.charge(0)
    const { clock, pair, host } = await met({ auth: passwordHost() }, { auth }, 500)
    expect(host.events).toContain('auth AUTH_WAIT')
    expect(await runUntil(clock, pair, () => areBothUp(pair), 20_000)).toBe(true)
    expect(clock.nowMs()).toBeGreaterThan(4_000)
    expect(auth.attempts.waitMs(clock.nowMs())).toBe(0)
  })

  test('counts for many at once: of ten that hold a challenge one is judged', async () => {
    const attempts = new DoublingAttemptLimit()
    const credential = await makeCredential(TEST_PASSWORD, SALT, 4096, quickCrypto)
    const clock = new VirtualClock()
    const pairs = Array.from({ length: 10 }, (_, at) =>
      sessionPair(
        clock,
        { seed: 10 + at, auth: passwordHost(`guess ${at}`) },
        { seed: 50 + at, auth: deviceWith(credential, attempts) },
      ),
    )
    for (const pair of pairs) connectBoth(pair)
    await runUntil(clock, pairs[0]!, () => false, 500)
    const judged = pairs.filter((pair) => pair[1].events.includes('auth AUTH_FAILED'))
    const blocked = pairs.filter((pair) => pair[1].events.includes('auth AUTH_WAIT'))
    expect([judged.length, blocked.length]).toEqual([1, 9])
  })
})

/** A derivation that ends when the test wants. */
class SlowCrypto {
  readonly asked: {
    readonly salt: string
    readonly finish: () => Promise<void>
    readonly fail: () => void
  }[] = []
  readonly crypto: SessionCrypto = {
    ...quickCrypto,
    pbkdf2Sha256: (password, salt, iterations) =>
      new Promise((resolve, reject) => {
        this.asked.push({
          salt: toHex(salt),
          finish: async () => resolve(await quickCrypto.pbkdf2Sha256(password, salt, iterations)),
          fail: () => reject(new Error('out of threads')),
        })
      }),
  }
}

describe("the host's key derivation", () => {
  test('may take its time: the login waits for it without repeating itself', async () => {
    const slow = new SlowCrypto()
    const { clock, pair, device } = await met(
      { auth: passwordHost(), crypto: slow.crypto },
      { auth: await passwordDevice() },
      5_000,
    )
    expect(steps(device)).toEqual([1])
    await slow.asked[0]?.finish()
    expect(await runUntil(clock, pair, () => areBothUp(pair), clock.nowMs() + 200)).toBe(true)
  })

  test('may end after the line broke: nothing happens, and the next login uses it', async () => {
    const slow = new SlowCrypto()
    const { clock, pair, host, device } = await met(
      { auth: passwordHost(), crypto: slow.crypto },
      { auth: await passwordDevice() },
      500,
    )
    host.disconnect()
    await slow.asked[0]?.finish()
    await runUntil(clock, pair, () => false, clock.nowMs() + 500)
    expect([host.session.phase, device.ups.length, steps(device)]).toEqual(['down', 0, [1]])
    host.connect()
    expect(await runUntil(clock, pair, () => areBothUp(pair), clock.nowMs() + 1_000)).toBe(true)
    expect(slow.asked).toHaveLength(1)
  })

  test('may end in the next epoch: the answer there fits its own challenge', async () => {
    const slow = new SlowCrypto()
    const { clock, pair, host, device } = await met(
      { auth: passwordHost(), crypto: slow.crypto },
      { auth: await passwordDevice() },
      500,
    )
    host.disconnect()
    host.connect()
    await runUntil(clock, pair, () => false, clock.nowMs() + 500)
    await slow.asked[0]?.finish()
    expect(await runUntil(clock, pair, () => areBothUp(pair), clock.nowMs() + 1_000)).toBe(true)
    expect(steps(device)).toEqual([1, 1, 3])
    expect(slow.asked).toHaveLength(1)
  })

  test('runs one at a time, however often the device changes its mind', async () => {
    const slow = new SlowCrypto()
    const clock = new VirtualClock()
    const saltOf = (fill: number): Promise<StoredCredential> =>
      makeCredential(TEST_PASSWORD, new Uint8Array(16).fill(fill), 4096, quickCrypto)
    const pair = sessionPair(
      clock,
      { seed: 1, auth: passwordHost(), crypto: slow.crypto },
      { seed: 2, auth: deviceWith(await saltOf(1)) },
    )
    const [, device] = pair
    connectBoth(pair)
    for (let fill = 2; fill < 6; fill++) {
      await runUntil(clock, pair, () => false, clock.nowMs() + 500)
      device.reboot({ seed: 20 + fill, auth: deviceWith(await saltOf(fill)) })
    }
    await runUntil(clock, pair, () => false, clock.nowMs() + 500)
    expect(slow.asked).toHaveLength(1)
    await slow.asked[0]!.finish()
    await runUntil(clock, pair, () => false, clock.nowMs() + 50)
    expect(slow.asked.map(({ salt }) => salt.slice(0, 2))).toEqual(['01', '05'])
    await slow.asked[1]!.finish()
    expect(await runUntil(clock, pair, () => areBothUp(pair), clock.nowMs() + 200)).toBe(true)
  })

  test('is not needed again for the same salt: logging in after a cut is immediate', async () => {
    let derivations = 0
    const crypto: SessionCrypto = {
      ...quickCrypto,
      pbkdf2Sha256: (...asked) => {
        derivations++
        return quickCrypto.pbkdf2Sha256(...asked)
      },
    }
    const { clock, pair } = await met({ auth: passwordHost(), crypto }, { auth: await passwordDevice() })
    for (let cut = 0; cut < 5; cut++) {
      for (const end of pair) end.disconnect()
      connectBoth(pair)
      expect(await runUntil(clock, pair, () => areBothUp(pair), clock.nowMs() + 200)).toBe(true)
    }
    expect(derivations).toBe(1)
    expect(pair[0].ups.map((up) => up.isResumed)).toEqual([false, true, true, true, true, true])
  })

  test('that fails is a refusal with its text, and may work on the next connection', async () => {
    const slow = new SlowCrypto()
    const { clock, pair, host } = await met(
      { auth: passwordHost(), crypto: slow.crypto },
      { auth: await passwordDevice() },
      500,
    )
    slow.asked[0]!.fail()
    await runUntil(clock, pair, () => false, clock.nowMs() + 50)
    expect(host.session.phase).toBe('refused')
    expect(host.events).toContain('down INTERNAL')
    host.disconnect()
    host.connect()
    await runUntil(clock, pair, () => slow.asked.length > 1, clock.nowMs() + 6_000)
    await slow.asked[1]!.finish()
    expect(await runUntil(clock, pair, () => areBothUp(pair), clock.nowMs() + 6_000)).toBe(true)
  })
})

describe('a device with one password as text', () => {
  test('answers a login when its keys are ready, and not before', async () => {
    const slow = new SlowCrypto()
    const credentials = passwordCredentials(null, TEST_PASSWORD, slow.crypto, 4096)
    const { clock, pair, device } = await met(
      { auth: passwordHost(TEST_PASSWORD, 'anybody') },
      { auth: { kind: 'server', credentials, attempts: new DoublingAttemptLimit() } },
      2_000,
    )
    expect(device.session.phase).toBe('auth')
    await slow.asked[0]!.finish()
    await credentials.ready
    expect(await runUntil(clock, pair, () => areBothUp(pair), clock.nowMs() + 6_000)).toBe(true)
  })

  test('knows its one user, if it has one', async () => {
    const credentials = passwordCredentials('operator', TEST_PASSWORD, quickCrypto, 4096)
    await credentials.ready
    expect([credentials.find('operator') !== undefined, credentials.find('eve')]).toEqual([true, undefined])
  })

  test('says what is wrong with the password, and lets nobody in', async () => {
    const credentials = passwordCredentials(null, '', quickCrypto)
    await expect(credentials.ready).rejects.toMatchObject({ code: 'PASSWORD_INVALID' })
    expect(credentials.isReady).toBe(false)
  })
})

test.each([
  ['', 'operator', 'PASSWORD_INVALID'],
  ['good', 'x'.repeat(101), 'USER_INVALID'],
])('a host with password %j and user %j is refused at once: %s', (password, user, code) => {
  expect(() =>
    sessionPair(new VirtualClock(), { seed: 1, auth: passwordHost(password, user) }, { seed: 2 }),
  ).toThrow(expect.objectContaining({ code }))
})
