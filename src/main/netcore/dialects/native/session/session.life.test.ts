import { describe, expect, test } from 'vitest'
import { concatBytes, utf8 } from '../../../../../shared/bytes'
import {
  areBothUp,
  connectBoth,
  type EndOptions,
  type LineFault,
  passwordDevice,
  passwordHost,
  runUntil,
  type SessionEnd,
  sessionPair,
  TEST_SETTINGS,
} from '../../../../../testing/session-wire'
import { VirtualClock } from '../../../../../testing/virtual-clock'
import { CAPABILITY, type HelloFrame } from '../wire/frames'
import { FrameScanner } from '../wire/frame-scanner'
import { signedContent } from './frame-content'

type Pair = readonly [SessionEnd, SessionEnd]

function pairOf(host: Partial<EndOptions> = {}, device: Partial<EndOptions> = {}) {
  const clock = new VirtualClock()
  const pair = sessionPair(clock, { seed: 1, ...host }, { seed: 2, ...device })
  return { clock, pair, host: pair[0], device: pair[1] }
}

async function met(host: Partial<EndOptions> = {}, device: Partial<EndOptions> = {}) {
  const all = pairOf(host, device)
  connectBoth(all.pair)
  expect(await runUntil(all.clock, all.pair, () => areBothUp(all.pair), 10_000)).toBe(true)
  return all
}

const pass = (clock: VirtualClock, pair: Pair, ms: number): Promise<boolean> =>
  runUntil(clock, pair, () => false, clock.nowMs() + ms)

const count = (end: SessionEnd, kind: string): number =>
  end.received.filter((frame) => frame.kind === kind).length
const hellos = (end: SessionEnd): HelloFrame[] =>
  end.received.flatMap((frame) => (frame.kind === 'hello' ? [frame] : []))
const silent: LineFault = () => new Uint8Array(0)
const clear: LineFault = (bytes) => bytes
const problems = (pair: Pair): string[] => pair.flatMap((end) => end.problems)

/** No clock, so that only silence is asked about. */
const clockless = { settings: { ...TEST_SETTINGS, capabilities: CAPABILITY.resume, tickNs: 0 } }

describe('the handshake', () => {
  test('takes two HELLOs each when both begin at once, and then HELLOs end', async () => {
    const { clock, pair, host, device } = await met()
    await pass(clock, pair, 30_000)
    expect([count(host, 'hello'), count(device, 'hello')]).toEqual([2, 2])
  })

  test('takes three HELLOs when one side begins later, and is done two ways over the line after that', async () => {
    const { clock, pair, host, device } = pairOf()
    host.connect()
    await pass(clock, pair, 1_000)
    const sent = host.out.bytesSent
    device.connect()
    expect(await runUntil(clock, pair, () => areBothUp(pair), clock.nowMs() + 40)).toBe(true)
    await pass(clock, pair, 100)
    expect(hellos(host).map((hello) => hello.hasHeard)).toEqual([false, true])
    expect(hellos(device)).toHaveLength(1)
    expect(sent).toBeGreaterThan(0)
  })

  test('is tried after 250 ms, doubling to 5 s, while nobody answers', async () => {
    const { clock, pair, host } = pairOf()
    const sentAtMs: number[] = []
    host.out.fault = (bytes) => {
      if (bytes.length > 1) sentAtMs.push(clock.nowMs())
      return bytes
    }
    host.connect()
    await pass(clock, pair, 25_000)
    const pauses = sentAtMs.slice(1).map((atMs, at) => Math.round(atMs - sentAtMs[at]!))
    expect(pauses.slice(0, 7)).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000])
  })

  test('a frame outside the session is answered by HELLO, at most ten times a second', async () => {
    const { clock, pair, host } = pairOf()
    host.connect()
    await pass(clock, pair, 1_000)
    const before = host.out.sent.length
    for (let atMs = 0; atMs < 1_000; atMs += 5) {
      host.session.numberedFrameOutsideSession(clock.nowMs())
      host.settle()
      await pass(clock, pair, 5)
    }
    const answers = host.out.sent.length - before
    expect(answers).toBeGreaterThanOrEqual(9)
    expect(answers).toBeLessThanOrEqual(11)
  })

  test('ignores capabilities that nobody here knows, and keeps those of both', async () => {
    const unknown = 0x8000_0000
    const both = CAPABILITY.resume | CAPABILITY.alias
    const { host, device } = await met(
      { settings: { ...TEST_SETTINGS, capabilities: (both | CAPABILITY.sub | unknown) >>> 0 } },
      { settings: { ...TEST_SETTINGS, capabilities: (both | CAPABILITY.name) >>> 0 } },
    )
    expect(host.session.peer?.capabilities).toBe(both)
    expect(device.session.peer?.capabilities).toBe(both)
    expect(device.session.peer?.peerCapabilities).toBe((both | CAPABILITY.sub | unknown) >>> 0)
  })

  test('tells each side what the other offers', async () => {
    const offer = {
      ...TEST_SETTINGS,
      largestFrameBytes: 120,
      receiveBytes: 512,
      slots: 2,
      urgentSlots: 1,
      firstCreditBytes: 384,
      ackDelayUs: 7_000,
      largestMessageBytes: 1e9,
      identity: 'thermometer 3.1 #42',
    }
    const { host } = await met({}, { settings: offer })
    expect(host.session.peer).toMatchObject({ ...offer, major: 1, isXsafe: false })
  })

  test('fits every device: a long identity is cut at a whole character', async () => {
    const identity = `µ${'gerät '.repeat(100)}`
    const { host, device } = await met({ settings: { ...TEST_SETTINGS, identity } })
    expect(hellos(device).every((hello) => signedContent(hello).length <= 120)).toBe(true)
    const told = device.session.peer!.identity
    expect(identity.startsWith(told)).toBe(true)
    expect(utf8(told).length).toBeGreaterThan(60)
    expect(host.session.phase).toBe('up')
  })

  test.each([
    [{ largestFrameBytes: 47 }, 'HELLO_UNREADABLE'],
    [{ receiveBytes: 20 }, 'HELLO_UNREADABLE'],
  ])('is refused by name when a device can take too little: %j', async (over, code) => {
    const { clock, pair, host, device } = pairOf({}, { settings: { ...TEST_SETTINGS, ...over } })
    connectBoth(pair)
    await pass(clock, pair, 1_000)
    expect(host.events).toContain(`down ${code}`)
    expect(host.session.phase).toBe('incompatible')
    expect(device.session.phase).toBe('incompatible')
  })
})

