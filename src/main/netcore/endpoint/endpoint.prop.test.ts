import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { joinedEndpoints } from '../../../testing/joined-endpoints'
import { runManyRequests } from '../../../testing/many-requests'

describe('every request ends exactly once', () => {
  test('of 10,000 with answers in random order and 1 % never answered, each settles once, time-outs on time (M6)', async () => {
    const { answered, timedOut, wrong, mostOffMs, leftOver } = await runManyRequests(61)
    expect([answered, timedOut, wrong, leftOver]).toEqual([9900, 100, [], 0])
    expect(mostOffMs).toBeLessThanOrEqual(50)
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
