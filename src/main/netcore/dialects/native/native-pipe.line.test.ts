import { describe, expect, test } from 'vitest'
import { utf8 } from '../../../../shared/bytes'
import { crc32c } from '../../../../shared/bytes/crc32c'
import type { SessionEvent, StackEvent, Unlinked } from '../../../../shared/model/trace'
import { NativeLine, type NativeLineOptions } from '../../../../testing/native-line'
import { runTraffic } from '../../../../testing/native-traffic'

const NOTHING = new Uint8Array(0)
const noise = (bytes: number): Uint8Array => {
  let state = 7
  return Uint8Array.from({ length: bytes }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state >> 16
  })
}

interface Watched extends NativeLine {
  readonly events: { near: StackEvent[]; far: StackEvent[] }
  /** Bodies that reached the far side, and when. */
  readonly bodies: { readonly body: Uint8Array; readonly atMs: number }[]
}

function plugged(options: Partial<NativeLineOptions> = {}): Watched {
  const events: Watched['events'] = { near: [], far: [] }
  const line = new NativeLine({
    seed: 1,
    baud: 115_200,
    ...options,
    onTrace: (side, event) => events[side].push(event),
  }) as Watched
  const bodies: Watched['bodies'] = []
  Object.assign(line, { events, bodies })
  listen(line)
  line.plug()
  line.run(3_000, () => line.near.stack.isReady && line.far.stack.isReady)
  return line
}

function listen(line: Watched): void {
  line.far.stack.onUnrouted(({ body }) => {
    line.bodies.push({ body, atMs: line.nowMs })
    return undefined
  })
}

const phasesOf = (events: readonly StackEvent[]): string[] =>
  events
    .filter((event): event is Unlinked<SessionEvent> => event.type === 'session')
    .map(({ phase, isResumed }) => phase + (isResumed ? ' again' : ''))

const send = (line: Watched, body: Uint8Array, priority: 0 | 3 | 5 = 3): number =>
  line.near.stack.send({ route: 'r', kind: 'event', body, priority }, line.nowMs).messageKey

/** Numbered frames from the near side, counted. */
const numbered = new Set([
  'req',
  'sub',
  'evt',
  'data',
  'ans',
  'back',
  'probe',
  'credit',
  'cancel',
  'alias',
  'end',
])

describe('what gets lost', () => {
  test('at the end of everything is asked for again by the probe timer', () => {
    let lost = 0
    const line = plugged({
      lose: (side, { frameKind }) => side === 'near' && frameKind === 'evt' && lost++ === 0,
    })
    const sentMs = line.nowMs
    send(line, utf8('only'))
    line.run(sentMs + 2_000, () => line.bodies.length > 0)
    // 4 × (c + 16) / R + 50 ms is the first probe without any sample.
    expect(line.bodies[0]!.atMs - sentMs).toBeLessThan(4 * ((256 + 16) / 11.52) + 50 + 40)
    expect(lost).toBe(2)
  })

  test('as the first frame of a message is repeated, and what followed it is not', () => {
    let lost = 0
    const line = plugged({
      lose: (side, { frameKind }) => side === 'near' && frameKind === 'evt' && lost++ === 0,
    })
    send(line, noise(2_000))
    line.run(line.nowMs + 3_000, () => line.bodies.length > 0)
    expect(line.bodies[0]!.body).toEqual(noise(2_000))
    expect(line.near.counts.repeatedBytes).toBeLessThan(300)
  })

  test('of ACKs delays nobody for long, and repeats little', () => {
    let lost = 0
    const line = plugged({
      lose: (side, { frameKind }) => side === 'far' && frameKind === 'ack' && lost++ % 2 === 0,
    })
    const startMs = line.nowMs
    send(line, noise(40_000))
    line.run(startMs + 20_000, () => line.bodies.length > 0)
    expect(line.bodies[0]!.body).toEqual(noise(40_000))
    expect(line.nowMs - startMs).toBeLessThan((1.08 * 40_000) / 11.52)
    expect(line.near.counts.repeatedBytes).toBeLessThan(1_000)
  })

  test('is asked for although our own ACKs keep the line busy', () => {
    let lost = 0
    const line = plugged({
      lose: (side, { frameKind }) => side === 'near' && frameKind === 'evt' && lost++ === 0,
    })
    line.far.stack.send({ route: 'bulk', kind: 'event', body: noise(60_000), priority: 5 }, line.nowMs)
    const sentMs = line.nowMs
    line.at(sentMs + 100, () => send(line, utf8('alone')))
    line.run(sentMs + 4_000, () => line.bodies.length > 0)
    expect(line.bodies[0]!.atMs - sentMs - 100).toBeLessThan(400)
  })
})

