import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConsoleError } from '../../../shared/errors'
import { joinedEndpoints, jsonOf } from '../../../testing/joined-endpoints'
import { seededRandom } from '../../../testing/stack-wire'

describe('every request ends exactly once', () => {
  /** Catalogue M6, in virtual time. */
  test('of 10,000 with answers in random order and 1 % never answered, each settles once, time-outs on time', async () => {
    const count = 10_000
    const timeoutMs = 30_000
    const random = seededRandom(61)
    const { clock, here, there, settle, advance } = joinedEndpoints({ maxConcurrent: count })
    const held: (() => void)[] = []
    there.endpoint.request('q', (request) => {
      const n = request.json() as number
      if (n % 100 === 37) return undefined
      return new Promise((resolve) => held.push(() => resolve(n)))
    })
    const outcomes = new Map<number, (number | string)[]>()
    const note = (n: number, outcome: number | string): void => {
      outcomes.set(n, [...(outcomes.get(n) ?? []), outcome])
    }
    const lateMs: number[] = []
    for (let n = 0; n < count; n++) {
      here.endpoint.send('q', n, { timeoutMs }).then(
        (answer) => note(n, jsonOf(answer) as number),
        (error: unknown) => {
          note(n, (error as ConsoleError).code)
          lateMs.push(clock.nowMs() - timeoutMs)
        },
      )
      // All heads of what is queued go first: more than 1024 at once are too many for the reassembly of the peer.
      if (n % 1000 === 999) await settle()
    }
    await settle()
    expect(held).toHaveLength(count * 0.99)
    for (let left = held.length; left > 0; left--) {
      const pick = random(left)
      const finish = held[pick]!
      held[pick] = held[left - 1]!
      finish()
      if (left % 1000 === 0) await advance(100)
    }
    await settle()
    while (here.stack.wakeAtMs !== null) await advance(here.stack.wakeAtMs - clock.nowMs())
    expect(outcomes.size).toBe(count)
    for (const [n, all] of outcomes) expect(all).toEqual([n % 100 === 37 ? 'REQUEST_TIMEOUT' : n])
    expect(lateMs).toHaveLength(count * 0.01)
    expect(Math.max(...lateMs.map(Math.abs))).toBeLessThanOrEqual(50)
    expect([there.endpoint.running, there.endpoint.waiting]).toEqual([0, 0])
  }, 60_000)

  test('whatever handlers do, and whoever cancels or stops when', async () => {
    const kinds = ['value', 'later', 'throw', 'reject', 'never', 'stream', 'unsayable', 'nowhere'] as const
    const request = fc.record({
      kind: fc.constantFrom(...kinds),
      isMany: fc.boolean(),
      cancelAt: fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }),
      startAt: fc.integer({ min: 0, max: 15 }),
    })
    const scenario = fc.record({
      requests: fc.array(request, { minLength: 1, maxLength: 25 }),
      maxConcurrent: fc.integer({ min: 1, max: 4 }),
      maxWaiting: fc.integer({ min: 0, max: 6 }),
      removeAt: fc.option(fc.integer({ min: 3, max: 18 }), { nil: undefined }),
      stopAt: fc.option(fc.integer({ min: 3, max: 18 }), { nil: undefined }),
    })
    await fc.assert(
      fc.asyncProperty(scenario, async ({ requests, maxConcurrent, maxWaiting, removeAt, stopAt }) => {
        const { clock, here, there, advance } = joinedEndpoints({ maxConcurrent, maxWaiting })
        const delay = (): Promise<void> =>
          new Promise((resolve) => clock.schedule(clock.nowMs() + 3, resolve))
        let most = 0
        there.endpoint
          .before(() => {
            most = Math.max(most, there.endpoint.running)
          })
          .request('value', () => 1)
          .request('later', () => delay().then(() => 1))
          .request('throw', () => {
            throw new Error('x')
          })
          .request('reject', () => delay().then(() => Promise.reject(new Error('x'))))
          .request('never', () => undefined)
          .request('unsayable', () => 1n)
          .request('stream', async function* () {
            for (let n = 0; n < 5; n++) {
              yield n
              await delay()
            }
          })
        const ends: number[] = requests.map(() => 0)
        requests.forEach(({ kind, isMany, startAt, cancelAt }, index) => {
          const abort = new AbortController()
          const options = { timeoutMs: 40, signal: abort.signal }
          const settled = (): void => {
            ends[index]! += 1
          }
          clock.schedule(startAt, () => {
            if (!isMany) {
              here.endpoint.send(kind, undefined, options).then(settled, settled)
              return
            }
            const read = async (): Promise<void> => {
              for await (const answer of here.endpoint.subscribe(kind, undefined, options))
                expect(answer).toBeDefined()
            }
            read().then(settled, settled)
          })
          if (cancelAt !== undefined) clock.schedule(cancelAt, () => abort.abort())
        })
        if (removeAt !== undefined) clock.schedule(removeAt, () => here.endpoint.removePipe('line'))
        if (stopAt !== undefined) clock.schedule(stopAt, () => void there.endpoint.stop())
        await advance(200, 1)
        expect(ends).toEqual(requests.map(() => 1))
        expect(most).toBeLessThanOrEqual(maxConcurrent)
        expect([there.endpoint.running, there.endpoint.waiting]).toEqual([0, 0])
      }),
      { numRuns: 40 },
    )
  }, 60_000)
})