describe('versions', () => {
  test('without a common one end in a refusal that names both ranges on both sides, and are tried every 5 s', async () => {
    const { clock, pair, host, device } = pairOf(
      { majors: { highest: 1, lowest: 1 } },
      { majors: { highest: 3, lowest: 2 } },
    )
    connectBoth(pair)
    await pass(clock, pair, 1_000)
    expect([host.session.phase, device.session.phase]).toEqual(['incompatible', 'incompatible'])
    for (const end of pair) {
      expect(end.events.filter((event) => event.startsWith('down '))).toEqual(['down VERSION_MISMATCH'])
    }
    const texts = [...host.received, ...device.received].flatMap((frame) =>
      frame.kind === 'bye' ? [frame.text] : [],
    )
    expect(texts.length).toBeGreaterThan(0)
    for (const text of texts) {
      expect(text).toContain('version 1')
      expect(text).toContain('versions 2 to 3')
    }
    const before = count(device, 'hello')
    await pass(clock, pair, 20_000)
    const tries = count(device, 'hello') - before
    expect(tries).toBeGreaterThanOrEqual(3)
    expect(tries).toBeLessThanOrEqual(5)
    expect(host.events.filter((event) => event.startsWith('down '))).toHaveLength(1)
  })

  test('take the highest common one', async () => {
    const { host, device } = await met(
      { majors: { highest: 7, lowest: 1 } },
      { majors: { highest: 5, lowest: 4 } },
    )
    expect([host.session.peer?.major, device.session.peer?.major]).toEqual([5, 5])
  })

  test('come together when the device was updated', async () => {
    const { clock, pair, device } = pairOf({}, { majors: { highest: 3, lowest: 2 } })
    connectBoth(pair)
    await pass(clock, pair, 3_000)
    device.reboot({ seed: 9, majors: { highest: 3, lowest: 1 } })
    expect(await runUntil(clock, pair, () => areBothUp(pair), clock.nowMs() + 6_000)).toBe(true)
  })
})