describe('a direction that is dead', () => {
  test('is found out while frames come, told, and nothing is lost by it', () => {
    const line = plugged()
    line.near.isDead = true
    const startMs = line.nowMs
    send(line, utf8('kept'))
    for (let k = 1; k < 20; k++) {
      line.at(startMs + k * 500, () =>
        line.far.stack.send({ route: 'f', kind: 'event', body: NOTHING }, line.nowMs),
      )
    }
    line.run(startMs + 8_000)
    expect(phasesOf(line.events.near)).toEqual(['handshake', 'ready', 'one-way'])
    line.near.isDead = false
    line.run(startMs + 15_000)
    expect(phasesOf(line.events.near).at(-1)).toBe('ready')
    expect(line.bodies).toHaveLength(1)
  })

  test('for numbered frames only, for longer than numbers last, begins a new epoch and loses nothing', () => {
    let isDeaf = false
    const line = plugged({
      lose: (side, { frameKind }) => side === 'near' && isDeaf && numbered.has(frameKind),
    })
    send(line, utf8('first'))
    line.run(line.nowMs + 1_000)
    isDeaf = true
    const startMs = line.nowMs
    send(line, noise(3_000))
    for (let k = 1; k < 800; k++) {
      line.at(startMs + k * 1_000, () =>
        line.far.stack.send({ route: 'f', kind: 'event', body: NOTHING }, line.nowMs),
      )
    }
    line.run(startMs + 780_000)
    expect(phasesOf(line.events.near)).toContain('ready again')
    isDeaf = false
    line.run(startMs + 800_000)
    expect(line.bodies.map(({ body }) => body.length)).toEqual([5, 3_000])
    expect(line.bodies[1]!.body).toEqual(noise(3_000))
  })
})

describe('numbers and positions', () => {
  test('may wrap as often as they like: a message of 1.2 MB over a damaging line', () => {
    const line = plugged({ baud: 12_000_000, flip: 1e-5, drop: 1e-5 })
    const body = noise(1_200_000)
    send(line, body)
    send(line, body.subarray(0, 70_000))
    line.run(line.nowMs + 20_000, () => line.bodies.length === 2)
    const digests = line.bodies.map(({ body: came }) => [came.length, crc32c(0, came, 0, came.length)])
    expect(digests.sort()).toEqual(
      [70_000, 1_200_000].map((bytes) => [bytes, crc32c(0, body, 0, bytes)]).sort(),
    )
    expect(line.near.counts.frames['data']).toBeGreaterThan(600)
    expect(line.near.counts.repeatedBytes).toBeGreaterThan(0)
  })

  test('of a slot used again at once never mix with late repeats of its former message', () => {
    const limits = { reassemblyMessages: 1 }
    const line = plugged({ flip: 2e-3, drop: 2e-3, near: { limits }, far: { limits } })
    for (let k = 0; k < 150; k++) send(line, utf8(`message ${k}`.padEnd(20 + (k % 7) * 40, '.')), 5)
    for (let k = 1; k < 8; k++) {
      line.at(line.nowMs + k * 700, () => line.unplug())
      line.at(line.nowMs + k * 700 + 30, () => line.plug())
    }
    line.run(line.nowMs + 60_000, () => line.bodies.length === 150)
    line.run(line.nowMs + 2_000)
    const texts = line.bodies.map(({ body }) => Buffer.from(body).toString().replaceAll('.', ''))
    expect(texts).toEqual(Array.from({ length: 150 }, (_, k) => `message ${k}`))
    expect(line.near.counts.repeatedBytes).toBeGreaterThan(1_000)
  })
})

