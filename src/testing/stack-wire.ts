import { concatBytes } from '../shared/bytes'
import type { StackEvent } from '../shared/model/trace'
import { lsoDialect } from '../main/netcore/dialects'
import type { Dialect, RandomSource } from '../main/netcore/dialects/dialect'
import { createStack } from '../main/netcore/stack'
import type { OutgoingFrame, StackOptions, StackPort } from '../main/netcore/stack-types'

/** A stack with everything it said. */
export interface ObservedStack {
  readonly stack: StackPort
  readonly events: StackEvent[]
  /** How often an async handler announced work. */
  readonly workCalls: () => number
}

/** Repeatable, and good enough for ids. */
export function seededRandom(seed: number): RandomSource {
  let state = seed >>> 0 || 1
  return (bound) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % bound
  }
}

/** Gives exactly the characters of the ids, in the order in which Python drew them; throws when asked for more. */
export function scriptedRandom(ids: readonly string[]): RandomSource {
  const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
  const script = Array.from(ids.join('')).map((letter) => alphabet.indexOf(letter))
  return () => {
    const next = script.shift()
    if (next === undefined) throw new Error('more ids were drawn than the script has')
    return next
  }
}

export function observedStack(
  options: Partial<Omit<StackOptions, 'onTrace' | 'onWork'>> & { readonly dialect?: Dialect } = {},
): ObservedStack {
  const events: StackEvent[] = []
  let work = 0
  const stack = createStack({
    dialect: lsoDialect,
    codec: { onDamage: 'fatal' },
    random: seededRandom(7),
    ...options,
    onTrace: (event) => events.push(event),
    onWork: () => {
      work += 1
    },
  })
  return { stack, events, workCalls: () => work }
}

/** Every frame that waits. */
export function pullAll(stack: StackPort, nowMs: number): OutgoingFrame[] {
  const frames: OutgoingFrame[] = []
  for (let frame = stack.pull(nowMs); frame !== undefined; frame = stack.pull(nowMs)) frames.push(frame)
  return frames
}

export const wireBytes = (frames: readonly OutgoingFrame[]): Uint8Array =>
  concatBytes(frames.flatMap((frame) => [...frame.parts]))

export function eventsOf<T extends StackEvent['type']>(
  events: readonly StackEvent[],
  type: T,
): Extract<StackEvent, { type: T }>[] {
  return events.filter((event): event is Extract<StackEvent, { type: T }> => event.type === type)
}

/** Carries everything both stacks have to say to each other until they are silent. Frames cross one by one, in turns. */
export function exchange(a: StackPort, b: StackPort, nowMs: number): void {
  for (let isBusy = true; isBusy; ) {
    isBusy = false
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const frame = from.pull(nowMs)
      if (frame === undefined) continue
      isBusy = true
      to.receive(concatBytes(frame.parts), nowMs)
    }
  }
}