describe('a peer that comes back', () => {
  test('with its memory resumes: nothing is lost, numbers begin again', async () => {
    const { clock, pair, host, device } = await met({ sendsData: true }, { sendsData: true })
    await pass(clock, pair, 300)
    host.disconnect()
    await pass(clock, pair, 2_000)
    host.connect()
    await pass(clock, pair, 1_000)
    expect(host.events.filter((event) => /^up |^down /.test(event))).toEqual(['up fresh 0', 'up resumed 1'])
    expect(device.events.filter((event) => /^up |^down |suspended/.test(event))).toEqual([
      'up fresh 0',
      'suspended',
      'up resumed 1',
    ])
    expect(problems(pair)).toEqual([])
  })

  test('without its memory is told as such, and is up again at once', async () => {
    const { clock, pair, host, device } = await met({ sendsData: true }, { sendsData: true })
    device.reboot({ seed: 33, sendsData: true })
    await pass(clock, pair, 1_000)
    expect(host.events.filter((event) => /^up |^down /.test(event))).toEqual([
      'up fresh 0',
      'down PEER_RESTARTED',
      'up fresh 0',
    ])
    expect(problems(pair)).toEqual([])
  })

  test('but keeps nothing over an interruption is told as restarted', async () => {
    const forgetful = { ...TEST_SETTINGS, capabilities: TEST_SETTINGS.capabilities & ~CAPABILITY.resume }
    const { clock, pair, host } = await met({}, { settings: forgetful })
    host.disconnect()
    host.connect()
    await pass(clock, pair, 1_000)
    expect(host.events.filter((event) => /^up |^down /.test(event))).toEqual([
      'up fresh 0',
      'down PEER_RESTARTED',
      'up fresh 1',
    ])
    expect(problems(pair)).toEqual([])
  })

  test('too late finds itself forgotten', async () => {
    const { clock, pair, host, device } = await met()
    host.disconnect()
    device.disconnect()
    await pass(clock, pair, 61_000)
    expect(host.events).toContain('down SESSION_EXPIRED')
    expect(device.events).toContain('down SESSION_EXPIRED')
    connectBoth(pair)
    await pass(clock, pair, 1_000)
    expect(host.ups.map((up) => up.isResumed)).toEqual([false, false])
    expect(problems(pair)).toEqual([])
  })

  test('may have been forgotten by one side only', async () => {
    const { clock, pair, host, device } = await met({ timing: { sessionMs: 5_000 } })
    host.disconnect()
    device.disconnect()
    await pass(clock, pair, 6_000)
    connectBoth(pair)
    await pass(clock, pair, 1_000)
    expect(areBothUp(pair)).toBe(true)
    expect(device.events).toContain('down PEER_RESTARTED')
    expect(problems(pair)).toEqual([])
  })

  test('after many connections on which nothing was heard does not resume on a number that has gone round', async () => {
    const { clock, pair, host } = await met()
    host.out.fault = silent
    for (let at = 0; at < 130; at++) {
      host.disconnect()
      host.connect()
      await pass(clock, pair, 20)
    }
    host.out.fault = clear
    host.disconnect()
    host.connect()
    expect(await runUntil(clock, pair, () => areBothUp(pair), clock.nowMs() + 10_000)).toBe(true)
    expect(problems(pair)).toEqual([])
  })
})

describe('silence', () => {
  test('is asked about after 2 s, called by name after 6 s, and over with the first frame', async () => {
    const { clock, pair, host, device } = await met(clockless, clockless)
    device.out.fault = silent
    const pings = count(device, 'ping')
    const fromMs = clock.nowMs()
    await runUntil(clock, pair, () => count(device, 'ping') > pings, fromMs + 10_000)
    expect(clock.nowMs() - fromMs).toBeGreaterThanOrEqual(1_990)
    expect(clock.nowMs() - fromMs).toBeLessThan(2_050)
    await runUntil(clock, pair, () => host.session.condition === 'silent', fromMs + 10_000)
    expect(clock.nowMs() - fromMs).toBeGreaterThanOrEqual(5_990)
    expect(clock.nowMs() - fromMs).toBeLessThan(6_050)
    expect(host.session.phase).toBe('up')
    device.out.fault = clear
    await runUntil(clock, pair, () => host.session.condition === 'live', clock.nowMs() + 2_100)
    expect(host.events.slice(-2)).toEqual(['silent', 'up'])
    expect(host.events.join()).not.toContain('down ')
  })

  test('of a minute ends the session on both sides, and a new one begins when the line is back', async () => {
    const { clock, pair, host, device } = await met()
    for (const end of pair) end.out.fault = silent
    await pass(clock, pair, 61_000)
    for (const end of pair) {
      expect(end.events).toContain('down SESSION_EXPIRED')
      expect(end.session.phase).toBe('hello')
      end.out.fault = clear
    }
    expect(await runUntil(clock, pair, () => areBothUp(pair), clock.nowMs() + 6_000)).toBe(true)
    expect([host.ups.length, device.ups.length]).toEqual([2, 2])
    expect(problems(pair)).toEqual([])
  })

  test('of one direction is told apart: the pipe says that nothing shows it is heard', async () => {
    const { clock, host } = await met()
    host.session.noteOneWay(true, clock.nowMs())
    expect([host.session.phase, host.session.condition]).toEqual(['up', 'one-way'])
    host.session.noteOneWay(true, clock.nowMs())
    host.session.noteOneWay(false, clock.nowMs())
    expect(host.events.slice(-2)).toEqual(['one-way', 'up'])
  })

  test('costs each side at most a PING and a PONG in two seconds on an idle line without clocks', async () => {
    const { clock, pair, host, device } = await met(clockless, clockless)
    await pass(clock, pair, 60_000)
    for (const end of [host, device]) {
      expect(count(end, 'pong')).toBeLessThanOrEqual(30)
      expect(count(end, 'ping')).toBeLessThanOrEqual(30)
    }
    expect(count(host, 'ping') + count(device, 'ping')).toBeGreaterThanOrEqual(25)
    expect(host.session.condition).toBe('live')
  })
})

