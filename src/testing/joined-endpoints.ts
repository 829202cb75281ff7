import { lenientUtf8 } from '../shared/bytes'
import { Endpoint, type EndpointOptions } from '../main/netcore/endpoint/endpoint'
import { stackPipe } from '../main/netcore/endpoint/stack-pipe'
import type { Answer, StackOptions } from '../main/netcore/stack-types'
import { exchange, type ObservedStack, observedStack, seededRandom } from './stack-wire'
import { settlePromises, VirtualClock } from './virtual-clock'

export interface EndpointSide extends ObservedStack {
  readonly endpoint: Endpoint
  connected: boolean
}

type Options = Partial<Omit<EndpointOptions, 'nowMs' | 'onWakeAt'>> & {
  readonly stack?: Partial<Omit<StackOptions, 'onTrace' | 'onWork'>>
}

/** An endpoint on a real stack, in virtual time. Alarms of the endpoint are driven by the clock. */
export function endpointSide(
  clock: VirtualClock,
  seed: number,
  { stack: stackOptions, ...options }: Options = {},
): EndpointSide {
  const observed = observedStack({ random: seededRandom(seed), ...stackOptions })
  let cancelAlarm: () => void = () => undefined
  const endpoint: Endpoint = new Endpoint({
    ...options,
    nowMs: () => clock.nowMs(),
    onWakeAt: (atMs) => {
      cancelAlarm()
      if (atMs !== null) cancelAlarm = clock.schedule(atMs, () => endpoint.wake(clock.nowMs()))
    },
  })
  const side = { ...observed, endpoint, connected: true }
  return side
}

/** Makes the stack of a side a pipe of any endpoint. */
export function addStack(
  endpoint: Endpoint,
  side: ObservedStack & { connected: boolean },
  clock: VirtualClock,
  name?: string,
): string {
  const pipe = stackPipe(side.stack, {
    linkId: 1,
    nowMs: () => clock.nowMs(),
    isConnected: () => side.connected,
    onQueued: () => undefined,
  })
  return endpoint.addPipe(pipe, name)
}

/** Carries messages between pairs of stacks and runs promises until nothing moves any more, at the present time. */
export async function settleStacks(
  clock: VirtualClock,
  ...pairs: (readonly [ObservedStack, ObservedStack])[]
): Promise<void> {
  for (let quiet = 0; quiet < 3; ) {
    const before = pairs.flat().map(({ events }) => events.length)
    const nowMs = clock.nowMs()
    for (const { stack } of pairs.flat()) stack.wake(nowMs)
    for (const [a, b] of pairs) exchange(a.stack, b.stack, nowMs)
    await settlePromises()
    const isQuiet = pairs
      .flat()
      .every(({ events, stack }, i) => events.length === before[i] && stack.queuedBytes === 0)
    quiet = isQuiet ? quiet + 1 : 0
  }
}

export interface JoinedEndpoints {
  readonly clock: VirtualClock
  readonly here: EndpointSide
  readonly there: EndpointSide
  /** Until nothing moves any more, at the present time. */
  readonly settle: () => Promise<void>
  /** Moves the clock in steps of `stepMs`, and settles after each. */
  readonly advance: (ms: number, stepMs?: number) => Promise<void>
}

/** Two endpoints whose stacks are joined and connected. */
export function joinedEndpoints(there: Options = {}, here: Options = {}): JoinedEndpoints {
  const clock = new VirtualClock()
  const sides = { here: endpointSide(clock, 1, here), there: endpointSide(clock, 2, there) }
  for (const side of [sides.here, sides.there]) {
    addStack(side.endpoint, side, clock, 'line')
    side.stack.connected(0)
  }
  const settle = (): Promise<void> => settleStacks(clock, [sides.here, sides.there])
  return {
    clock,
    ...sides,
    settle,
    advance: async (ms, stepMs = ms) => {
      const endMs = clock.nowMs() + ms
      while (clock.nowMs() < endMs) {
        await clock.advanceToAsync(Math.min(endMs, clock.nowMs() + stepMs))
        await settle()
      }
    },
  }
}

export const jsonOf = ({ body }: Pick<Answer, 'body'>): unknown => JSON.parse(lenientUtf8(body))
