import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lenientUtf8, utf8 } from '../../../shared/bytes'
import type { ConsoleError } from '../../../shared/errors'
import { joinedEndpoints, jsonOf } from '../../../testing/joined-endpoints'
import { Blueprint, type RouteGroup } from './blueprint'
import type { Middleware } from './endpoint-types'
import type { Endpoint, EndpointOptions } from './endpoint'

/** Hooks, middleware and handlers that write down when they ran. */
function logging() {
  const log: string[] = []
  return {
    log,
    around: (name: string) => (group: RouteGroup) =>
      group
        .before(() => void log.push(`b:${name}`))
        .use((next) => async (request, context) => {
          log.push(`>${name}`)
          const result = await next(request, context)
          log.push(`<${name}`)
          return result
        })
        .after(() => void log.push(`a:${name}`)),
    handler: (name: string) => () => {
      log.push(`H:${name}`)
      return name
    },
  }
}

async function ask(
  endpoint: (there: Endpoint) => void,
  routes: string[],
  options: Partial<EndpointOptions> = {},
) {
  const { here, there, settle, advance } = joinedEndpoints(options)
  endpoint(there.endpoint)
  const answers: unknown[] = []
  for (const route of routes) {
    const answer = here.endpoint.send(route, utf8(route), { timeoutMs: 100 }).then(
      (got) => lenientUtf8(got.body),
      (error: unknown) => (error as ConsoleError).details['peerCode'] ?? (error as ConsoleError).code,
    )
    await settle()
    await advance(100)
    answers.push(await answer)
  }
  return answers
}

describe('the order of one request', () => {
  test('is before-hooks, middleware with the last one outermost, handler, after-hooks', async () => {
    const log: string[] = []
    const middleware =
      (name: string): Middleware =>
      (next) =>
      (...args) => {
        log.push(`>${name}`)
        const result = next(...args)
        log.push(`<${name}`)
        return result
      }
    await ask(
      (there) =>
        there
          .use(middleware('ep1'))
          .use(middleware('ep2'))
          .before(() => void log.push('b1'))
          .before(() => void log.push('b2'))
          .after(() => void log.push('a1'))
          .request('r', () => {
            log.push('H')
            return 1
          }),
      ['r'],
    )
    // Observed of the Python Netcore: netcore-lso.md §9.
    expect(log.join(' ')).toBe('b1 b2 >ep2 >ep1 H <ep1 <ep2 a1')
  })

  test('outer groups surround inner ones', async () => {
    const { log, around, handler } = logging()
    const inner = new Blueprint('/b').request('/x', handler('x'))
    const outer = new Blueprint('/a').register(inner)
    around('inner')(inner)
    around('outer')(outer)
    expect(await ask((there) => around('root')(there).register(outer), ['/a/b/x'])).toEqual(['"x"'])
    expect(log.join(' ')).toBe(
      'b:root b:outer b:inner >root >outer >inner H:x <inner <outer <root a:inner a:outer a:root',
    )
  })

  test('a before-hook with a result ends it: neither handler nor after-hooks run', async () => {
    const log: string[] = []
    const answers = await ask(
      (there) =>
        there
          .before((request) => (request.route === 'short' ? null : undefined))
          .before(() => void log.push('b2'))
          .after(() => void log.push('a1'))
          .onDefault(() => {
            log.push('H')
            return 'long'
          }),
      ['short', 'other'],
    )
    expect(answers).toEqual(['null', '"long"'])
    expect(log).toEqual(['b2', 'H', 'a1'])
  })

  test('after-hooks replace the result one after another, and leave it with undefined', async () => {
    const answers = await ask(
      (there) =>
        there
          .request('r', () => 1)
          .after((result) => (result as number) + 1)
          .after(() => undefined)
          .after((result) => Promise.resolve((result as number) * 10)),
      ['r'],
    )
    expect(answers).toEqual(['20'])
  })
})

