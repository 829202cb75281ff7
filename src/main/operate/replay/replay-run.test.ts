import { describe, expect, test } from 'vitest'
import { utf8 } from '../../../shared/bytes'
import { parseLinkUrl } from '../../../shared/model/link-url'
import type { ReplayPolicy } from '../../../shared/model/replay'
import {
  after,
  type KeptTrace,
  KeptTrace as Kept,
  linksWithPeer,
  recordWithSimulator,
  simulatorLinks,
} from '../../../testing/replay-bench'
import type { ReplayProgress } from './replay-run'
import type { ReplayScript } from './replay-script'
import { simulatorLike, type StartedReplay, startReplay } from './start-replay'

const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value))

/** Requests one after the other, two at once, one with many answers, and one of 20 kB. */
const recorded = (dialect: string): Promise<KeptTrace> =>
  recordWithSimulator(`dialect=${dialect}&baud=921600&seed=5`, async (link, time) => {
    await link.request({ route: 'echo', body: utf8('one') }).answer
    await after(time, 40)
    await link.request({ route: 'add', body: json({ a: 2, b: 3 }), headers: { who: 'me' } }).answer
    const slow = link.request({ route: 'slow', body: json({ ms: 30 }) }).answer
    await link.request({ route: 'echo', body: new Uint8Array(20_000).fill(0x61) }).answer
    await slow
    link.send({ route: 'note', kind: 'event', body: utf8('between') })
    await new Promise<void>((resolve) => {
      link.subscribe({
        route: 'count',
        body: json({ n: 3, ms: 5 }),
        onAnswer: () => true,
        onEnd: () => resolve(),
      })
    })
  })

const defaults = {
  speed: 1,
  seed: 1,
  stopAtDifference: false,
  timeoutMs: 2000,
  onChange: (): void => undefined,
}

interface Result {
  readonly progress: ReplayProgress
  readonly kept: KeptTrace
}

async function onSimulator(
  script: ReplayScript,
  policy: ReplayPolicy,
  options: Partial<typeof defaults> = {},
  act: (started: StartedReplay) => void = () => undefined,
): Promise<Result> {
  const kept = new Kept()
  const links = simulatorLinks(kept.observe)
  const target = { kind: 'address', address: simulatorLike(script.url, options.seed ?? 1) } as const
  const started = startReplay({ links, script, target, policy, ...defaults, ...options, isPaced: false })
  act(started)
  await started.closed
  await links.closeAll()
  return { progress: started.run.progress, kept }
}

describe.each(['lso', 'native', 'socketd'])('to the simulator over %s', (dialect) => {
  test('by reply everything is said again, and answered as recorded', async () => {
    const script = (await recorded(dialect)).script('host')
    const { progress } = await onSimulator(script, 'reply')
    expect(progress).toMatchObject({ phase: 'done', sent: 6, total: 6, skipped: 0, differences: 0 })
    // The answers of `count` are three, with or without a word for the end.
    expect(progress.matched).toBeGreaterThanOrEqual(7)
  })

  test.each<ReplayPolicy>(['reply', 'time'])(
    'by %s the same seed gives the same bytes, the same order at the same times, and the same hash, 20 times',
    async (policy) => {
      const script = (await recorded(dialect)).script('host')
      const runs: string[] = []
      const bytes: string[] = []
      for (let run = 0; run < 20; run++) {
        const { progress, kept } = await onSimulator(script, policy)
        runs.push(`${progress.hash} ${progress.orderHash} ${progress.sent} ${progress.differences}`)
        bytes.push(Buffer.from(kept.bytes('out')).toString('base64'))
      }
      expect(new Set(runs).size).toBe(1)
      expect(new Set(bytes).size).toBe(1)
      expect(runs[0]).toMatch(/^[0-9a-f]{64} [0-9a-f]{64} 6 0$/)
      const other = await onSimulator(script, policy, { seed: 2 })
      expect(other.progress.hash).not.toBe(runs[0]!.slice(0, 64)) // other ids
      expect(other.progress.differences).toBe(0)
    },
    20_000,
  )
})

test('by time messages go at the recorded distances from the beginning, and by speed 4 in a quarter of them', async () => {
  const kept = await recorded('lso')
  const script = kept.script('host')
  for (const speed of [1, 4]) {
    const { progress, kept: run } = await onSimulator(script, 'time', { speed })
    const opened = run.events.filter((event) => event.type === 'message-opened' && event.dir === 'out')
    const first = opened[0]!.atMs
    script.steps.forEach(({ message }, index) => {
      expect(opened[index]!.atMs - first).toBeCloseTo(message.atMs / speed, 6)
    })
    expect(progress.late?.maxMs).toBeLessThan(1e-6)
  }
})