describe('credit', () => {
  test('stops the answers to a subscription that nobody takes, and only those', () => {
    const line = plugged({ baud: 921_600, near: { limits: { reassemblyBytes: 4_096 * 512 } } })
    line.far.stack.route('many', (request) => {
      for (let k = 0; k < 60; k++) request.reply({ body: new Uint8Array(1_000).fill(k), hasMore: k < 59 })
      return undefined
    })
    line.far.stack.route('echo', ({ body }) => ({ body }))
    const got: number[] = []
    let isTaking = false
    let hasEnded = false
    const { near } = line
    const { messageKey } = near.stack.subscribe(
      {
        route: 'many',
        body: NOTHING,
        onAnswer: ({ body }) => {
          got.push(body[0]!)
          return isTaking
        },
        onEnd: () => {
          hasEnded = true
        },
      },
      line.nowMs,
    )
    line.run(line.nowMs + 3_000)
    // As many as fit, and the one that was on its way.
    expect(got).toEqual([0, 1, 2, 3, 4])
    let answers = 0
    for (let k = 0; k < 20; k++) {
      void near.stack
        .request({ route: 'echo', body: new Uint8Array(50) }, line.nowMs)
        .answer.then(() => answers++)
      const before = line.far.counts.frames['ans'] ?? 0
      line.run(line.nowMs + 30)
      expect(line.far.counts.frames['ans']).toBe(before + 1)
    }
    expect(got).toHaveLength(5)
    isTaking = true
    near.stack.consumed(messageKey, 5_000, line.nowMs)
    line.run(line.nowMs + 3_000, () => hasEnded)
    expect(got).toEqual(Array.from({ length: 60 }, (_, k) => k))
    expect(hasEnded).toBe(true)
  })
})

describe('the cost on the wire', () => {
  test.each([
    ['random', noise(1_000_000)],
    ['text', new Uint8Array(1_000_000).fill(97)],
  ])('of 4 KiB chunks under LEN is at most 0.25 percent, acknowledgements included (%s)', (_name, body) => {
    const line = new NativeLine({ seed: 1 })
    line.plug()
    line.run(100)
    const before = line.near.counts.carriedBytes
    line.near.stack.send({ route: 'r', kind: 'event', body }, line.nowMs)
    line.run(line.nowMs + 1_000)
    expect(line.near.counts.carriedBytes - before).toBeLessThanOrEqual(1.0025 * body.length)
    expect(line.near.counts.carriedBytes - before).toBeGreaterThan(body.length)
    expect(line.far.counts.carriedBytes).toBeLessThan(0.001 * body.length)
  })

  test('of 4 KiB chunks under COBS is at most 0.7 percent, random or text', () => {
    let ofMessages = 0
    const line = new NativeLine({
      seed: 1,
      baud: 3_000_000,
      onFrame: (side, { messageKey, wireBytes }) => {
        if (side === 'near' && messageKey !== 0) ofMessages += wireBytes
      },
    })
    line.plug()
    line.run(100)
    const { stack } = line.near
    // A line that was good for long is given its largest chunks.
    stack.send({ route: 'r', kind: 'event', body: noise(3_500_000) }, line.nowMs)
    line.run(line.nowMs + 13_000)
    for (const body of [noise(524_288), new Uint8Array(524_288).fill(97)]) {
      ofMessages = 0
      stack.send({ route: 'r', kind: 'event', body }, line.nowMs)
      line.run(line.nowMs + 3_000)
      expect(ofMessages).toBeLessThanOrEqual(1.007 * body.length)
      expect(ofMessages).toBeGreaterThan(body.length)
    }
  })

  test('of a 20-byte body is at most 10 bytes, once its route has an alias', () => {
    for (const baud of [115_200, undefined]) {
      const sizes: number[] = []
      const line = new NativeLine({
        seed: 1,
        ...(baud !== undefined && { baud }),
        onFrame: (side, frame) => {
          if (side === 'near' && frame.frameKind === 'req') sizes.push(frame.wireBytes)
        },
      })
      line.plug()
      line.run(1_000)
      for (let k = 0; k < 4; k++) {
        line.near.stack.request({ route: 'a/long/name/of/a/route', body: new Uint8Array(20) }, line.nowMs)
        line.run(line.nowMs + 200)
      }
      expect(sizes.at(-1)).toBeLessThanOrEqual(30)
    }
  })
})