describe('the clock', () => {
  test('is known after half a second, and its drift after a good minute', async () => {
    const { clock, pair, host } = await met()
    await pass(clock, pair, 600)
    expect(host.clockSamples.length).toBeGreaterThanOrEqual(8)
    const early = host.clockSamples.at(-1)!
    expect(early.driftPpm).toBeNull()
    expect(Math.abs(early.offsetMs)).toBeLessThan(0.01)
    await pass(clock, pair, 90_000)
    expect(Math.abs(host.clockSamples.at(-1)!.driftPpm!)).toBeLessThan(1)
  })

  test('begins anew with the peer, and goes on over an interruption', async () => {
    const { clock, pair, host, device } = await met()
    await pass(clock, pair, 90_000)
    host.disconnect()
    host.connect()
    await pass(clock, pair, 6_000)
    expect(host.clockSamples.at(-1)!.driftPpm).not.toBeNull()
    device.reboot({ seed: 44 })
    await pass(clock, pair, 1_000)
    expect(host.clockSamples.at(-1)!.driftPpm).toBeNull()
  })

  test('is not asked of a device that has none', async () => {
    const { clock, pair, host, device } = await met({}, clockless)
    await pass(clock, pair, 1_900)
    expect([host.clockSamples, count(device, 'ping')]).toEqual([[], 0])
  })

  test('is not read while other bytes are on the line', async () => {
    const { clock, host } = await met()
    const nowMs = clock.nowMs() + 5_000
    host.session.noteFrame(nowMs)
    host.session.wake(nowMs)
    expect(host.session.nextFrame(nowMs, false)).toBeUndefined()
    expect(host.session.wakeAtMs).toBeLessThanOrEqual(nowMs + 50)
    host.session.wake(nowMs + 50)
    expect(host.session.nextFrame(nowMs + 50, true)?.kind).toBe('ping')
  })
})

describe('a goodbye', () => {
  test('is answered once, and ends the session on both sides', async () => {
    const { clock, pair, host, device } = await met()
    host.farewell()
    expect([host.session.phase, host.session.isFarewellOver]).toEqual(['down', false])
    await pass(clock, pair, 1_000)
    expect(host.session.isFarewellOver).toBe(true)
    expect([count(host, 'bye'), count(device, 'bye')]).toEqual([1, 1])
    expect(device.events).toContain('down PEER_CLOSED')
    expect(host.events.join()).not.toContain('down ')
  })

  test('is said three times when nobody answers, and then it is over', async () => {
    const { clock, pair, host, device } = await met()
    device.out.fault = silent
    host.farewell()
    await pass(clock, pair, 2_000)
    expect(count(device, 'bye')).toBe(3)
    expect(host.session.isFarewellOver).toBe(true)
    expect(device.events.filter((event) => event.startsWith('down '))).toEqual(['down PEER_CLOSED'])
  })

  test('is followed by a new session when the other side comes again', async () => {
    const { clock, pair, host } = await met()
    host.farewell()
    await pass(clock, pair, 500)
    host.disconnect()
    host.connect()
    expect(await runUntil(clock, pair, () => areBothUp(pair), clock.nowMs() + 1_000)).toBe(true)
    expect(host.ups.map((up) => up.isResumed)).toEqual([false, false])
    expect(problems(pair)).toEqual([])
  })

  test('to nobody is over at once', () => {
    const { clock, host } = pairOf()
    host.session.farewell(0, '', clock.nowMs())
    expect(host.session.isFarewellOver).toBe(true)
    host.connect()
    host.session.farewell(0, '', clock.nowMs())
    expect(host.session.isFarewellOver).toBe(true)
  })
})