test('step by step one message goes for each press, and none by itself', async () => {
  const script = (await recorded('lso')).script('host')
  const sentBefore: number[] = []
  let pressed = 0
  let look = (): void => undefined
  const onChange = (): void => queueMicrotask(() => look())
  const { progress } = await onSimulator(script, 'step', { onChange }, ({ run }) => {
    look = () => {
      if (run.phase !== 'running' || run.progress.sent !== pressed || pressed === 6) return
      sentBefore.push(run.progress.sent)
      pressed += 1
      run.step()
    }
    look()
  })
  expect(progress).toMatchObject({ phase: 'done', sent: 6 })
  expect(progress.told.filter(({ kind }) => kind !== 'order')).toEqual([]) // of two at once, with other times between
  expect(sentBefore).toEqual([0, 1, 2, 3, 4, 5])
})

test('as fast as possible no more goes at once than a peer has places for', async () => {
  const kept = await recordWithSimulator('baud=921600', async (link, time) => {
    for (let sent = 0; sent < 3000; sent++) {
      link.send({ route: 'note', kind: 'event', body: utf8(`message ${sent}`) })
      if (sent % 100 === 99) await after(time, 200)
    }
    await link.request({ route: 'echo', body: utf8('the end') }).answer
  })
  const { runLinks, peerLinks, peer } = linksWithPeer(31)
  await peerLinks.openLink('tcp-listen://memory:1').listener!.open()
  const started = startReplay({
    links: runLinks,
    script: kept.script('host'),
    target: { kind: 'address', address: parseLinkUrl('tcp://memory:1') },
    policy: 'time',
    ...defaults,
    speed: null,
  })
  await started.closed
  await Promise.all([runLinks.closeAll(), peerLinks.closeAll()])
  const bodies = peer.events.flatMap((event) =>
    event.type === 'message-closed' && event.dir === 'in' ? [Buffer.from(event.body).toString()] : [],
  )
  expect(started.run.progress).toMatchObject({ phase: 'done', sent: 3001, differences: 0 })
  expect(bodies.filter((body) => body.startsWith('message'))).toEqual(
    Array.from({ length: 3000 }, (_, sent) => `message ${sent}`),
  )
})

describe('differences', () => {
  test('an answer with another body is told with what differs, and ends the run when that is wanted', async () => {
    const kept = await recordWithSimulator('baud=921600', async (link) => {
      await link.request({ route: 'echo', body: utf8('one') }).answer
      await link.request({ route: 'add', body: json({ a: 1, b: 1 }) }).answer
      await link.request({ route: 'echo', body: utf8('three') }).answer
    })
    const script = kept.script('host')
    const changed: ReplayScript = {
      ...script,
      steps: script.steps.map((step, index) =>
        index === 1 ? { ...step, answers: [{ ...step.answers[0]!, bodyBytes: 77 }] } : step,
      ),
    }
    const all = await onSimulator(changed, 'reply')
    expect(all.progress).toMatchObject({ phase: 'done', sent: 3, differences: 1 })
    expect(all.progress.told).toMatchObject([{ number: 1, kind: 'changed', route: 'add' }])
    expect(all.progress.told[0]!.detail).toMatch(/^answer: \d+ bytes instead of 77$/)
    const first = await onSimulator(changed, 'reply', { stopAtDifference: true })
    expect(first.progress).toMatchObject({ phase: 'stopped', sent: 2, differences: 1 })
    expect(first.progress.hash).toMatch(/^[0-9a-f]{64}$/)
  })

  test('an answer that does not come is missing, and the run goes on after its time', async () => {
    const script = (await recorded('lso')).script('host')
    const slow: ReplayScript = {
      ...script,
      steps: script.steps.map((step) =>
        step.message.route === 'slow'
          ? { ...step, message: { ...step.message, body: json({ ms: 60_000 }) } }
          : step,
      ),
    }
    const { progress } = await onSimulator(slow, 'reply', { timeoutMs: 300 })
    expect(progress).toMatchObject({ phase: 'done', sent: 6, differences: 1 })
    expect(progress.told[0]).toMatchObject({ kind: 'missing', route: 'slow' })
  })
})