describe('a blueprint', () => {
  test('puts its prefix before its routes, and before those of the blueprints in it', async () => {
    const answers = await ask(
      (there) =>
        there
          .request('x', () => 'root')
          .register(
            new Blueprint('/a')
              .request('/x', () => 'a')
              .register(new Blueprint('/b').request('/x', () => 'ab').request('', () => 'itself')),
          ),
      ['x', '/a/x', '/a/b/x', '/a/b', '/b/x', '/x'],
    )
    expect(answers).toEqual(['"root"', '"a"', '"ab"', '"itself"', 'ROUTE_UNKNOWN', 'ROUTE_UNKNOWN'])
  })

  test('gives each route its own handler, not the one registered last', async () => {
    const answers = await ask(
      (there) =>
        there.register(
          new Blueprint('/d')
            .request('/1', () => 1)
            .request('/2', () => 2)
            .onDefault(() => 'default'),
        ),
      ['/d/1', '/d/2', '/d/3'],
    )
    expect(answers).toEqual(['1', '2', '"default"'])
  })

  test('keeps hooks, middleware and error handler to its own routes', async () => {
    const { log, around, handler } = logging()
    const noisy = new Blueprint('/noisy').request('/x', handler('noisy')).onError(() => 'handled')
    around('noisy')(noisy)
    noisy.request('/fail', () => {
      throw new Error('x')
    })
    const answers = await ask(
      (there) =>
        there
          .request('early', handler('early'))
          .register(noisy)
          .request('late', handler('late'))
          .request('fail', () => {
            throw new Error('x')
          })
          .register(new Blueprint('/quiet').request('/x', handler('quiet'))),
      ['early', 'late', '/quiet/x', 'fail', '/noisy/fail'],
    )
    expect(answers).toEqual(['"early"', '"late"', '"quiet"', 'HANDLER_FAILED', '"handled"'])
    expect(log).toEqual(['H:early', 'H:late', 'H:quiet', 'b:noisy', '>noisy'])
  })

  test('leaves to the group around it what its error handler does not answer, and what that throws', async () => {
    const seen: string[] = []
    const note = (name: string) => (error: unknown) => void seen.push(`${name}: ${(error as Error).message}`)
    const answers = await ask(
      (there) =>
        there
          .onError((error) => {
            note('root')(error)
            return 'root'
          })
          .register(
            new Blueprint('/a')
              .onError((error) => {
                note('a')(error)
                throw new Error('worse')
              })
              .register(
                new Blueprint('/b')
                  .onError(note('b'))
                  .request('/fail', () => Promise.reject(new Error('bad'))),
              ),
          ),
      ['/a/b/fail'],
    )
    expect(answers).toEqual(['"root"'])
    expect(seen).toEqual(['b: bad', 'a: bad', 'root: worse'])
  })

  test('serves with its default handler what lies under its prefix: of several the one with the longest', async () => {
    const { log, around, handler } = logging()
    const device = new Blueprint('/device').onDefault(handler('device'))
    const axis = new Blueprint('/axis').onDefault(handler('axis')).request('/1', handler('one'))
    around('device')(device.register(axis))
    const routes = [
      '/device',
      '/device/x',
      '/devices',
      '/device/axis/9',
      '/device/axis/1',
      '/device/axisX',
      'z',
    ]
    const answers = await ask((there) => there.onDefault(handler('root')).register(device), routes)
    expect(answers).toEqual(['"device"', '"device"', '"root"', '"axis"', '"one"', '"device"', '"root"'])
    expect(log.slice(0, 5)).toEqual(['b:device', '>device', 'H:device', '<device', 'a:device'])
  })

  test('may be changed while requests are served', async () => {
    const { here, there, settle } = joinedEndpoints()
    const blueprint = new Blueprint('/d').request('/x', () => 1)
    there.endpoint.register(blueprint)
    const first = here.endpoint.send('/d/x')
    await settle()
    blueprint.request('/x', () => 2).after((result) => (result as number) * 100)
    const inner = new Blueprint('/in')
    blueprint.register(inner)
    inner.request('/y', () => 3)
    const later = [here.endpoint.send('/d/x'), here.endpoint.send('/d/in/y')]
    await settle()
    expect([jsonOf(await first), ...(await Promise.all(later)).map(jsonOf)]).toEqual([1, 200, 300])
  })

  test('can not contain itself', () => {
    const a = new Blueprint('/a')
    const b = new Blueprint('/b').register(a)
    for (const [group, child] of [
      [a, a],
      [a, b],
    ] as const) {
      expect(() => group.register(child)).toThrow(expect.objectContaining({ code: 'BLUEPRINT_CYCLE' }))
    }
  })

  test('registered twice in one group runs its hooks once', async () => {
    const { log, around, handler } = logging()
    const blueprint = new Blueprint('/d').request('/x', handler('x'))
    around('d')(blueprint)
    await ask((there) => there.register(blueprint).register(blueprint), ['/d/x'])
    expect(log).toEqual(['b:d', '>d', 'H:x', '<d', 'a:d'])
  })

  test('runs what its own chain of groups brings, for any tree', async () => {
    /** Each number makes a group within the one of that number (modulo what is there). */
    const shapes = fc.array(fc.nat({ max: 20 }), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(shapes, async (parents) => {
        const { log, around, handler } = logging()
        const { here, there, settle } = joinedEndpoints()
        const expected = new Map<string, string>()
        const groups: { group: RouteGroup; names: string[] }[] = []
        const add = (group: RouteGroup, names: string[]): void => {
          const path = names.at(-1)!
          around(path)(group).request('!', handler(path))
          groups.push({ group, names })
          const inner = names.toReversed()
          const order = [
            ...names.map((name) => `b:${name}`),
            ...names.map((name) => `>${name}`),
            `H:${path}`,
            ...inner.map((name) => `<${name}`),
            ...inner.map((name) => `a:${name}`),
          ]
          expected.set(`${path}!`, order.join(' '))
        }
        add(there.endpoint, [''])
        parents.forEach((parent, index) => {
          const { group, names } = groups[parent % groups.length]!
          const blueprint = new Blueprint(`/${index}`)
          group.register(blueprint)
          add(blueprint, [...names, `${names.at(-1)}/${index}`])
        })
        for (const [route, order] of expected) {
          log.length = 0
          void here.endpoint.send(route)
          await settle()
          expect(log.join(' ')).toBe(order)
        }
      }),
      { numRuns: 30 },
    )
  })
})

