import { describe, expect, test } from 'vitest'
import { joinedEndpoints, jsonOf } from '../../testing/joined-endpoints'
import { currentContext, currentRequest, requestScope } from './request-scope'

/** Code far below a handler, that is handed nothing. */
const deepBelow = (): string => currentRequest().text()

describe('the current request', () => {
  test('is known below a handler: across awaits, timers, hooks, middleware, generators and error handlers', async () => {
    const { clock, here, there, settle, advance } = joinedEndpoints({ scope: requestScope })
    const seen: string[] = []
    const note = (where: string): void => void seen.push(`${where} ${deepBelow()}`)
    const later = (ms: number): Promise<void> =>
      new Promise((resolve) => clock.schedule(clock.nowMs() + ms, resolve))
    there.endpoint
      .before(() => note('before'))
      .after(() => note('after'))
      .use((next) => (...args) => {
        note('middleware')
        return next(...args)
      })
      .onError(() => {
        note('error')
        return 'sorry'
      })
      .request('q', async () => {
        note('at once')
        await Promise.resolve()
        note('awaited')
        await new Promise<void>((resolve) => setImmediate(resolve))
        note('timer')
        await later(5)
        note('alarm')
        return deepBelow()
      })
      .request('stream', async function* () {
        note('first')
        yield 1
        await later(5)
        note('second')
        yield 2
      })
      .request('fail', () => {
        throw new Error('x')
      })
    there.endpoint.on('response', () => note('event'))
    const ask = async (route: string): Promise<string[]> => {
      seen.length = 0
      const answers = here.endpoint.subscribe(route, route)
      await settle()
      await new Promise<void>((resolve) => setImmediate(resolve))
      await settle()
      await advance(5)
      expect(answers.buffered).toBe(route === 'stream' ? 2 : 1)
      return [...seen]
    }
    const own = (route: string, ...where: string[]): string[] => where.map((name) => `${name} "${route}"`)
    expect(await ask('q')).toEqual(
      own('q', 'before', 'middleware', 'at once', 'awaited', 'timer', 'alarm', 'after', 'event'),
    )
    expect(await ask('stream')).toEqual(
      own('stream', 'before', 'middleware', 'after', 'first', 'event', 'second', 'event'),
    )
    expect(await ask('fail')).toEqual(own('fail', 'before', 'middleware', 'error', 'event'))
  })

  test('is each handler its own, also when they overlap or had to wait for their turn', async () => {
    const { clock, here, there, settle, advance } = joinedEndpoints({ scope: requestScope, maxConcurrent: 3 })
    there.endpoint.request('q', async (request) => {
      const got = [deepBelow()]
      for (let i = 0; i < 3; i++) {
        await new Promise<void>((resolve) =>
          clock.schedule(clock.nowMs() + 1 + ((request.json() as number) % 4), resolve),
        )
        got.push(deepBelow())
      }
      return got
    })
    const answers = Array.from({ length: 30 }, (_, n) => here.endpoint.send('q', n))
    await settle()
    await advance(200, 1)
    const expected = Array.from({ length: 30 }, (_, n) => Array(4).fill(String(n)) as string[])
    expect((await Promise.all(answers)).map(jsonOf)).toEqual(expected)
  })

  test('comes with the pipe it came on and the time it came', async () => {
    const { here, there, settle, advance } = joinedEndpoints({ scope: requestScope })
    there.endpoint.request('q', () => {
      const { pipe, receivedMs } = currentContext()!
      return { pipe, receivedMs }
    })
    await advance(7)
    const answer = here.endpoint.send('q')
    await settle()
    expect(jsonOf(await answer)).toEqual({ pipe: 'line', receivedMs: 7 })
  })

  test('is not known outside of handlers', () => {
    expect(currentContext()).toBeUndefined()
    expect(() => currentRequest()).toThrow(expect.objectContaining({ code: 'REQUEST_CONTEXT_MISSING' }))
  })
})