describe('as the device', () => {
  test('a host with other ids gets the recorded answers, in whatever order it asks', async () => {
    const script = (await recorded('lso')).script('device')
    const { runLinks, peerLinks } = linksWithPeer(11)
    const target = { kind: 'address', address: parseLinkUrl('tcp-listen://memory:1') } as const
    const started = startReplay({
      links: runLinks,
      script,
      target,
      policy: 'reply',
      ...defaults,
      timeoutMs: 100,
    })
    await started.handle.listener!.open()
    const host = peerLinks.openLink('tcp://memory:1').link!
    await host.whenConnected()
    const ask = async (route: string, body: Uint8Array, headers = {}): Promise<string> =>
      Buffer.from((await host.request({ route, body, headers }).answer).body).toString()
    const large = 'a'.repeat(20_000)
    expect(await ask('add', json({ a: 2, b: 3 }), { who: 'me' })).toBe('{"sum":5}')
    expect(await ask('echo', utf8(large))).toBe(large) // the second of its route, which has this body
    expect(await ask('echo', utf8('one'))).toBe('one')
    expect(await ask('slow', json({ ms: 30 }))).toBe('{"ms":30}')
    await expect(ask('add', json({ a: 1, b: 1 }))).resolves.toContain('no further answer')
    await host.close()
    await started.closed
    const { told, phase, sent } = started.run.progress
    expect({ phase, sent: sent >= 4 }).toEqual({ phase: 'done', sent: true })
    expect(told.map(({ kind, route }) => `${kind} ${route}`)).toEqual([
      'order echo',
      'added add',
      'missing note',
      'missing count',
      expect.stringMatching(/^unsent/),
    ])
    await Promise.all([runLinks.closeAll(), peerLinks.closeAll()])
  })
})

test('nothing leaves while the lock is on, and a run that meets it ends and says so', async () => {
  const script = (await recorded('lso')).script('host')
  const links = simulatorLinks()
  const target = { kind: 'address', address: simulatorLike(script.url, 1) } as const
  const start = () => startReplay({ links, script, target, policy: 'step', ...defaults, isPaced: false })
  links.setLocked(true)
  expect(start).toThrow(expect.objectContaining({ code: 'LISTEN_ONLY' }))
  links.setLocked(false)
  const started = start()
  await started.handle.link!.whenConnected()
  links.setLocked(true)
  started.run.step()
  await started.closed
  expect(started.run.progress).toMatchObject({ phase: 'failed', sent: 0, problem: { code: 'LISTEN_ONLY' } })
  await links.closeAll()
})

describe('a host that is answered', () => {
  async function answering(policy: ReplayPolicy = 'reply') {
    const script = (await recorded('lso')).script('device')
    const { runLinks, peerLinks, ours } = linksWithPeer(21)
    const target = { kind: 'address', address: parseLinkUrl('tcp-listen://memory:1') } as const
    const started = startReplay({ links: runLinks, script, target, policy, ...defaults, timeoutMs: 150 })
    await started.handle.listener!.open()
    const connect = async () => {
      const { link } = peerLinks.openLink('tcp://memory:1')
      await link!.whenConnected()
      return link!
    }
    const close = () => Promise.all([runLinks.closeAll(), peerLinks.closeAll()])
    return { started, connect, runLinks, ours, close }
  }

  test('may hang up and come again: the run goes on where it was, and says so', async () => {
    const { started, connect, close } = await answering()
    const first = await connect()
    expect((await first.request({ route: 'echo', body: utf8('one') }).answer).bodyBytes).toBe(3)
    await first.close()
    const second = await connect()
    const { answer } = second.request({ route: 'add', body: json({ a: 2, b: 3 }), headers: { who: 'me' } })
    expect(Buffer.from((await answer).body).toString()).toBe('{"sum":5}')
    await second.close()
    await started.closed // nobody comes any more
    expect(started.run.progress).toMatchObject({ phase: 'done', interruptions: 2, matched: 2 })
    await close()
  })

  test('gets nothing while the lock is on', async () => {
    const { started, connect, runLinks, ours, close } = await answering()
    const host = await connect()
    runLinks.setLocked(true)
    host.request({ route: 'echo', body: utf8('one') }).answer.catch(() => undefined)
    await started.closed
    expect(started.run.progress).toMatchObject({ phase: 'failed', sent: 0, problem: { code: 'LISTEN_ONLY' } })
    expect(ours.bytes('out').length).toBe(0)
    await close()
  })
})
