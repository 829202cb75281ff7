import { expect, test } from 'vitest'
import { concatBytes, utf8 } from '../../shared/bytes'
import { VirtualClock } from '../../testing/virtual-clock'
import { seededRandom } from '../../testing/stack-wire'
import { createStack, lsoDialect, peerErrorOf, type StackPort } from './index'

/** The owner of a stack as the description of the library shows it; the line takes 2 ms a frame. */
function owned(
  clock: VirtualClock,
  seed: number,
): {
  stack: StackPort
  pump: () => void
  peer?: { hear(bytes: Uint8Array): void }
  hear(bytes: Uint8Array): void
  busyUntilMs: number
} {
  let cancelAlarm: () => void = () => undefined
  const owner = {
    stack: createStack({
      dialect: lsoDialect,
      codec: { onDamage: 'fatal' },
      random: seededRandom(seed),
      onTrace: () => undefined,
      onWork: () => queueMicrotask(() => owner.pump()),
    }),
    peer: undefined as { hear(bytes: Uint8Array): void } | undefined,
    busyUntilMs: 0,
    hear(bytes: Uint8Array): void {
      owner.stack.receive(bytes, clock.nowMs())
      owner.pump()
    },
    pump(): void {
      if ((owner.stack.wakeAtMs ?? Number.POSITIVE_INFINITY) <= clock.nowMs()) owner.stack.wake(clock.nowMs())
      while (clock.nowMs() >= owner.busyUntilMs) {
        const frame = owner.stack.pull(clock.nowMs())
        if (frame === undefined) break
        owner.busyUntilMs = clock.nowMs() + 2
        const { parts } = frame
        clock.schedule(owner.busyUntilMs, () => {
          owner.peer?.hear(concatBytes(parts))
          owner.pump()
        })
      }
      cancelAlarm()
      const { wakeAtMs } = owner.stack
      if (wakeAtMs !== null) cancelAlarm = clock.schedule(wakeAtMs, () => owner.pump())
    },
  }
  return owner as ReturnType<typeof owned>
}

test('two owners that follow the description serve each other, small requests between the chunks of large ones', async () => {
  const clock = new VirtualClock()
  const here = owned(clock, 1)
  const there = owned(clock, 2)
  here.peer = there
  there.peer = here
  for (const { stack } of [here, there]) stack.connected(0)
  there.stack.route('add', (request) => {
    const { a, b } = request.json() as { a: number; b: number }
    return { body: utf8(JSON.stringify({ sum: a + b })) }
  })
  there.stack.route('later', async (request) => {
    await new Promise<void>((resolve) => clock.schedule(clock.nowMs() + 30, resolve))
    return { body: request.body }
  })
  there.stack.route('store', ({ body }) => ({ body: utf8(String(body.length)) }))

  const order: string[] = []
  const ask = (route: string, body: Uint8Array, priority: 0 | 5 = 5) => {
    const { answer } = here.stack.request({ route, body, priority }, clock.nowMs())
    here.pump()
    return answer.then((got) => {
      order.push(route)
      return new TextDecoder().decode(got.body)
    })
  }
  const store = ask('store', new Uint8Array(400_000))
  const later = ask('later', utf8('x'))
  await clock.advanceToAsync(51)
  const sum = ask('add', utf8('{"a": 1, "b": 2}'), 0)
  await clock.advanceToAsync(1000)
  expect(await Promise.all([store, later, sum])).toEqual(['400000', 'x', '{"sum":3}'])
  expect(order).toEqual(['later', 'add', 'store'])
  expect(here.stack.wakeAtMs).toBeNull()
})

test('an answer tells whether the peer failed', async () => {
  const clock = new VirtualClock()
  const here = owned(clock, 1)
  const there = owned(clock, 2)
  here.peer = there
  there.peer = here
  for (const { stack } of [here, there]) stack.connected(0)
  const { answer } = here.stack.request({ route: 'nowhere', body: utf8('{}') }, 0)
  here.pump()
  await clock.advanceToAsync(100)
  expect(peerErrorOf(await answer)?.code).toBe('ROUTE_UNKNOWN')
})

test('a request nobody answers ends by the alarm its owner set', async () => {
  const clock = new VirtualClock()
  const here = owned(clock, 1)
  here.stack.connected(0)
  const { answer } = here.stack.request({ route: 'q', body: utf8('{}'), timeoutMs: 500 }, 0)
  here.pump()
  const outcome = expect(answer).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
  await clock.advanceToAsync(1000)
  await outcome
})