describe("compat: 'python' behaves like the Python Netcore (netcore-lso.md §9)", () => {
  const python = { compat: 'python' } as const
  const reply = (text: string) => () => ({ body: utf8(text) })

  test('hooks and middleware of a blueprint run for all routes, in the order of registration, once each', async () => {
    const { log, around } = logging()
    const shared = () => void log.push('b:shared')
    const blueprint = new Blueprint('/b').before(shared)
    around('bp')(blueprint)
    await ask(
      (there) => {
        around('ep1')(there).request('r', reply('ok')).before(shared)
        there.register(blueprint)
        around('ep2')(there)
      },
      ['r'],
      python,
    )
    expect(log.join(' ')).toBe('b:ep1 b:shared b:bp b:ep2 >ep2 >bp >ep1 <ep1 <bp <ep2 a:ep1 a:bp a:ep2')
  })

  test('its error handler and its default handler become those of the endpoint when that has none', async () => {
    const fail = () => {
      throw new Error('x')
    }
    let defaults = 0
    const blueprint = new Blueprint('/b').onError(reply('from the blueprint')).onDefault(() => {
      defaults += 1
      return { body: utf8('is not sent') }
    })
    const other = new Blueprint('/c').onError(reply('too late')).onDefault(fail)
    const answers = await ask(
      (there) => there.request('fail', fail).register(blueprint).register(other),
      ['fail', 'anything'],
      python,
    )
    expect(answers).toEqual(['from the blueprint', 'REQUEST_TIMEOUT'])
    expect(defaults).toBe(1)
  })

  test('the default handler runs without hooks; only replies are sent; failures are not answered', async () => {
    const { log, around } = logging()
    const answers = await ask(
      (there) => {
        around('ep')(there)
        there.request('dict', () => ({ a: 1 })).onDefault(() => void log.push('default'))
      },
      ['nowhere', 'dict'],
      python,
    )
    expect(answers).toEqual(['REQUEST_TIMEOUT', 'REQUEST_TIMEOUT'])
    expect(log).toEqual(['default', 'b:ep', '>ep', '<ep', 'a:ep'])
    const failed = await ask(
      (there) =>
        there.request('fail', () => {
          throw new Error('x')
        }),
      ['fail'],
      python,
    )
    expect(failed).toEqual(['REQUEST_TIMEOUT'])
  })

  test('middleware is applied anew for each request', async () => {
    let applied = 0
    await ask(
      (there) =>
        there.request('r', reply('x')).use((next) => {
          applied += 1
          return next
        }),
      ['r', 'r', 'r'],
      python,
    )
    expect(applied).toBe(3)
  })
})
