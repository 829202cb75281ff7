import type { ConsoleError } from '../shared/errors'
import { joinedEndpoints, jsonOf } from './joined-endpoints'
import { seededRandom } from './stack-wire'

export interface ManyRequests {
  readonly answered: number
  readonly timedOut: number
  /** Requests that settled not at all, more than once, or otherwise than they had to. */
  readonly wrong: readonly string[]
  /** How far a time-out was from its time, at most. */
  readonly mostOffMs: number
  /** Requests that are still being served or wait for their turn when everything is over. */
  readonly leftOver: number
}

/**
 * Catalogue M6: many requests at the same time, answers in random order, one in a hundred never answered. In virtual time,
 * over two real stacks.
 */
export async function runManyRequests(
  seed: number,
  count = 10_000,
  timeoutMs = 30_000,
): Promise<ManyRequests> {
  const random = seededRandom(seed)
  const { clock, here, there, settle, advance } = joinedEndpoints({ maxConcurrent: count })
  const isSilent = (n: number): boolean => n % 100 === 37
  const held: (() => void)[] = []
  there.endpoint.request('q', (request) => {
    const n = request.json() as number
    return isSilent(n) ? undefined : new Promise((resolve) => held.push(() => resolve(n)))
  })
  const outcomes: (number | string)[][] = Array.from({ length: count }, () => [])
  let mostOffMs = 0
  for (let n = 0; n < count; n++) {
    here.endpoint.send('q', n, { timeoutMs }).then(
      (answer) => outcomes[n]!.push(jsonOf(answer) as number),
      (error: unknown) => {
        outcomes[n]!.push((error as ConsoleError).code)
        mostOffMs = Math.max(mostOffMs, Math.abs(clock.nowMs() - timeoutMs))
      },
    )
    // All heads of what is queued go first: more than 1024 at once are too many for the reassembly of the peer.
    if (n % 1000 === 999) await settle()
  }
  await settle()
  for (let left = held.length; left > 0; left--) {
    const pick = random(left)
    const finish = held[pick]!
    held[pick] = held[left - 1]!
    finish()
    if (left % 1000 === 0) await advance(100)
  }
  await settle()
  while (here.stack.wakeAtMs !== null) await advance(here.stack.wakeAtMs - clock.nowMs())
  const wrong = outcomes.flatMap((all, n) => {
    const expected = isSilent(n) ? 'REQUEST_TIMEOUT' : n
    return all.length === 1 && all[0] === expected ? [] : [`request ${n}: ${all.join(', ') || 'nothing'}`]
  })
  const timedOut = outcomes.filter(([first]) => first === 'REQUEST_TIMEOUT').length
  const leftOver = there.endpoint.running + there.endpoint.waiting
  return { answered: count - timedOut - wrong.length, timedOut, wrong, mostOffMs, leftOver }
}