describe('a line that gives back what is sent', () => {
  test('is recognised, and tried again every 5 s', async () => {
    const { clock, pair, host } = pairOf()
    host.peer = host
    host.connect()
    await pass(clock, pair, 1_000)
    expect(host.session.phase).toBe('refused')
    expect(host.events.filter((event) => event.startsWith('down '))).toEqual(['down LINE_ECHO'])
    const before = host.out.sent.length
    await pass(clock, pair, 20_000)
    expect(host.out.sent.length - before).toBe(4)
    expect(host.events.filter((event) => event.startsWith('down '))).toHaveLength(1)
  })

  test('does not become a session with the real peer behind it, until the echo is gone', async () => {
    const { clock, pair, host, device } = pairOf()
    host.out.fault = (bytes) => {
      clock.schedule(clock.nowMs() + 1, () => host.deliver(bytes))
      return bytes
    }
    connectBoth(pair)
    await pass(clock, pair, 12_000)
    expect(host.ups).toEqual([])
    expect(host.events).toContain('down LINE_ECHO')
    host.out.fault = clear
    expect(await runUntil(clock, pair, () => areBothUp(pair), clock.nowMs() + 11_000)).toBe(true)
    expect(device.session.phase).toBe('up')
  })
})

describe('XON/XOFF-safe mode', () => {
  const swallowing: LineFault = (bytes) => bytes.filter((byte) => byte !== 0x11 && byte !== 0x13)

  test('is agreed on when either side asks, and everything after the handshake is escaped', async () => {
    const { host, device } = await met({ wantsXsafe: true }, {})
    expect([host.session.peer?.isXsafe, device.session.peer?.isXsafe]).toEqual([true, true])
    expect([host.session.scannerMode, device.session.scannerMode]).toEqual(['escaped', 'escaped'])
  })

  test('is not agreed on with a peer that cannot', async () => {
    const { host } = await met(
      { wantsXsafe: true },
      { settings: { ...TEST_SETTINGS, capabilities: CAPABILITY.resume } },
    )
    expect([host.session.peer?.isXsafe, host.session.scannerMode]).toEqual([false, 'plain'])
  })

  test('brings any session up on a line that swallows XON and XOFF, with a password too', async () => {
    let escaped = 0
    for (let seed = 0; seed < 40; seed++) {
      const { clock, pair } = pairOf(
        { seed: seed * 2 + 1, wantsXsafe: seed % 2 === 0, auth: passwordHost() },
        { seed: seed * 2 + 2, wantsXsafe: seed % 2 === 1, auth: await passwordDevice() },
      )
      for (const end of pair) end.out.fault = swallowing
      connectBoth(pair)
      expect(await runUntil(clock, pair, () => areBothUp(pair), 20_000)).toBe(true)
      for (const end of pair) {
        const bytes = concatBytes(end.out.sent)
        escaped += bytes.filter((byte) => byte === 0x7d).length
      }
    }
    expect(escaped).toBeGreaterThan(50)
  })

  test('alternates HELLO between the two ways while nobody answers', async () => {
    const { clock, pair, host } = pairOf({ seed: 5 })
    host.connect()
    await pass(clock, pair, 8_000)
    const ways = host.out.sent.slice(1).map((bytes) => {
      const readable: string[] = []
      for (const mode of ['plain', 'escaped'] as const) {
        const scanner = new FrameScanner('cobs', { largestFrameBytes: 4096 })
        scanner.xsafe = mode
        scanner.receive(bytes, { frame: () => readable.push(mode), fault: () => {} })
      }
      return readable.join('+')
    })
    expect(ways.length).toBeGreaterThanOrEqual(5)
    const isAlternating = ways.every((way, at) => way.includes(at % 2 === 0 ? 'plain' : 'escaped'))
    expect({ ways, isAlternating }).toMatchObject({ isAlternating: true })
  })
})
