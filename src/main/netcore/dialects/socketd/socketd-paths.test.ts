import { expect, test } from 'vitest'
import { lenientUtf8, utf8 } from '../../../../shared/bytes'
import { hasCode } from '../../../../shared/errors'
import { DEFAULT_PRIORITY } from '../../../../shared/model/trace'
import { addStack } from '../../../../testing/joined-endpoints'
import { sessionPhases, type SocketdPair, socketdPair } from '../../../../testing/socketd-pair'
import { eventsOf } from '../../../../testing/stack-wire'
import { settlePromises, VirtualClock } from '../../../../testing/virtual-clock'
import { BodyParts } from '../../pipe/body-parts'
import { Blueprint } from '../../endpoint/blueprint'
import { Endpoint } from '../../endpoint/endpoint'

const newEndpoint = (options = {}): Endpoint => new Endpoint({ nowMs: () => 0, ...options })

/** A client that asked for `resource`, served by the endpoint that all these sessions share. */
function sessionFor(endpoint: Endpoint, resource: string, admitsOnlyItsPaths = false): SocketdPair {
  const pair = socketdPair({
    client: { resource },
    server: admitsOnlyItsPaths ? { admit: ({ path }) => endpoint.paths.has(path) } : {},
  })
  addStack(endpoint, { ...pair.server, connected: true }, new VirtualClock())
  return pair
}

/** What the client hears, or the code of the alarm. */
async function heard({ client, talk }: SocketdPair, route: string, body = ''): Promise<unknown> {
  const { answer } = client.stack.request({ route, body: utf8(body) }, 0)
  for (let turn = 0; turn < 3; turn++) {
    talk()
    await settlePromises()
  }
  const { headers, body: said } = await answer
  return headers['status'] === 'error' ? headers['Error-Code'] : JSON.parse(lenientUtf8(said))
}

test('each session is served by the routes of its path, then by those of all', async () => {
  const endpoint = newEndpoint()
    .request('info', () => 'anybody')
    .request('time', () => 'now')
    .onDefault(() => 'default')
    .register(
      new Blueprint('', { path: '/demo' })
        .request('info', ({ path }) => `demo ${path}`)
        .onDefault(() => 'default of demo'),
    )
    .register(
      new Blueprint('device/', { path: '/lab/größe' })
        .request('info', () => 'lab')
        .register(new Blueprint('deep/').request('info', () => 'deep lab')),
    )
  const demo = sessionFor(endpoint, '/demo?u=a')
  const lab = sessionFor(endpoint, '/lab/gr%C3%B6%C3%9Fe')
  const nobody = sessionFor(endpoint, '')
  const other = sessionFor(endpoint, '/demo/')
  const ask = (route: string) => Promise.all([demo, lab, nobody, other].map((pair) => heard(pair, route)))
  expect(await ask('info')).toEqual(['demo /demo', 'anybody', 'anybody', 'anybody'])
  expect(await ask('device/info')).toEqual(['default of demo', 'lab', 'default', 'default'])
  expect(await ask('device/deep/info')).toEqual(['default of demo', 'deep lab', 'default', 'default'])
  expect(await ask('time')).toEqual(['now', 'now', 'now', 'now'])
})

test('a path that nobody serves hears an alarm 404, not silence', async () => {
  const endpoint = newEndpoint().register(new Blueprint('', { path: '/demo' }).request('info', () => 'demo'))
  expect(await heard(sessionFor(endpoint, '/demo'), 'info')).toBe('demo')
  expect(await heard(sessionFor(endpoint, '/public'), 'info')).toBe('ROUTE_UNKNOWN')
})

test('a server that admits its own paths alone refuses others before they reach a handler', () => {
  const served: string[] = []
  const endpoint = newEndpoint().register(
    new Blueprint('', { path: '/demo' }).onDefault(({ route }) => void served.push(route)),
  )
  const wanted = sessionFor(endpoint, '/demo', true)
  const stranger = sessionFor(endpoint, '/public', true)
  for (const { client, talk } of [wanted, stranger]) {
    client.stack.send({ route: 'log', kind: 'event', body: utf8('x') }, 0)
    talk()
  }
  expect(served).toEqual(['log'])
  expect(sessionPhases(wanted.client)).toEqual(['handshake', 'ready'])
  expect(sessionPhases(stranger.client)).toEqual(['handshake', 'refused'])
  expect(eventsOf(stranger.server.events, 'message-opened')).toEqual([])
})

test('bodies gather where the route of that path wants them', async () => {
  const gathered: string[] = []
  const writer = (name: string) => ({
    body: () => {
      gathered.push(name)
      return new BodyParts()
    },
  })
  const endpoint = newEndpoint()
    .request('put', writer('all'), ({ bodyBytes }) => String(bodyBytes))
    .register(new Blueprint('', { path: '/demo' }).request('put', writer('demo'), () => 'taken'))
  expect(await heard(sessionFor(endpoint, '/demo'), 'put', 'abc')).toBe('taken')
  expect(await heard(sessionFor(endpoint, '/'), 'put', 'abc')).toBe('3')
  expect(gathered).toEqual(['demo', 'all'])
})

test('a client is asked under the path that it named itself', async () => {
  const endpoint = newEndpoint().register(
    new Blueprint('', { path: '/demo' }).request('who', () => 'the client of demo'),
  )
  const { client, server, talk } = socketdPair({ client: { resource: '/demo?u=a' } })
  addStack(endpoint, { ...client, connected: true }, new VirtualClock())
  expect(await heard({ client: server, server: client, talk }, 'who')).toBe('the client of demo')
})

test('a blueprint added later counts at once, also where a peer made up ten thousand paths', async () => {
  const endpoint = newEndpoint().request('info', () => 'anybody')
  const late = sessionFor(endpoint, '/late')
  expect(await heard(late, 'info')).toBe('anybody')
  for (let n = 0; n < 10_000; n++) {
    endpoint.bodyWriter({
      ref: '',
      route: 'info',
      kind: 'request',
      priority: DEFAULT_PRIORITY,
      correlationId: '',
      headers: {},
      declaredBytes: 0,
      path: `/made/up/${n}`,
    })
  }
  endpoint.register(new Blueprint('', { path: '/late' }).request('info', () => 'late'))
  expect(await heard(late, 'info')).toBe('late')
})

test('where the Python Netcore is copied there are no paths, and that is said', () => {
  const endpoint = newEndpoint({ compat: 'python' })
  let problem: unknown
  try {
    endpoint.register(new Blueprint('a').register(new Blueprint('b', { path: '/demo' })))
  } catch (error) {
    problem = error
  }
  expect(hasCode(problem, 'OPTION_INVALID')).toBe(true)
})