describe('the device begins anew', () => {
  test('what had begun fails, and says whether it may have been executed; what had not goes out', async () => {
    const line = plugged({ far: { limits: { reassemblyMessages: 2 } } })
    const silent = (): undefined => undefined
    line.far.stack.route('quiet', silent)
    const { stack } = line.near
    const outcomes: Promise<string>[] = []
    const ask = (body: Uint8Array): void => {
      const { answer } = stack.request({ route: 'quiet', body, priority: 5 }, line.nowMs)
      outcomes.push(
        answer.then(
          () => 'answered',
          (error: unknown) => `${(error as { code: string }).code}: ${(error as Error).message}`,
        ),
      )
    }
    ask(NOTHING)
    line.run(line.nowMs + 100)
    ask(noise(20_000))
    line.run(line.nowMs + 100)
    ask(utf8('queued'))
    send(line, utf8('also queued'), 5)
    line.unplug()
    line.reboot((rebooted) => {
      rebooted.route('quiet', ({ body }) => ({ body }))
    })
    listen(line)
    line.run(line.nowMs + 500)
    line.plug()
    await line.runAsync(line.nowMs + 5_000)
    const [waiting, halfway, queued] = await Promise.all(outcomes)
    expect(waiting).toMatch(/^PEER_RESTARTED: .*perhaps executed/)
    expect(halfway).toMatch(/^PEER_RESTARTED: .*did not arrive completely/)
    expect(queued).toBe('answered')
    expect(line.bodies.map(({ body }) => Buffer.from(body).toString())).toEqual(['also queued'])
    expect(line.near.pipe.isIdle).toBe(true)
  })

  test('answers to what it asked before are refused, and its handlers are told', async () => {
    const line = plugged()
    let aborted: unknown
    let answerLate = (): void => undefined
    line.near.stack.route('slow', (request) => {
      request.signal.addEventListener(
        'abort',
        () => (aborted = (request.signal.reason as { code: string }).code),
      )
      return new Promise((resolve) => {
        answerLate = () => resolve({ body: utf8('too late') })
      })
    })
    void line.far.stack.request({ route: 'slow', body: NOTHING }, line.nowMs).answer.catch(() => undefined)
    line.run(line.nowMs + 100)
    line.unplug()
    line.reboot(() => undefined)
    line.plug()
    await line.runAsync(line.nowMs + 1_000)
    expect(aborted).toBe('REQUEST_CANCELLED')
    answerLate()
    await line.runAsync(line.nowMs + 1_000)
    const opened = line.events.near.filter((event) => event.type === 'message-opened' && event.dir === 'out')
    expect(opened).toEqual([])
    expect(line.near.pipe.isIdle).toBe(true)
  })
})

