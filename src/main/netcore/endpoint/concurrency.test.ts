import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConsoleError } from '../../../shared/errors'
import type { Priority } from '../../../shared/model/trace'
import { joinedEndpoints, jsonOf } from '../../../testing/joined-endpoints'
import { eventsOf } from '../../../testing/stack-wire'
import { type Job, Turnstile } from './turnstile'

/** A dialect that carries priorities is not needed: they are set where a request comes in. */
const job = (priority: Priority, started: string[], name: string): Job => ({
  priority,
  start: () => started.push(name),
})

describe('at most maxConcurrent handlers run at the same time', () => {
  test('the others wait for their turn and are all answered', async () => {
    const { here, there, settle } = joinedEndpoints({ maxConcurrent: 3 })
    let running = 0
    let most = 0
    const finish: (() => void)[] = []
    there.endpoint.request('q', async (request) => {
      running += 1
      most = Math.max(most, running)
      await new Promise<void>((resolve) => finish.push(resolve))
      running -= 1
      return request.json()
    })
    const answers = Array.from({ length: 20 }, (_, n) => here.endpoint.send('q', n))
    await settle()
    expect([there.endpoint.running, there.endpoint.waiting]).toEqual([3, 17])
    for (let i = 0; i < 20; i++) {
      finish.shift()!()
      await settle()
    }
    expect((await Promise.all(answers)).map(jsonOf)).toEqual(Array.from({ length: 20 }, (_, n) => n))
    expect(most).toBe(3)
    expect([there.endpoint.running, there.endpoint.waiting]).toEqual([0, 0])
  })

  test('beyond maxWaiting a request is answered ENDPOINT_BUSY, and that is a fault here', async () => {
    const { here, there, settle } = joinedEndpoints({ maxConcurrent: 1, maxWaiting: 2 })
    let finish: () => void = () => undefined
    there.endpoint.request('q', (request) =>
      request.json() === 0 ? new Promise<number>((resolve) => (finish = () => resolve(0))) : request.json(),
    )
    const answers = [0, 1, 2, 3, 4].map((n) =>
      here.endpoint
        .send('q', n)
        .then(jsonOf, (error: unknown) => (error as ConsoleError).details['peerCode']),
    )
    await settle()
    finish()
    await settle()
    expect(await Promise.all(answers)).toEqual([0, 1, 2, 'ENDPOINT_BUSY', 'ENDPOINT_BUSY'])
    expect(eventsOf(there.events, 'fault').map(({ code }) => code)).toEqual([
      'ENDPOINT_BUSY',
      'ENDPOINT_BUSY',
    ])
  })

  test('the more urgent ones first, among equals in their order', () => {
    const started: string[] = []
    const turnstile = new Turnstile(1, 100)
    for (const [name, priority] of Object.entries({ a: 3, b: 5, c: 3, d: 0, e: 7, f: 5 })) {
      turnstile.admit(job(priority as Priority, started, name))
    }
    for (let i = 0; i < 5; i++) turnstile.leave()
    expect(started.join('')).toBe('adcbfe')
  })

  test('one that nobody wants answered any more gives up its place and never runs', async () => {
    const { here, there, settle } = joinedEndpoints({ maxConcurrent: 1, maxWaiting: 1 })
    const ran: unknown[] = []
    const finish: (() => void)[] = []
    there.endpoint.request('q', async (request) => {
      ran.push(request.json())
      await new Promise<void>((resolve) => finish.push(resolve))
      return 1
    })
    const first = here.endpoint.send('q', 'first')
    await settle()
    const unwanted = here.endpoint.subscribe('q', 'unwanted')
    await settle()
    expect(there.endpoint.waiting).toBe(1)
    unwanted.cancel()
    await settle()
    expect(there.endpoint.waiting).toBe(0)
    const last = here.endpoint.send('q', 'last')
    await settle()
    finish.shift()!()
    await settle()
    finish.shift()!()
    await settle()
    expect([jsonOf(await first), jsonOf(await last)]).toEqual([1, 1])
    expect(ran).toEqual(['first', 'last'])
    expect(eventsOf(there.events, 'fault')).toEqual([])
  })

  test('a stream counts as long as it lasts', async () => {
    const { here, there, settle } = joinedEndpoints({ maxConcurrent: 1 })
    let goOn: () => void = () => undefined
    there.endpoint
      .request('stream', async function* () {
        yield 1
        await new Promise<void>((resolve) => (goOn = resolve))
      })
      .request('q', () => 'now')
    const stream = here.endpoint.subscribe('stream')
    await settle()
    const answer = here.endpoint.send('q')
    await settle()
    expect(there.endpoint.waiting).toBe(1)
    goOn()
    await settle()
    expect(jsonOf(await answer)).toBe('now')
    expect((await stream.next()).done).toBe(false)
    expect((await stream.next()).done).toBe(true)
  })

  test('ten thousand that are done at once do not exhaust the stack', () => {
    const turnstile = new Turnstile(1, 20_000)
    let done = 0
    turnstile.admit({ priority: 3, start: () => undefined })
    for (let i = 0; i < 10_000; i++) {
      turnstile.admit({
        priority: 3,
        start: () => {
          done += 1
          turnstile.leave()
        },
      })
    }
    turnstile.leave()
    expect([done, turnstile.running, turnstile.waiting]).toEqual([10_000, 0, 0])
  })

  test('whatever comes and goes in whatever order, no place is lost and no limit is exceeded', () => {
    type Step = { readonly kind: 'admit' | 'leave' | 'forget'; readonly pick: number }
    const step: fc.Arbitrary<Step> = fc.record({
      kind: fc.constantFrom('admit', 'leave', 'forget'),
      pick: fc.nat({ max: 1000 }),
    })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 4 }),
        fc.array(step),
        (max, maxWaiting, steps) => {
          const turnstile = new Turnstile(max, maxWaiting)
          const waiting: Job[] = []
          let running = 0
          const make = (priority: Priority): Job => {
            const made: Job = {
              priority,
              start: () => {
                running += 1
                if (!waiting.includes(made)) return
                const best = waiting.reduce((a, b) => (b.priority < a.priority ? b : a))
                expect(made).toBe(best)
                waiting.splice(waiting.indexOf(made), 1)
              },
            }
            return made
          }
          for (const { kind, pick } of steps) {
            if (kind === 'admit') {
              const made = make((pick % 8) as Priority)
              const admission = turnstile.admit(made)
              if (admission === 'waiting') waiting.push(made)
              if (admission === 'refused') expect(waiting.length).toBe(maxWaiting)
            } else if (kind === 'leave' && running > 0) {
              running -= 1
              turnstile.leave()
            } else if (kind === 'forget' && waiting.length > 0) {
              const [gone] = waiting.splice(pick % waiting.length, 1)
              expect(turnstile.forget(gone!)).toBe(true)
              expect(turnstile.forget(gone!)).toBe(false)
            }
            expect(running).toBeLessThanOrEqual(max)
            expect([turnstile.running, turnstile.waiting]).toEqual([running, waiting.length])
            if (waiting.length > 0) expect(running).toBe(max)
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})