describe('a session', () => {
  test('outlives an unplugged cable for a minute, and not longer', async () => {
    for (const [awayMs, isKept] of [
      [55_000, true],
      [65_000, false],
    ] as const) {
      const line = plugged()
      line.far.stack.route('echo', ({ body }) => ({ body }))
      const { answer } = line.near.stack.request(
        { route: 'echo', body: noise(5_000), timeoutMs: 200_000 },
        line.nowMs,
      )
      const outcome = answer.then(
        () => 'answered',
        (error: unknown) => (error as { code: string }).code,
      )
      line.run(line.nowMs + 150)
      line.unplug()
      await line.runAsync(line.nowMs + awayMs)
      line.plug()
      await line.runAsync(line.nowMs + 5_000)
      expect(await outcome).toBe(isKept ? 'answered' : 'SESSION_EXPIRED')
      expect(phasesOf(line.events.near).at(-1)).toBe(isKept ? 'ready again' : 'ready')
    }
  })

  test('that ends with the link settles everything, and says goodbye', () => {
    const line = plugged()
    const key = send(line, noise(50_000))
    send(line, utf8('waits'), 5)
    line.run(line.nowMs + 300)
    line.near.stack.farewell(line.nowMs)
    line.run(line.nowMs + 100)
    expect(line.near.counts.frames['bye']).toBe(1)
    line.unplug()
    line.near.stack.stop(line.nowMs, 'LINK_LOST')
    const closed = line.events.near.filter((event) => event.type === 'message-closed')
    expect(closed).toMatchObject([{ messageKey: key, outcome: 'interrupted' }, { outcome: 'interrupted' }])
    expect(line.near.pipe.isIdle).toBe(true)
    const told = line.events.far.find((event) => event.type === 'session' && event.code === 'PEER_CLOSED')
    expect(told).toBeDefined()
    expect(line.far.pipe.isIdle).toBe(true)
  })
})

describe('at 115,200 baud, two transfers of 64 KiB each way and urgent messages between', () => {
  // Goodput as native-study.md §4.1 measures it, for the chunk size that `auto` takes; urgent p99 with room for few samples.
  test.each([
    ['without damage', 0, 0.94, 45],
    ['with 1e-5 of the bytes damaged', 1e-5, 0.93, 50],
    ['with 1e-4', 1e-4, 0.9, 110],
    ['with 1e-3', 1e-3, 0.75, 130],
  ])(
    '%s: nothing lost, doubled or wrong, goodput and waits as simulated',
    (_name, damaged, goodput, p99Ms) => {
      const counts = runTraffic({
        seed: 3,
        baud: 115_200,
        forMs: 60_000,
        flip: damaged / 2,
        drop: damaged / 2,
      })
      expect(counts).toMatchObject({ lost: 0, doubled: 0, wrong: 0, isIdle: true })
      expect(counts.delivered).toBe(counts.sent)
      expect(counts.goodput).toBeGreaterThan(goodput)
      expect(counts.urgentP50Ms).toBeLessThan(32)
      expect(counts.urgentP99Ms).toBeLessThan(p99Ms)
    },
  )

  test('with 1e-4 flips and 1e-4 losses: 0 wrong, 0 lost, 0 doubled, and 87 percent of the line', () => {
    const counts = runTraffic({ seed: 4, baud: 115_200, forMs: 30_000, flip: 1e-4, drop: 1e-4 })
    expect(counts).toMatchObject({ lost: 0, doubled: 0, wrong: 0, isIdle: true })
    expect(counts.goodput).toBeGreaterThan(0.87)
  })

  test('with 1e-3 flips and 1e-3 losses: 0 wrong, 0 lost, 0 doubled', () => {
    const counts = runTraffic({ seed: 5, baud: 115_200, forMs: 30_000, flip: 1e-3, drop: 1e-3 })
    expect(counts).toMatchObject({ lost: 0, doubled: 0, wrong: 0, isIdle: true })
    expect(counts.goodput).toBeGreaterThan(0.6)
  })
})
