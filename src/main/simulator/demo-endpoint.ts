import { ConsoleError } from '../../shared/errors'
import type { Clock } from '../../shared/model/clock'
import { createEndpoint } from '../link/endpoint-link'
import { Blueprint } from '../netcore/endpoint/blueprint'
import { jsonReply } from '../netcore/endpoint/body-encoding'
import type { Endpoint } from '../netcore/endpoint/endpoint'
import type { EndpointHandler } from '../netcore/endpoint/endpoint-types'
import { LARGEST_MESSAGE_BYTES } from '../netcore/pipe/limits'
import type { IncomingRequest } from '../netcore/stack-types'
import { ChecksummedBody, ChecksumWriter } from './checksum-body'
import { bigBody } from './demo-bodies'
import { DEMO_METHODS } from './demo-methods'
import { readSensors } from './demo-sensors'

const MAX_DELAY_MS = 3_600_000
const MAX_COUNT = 100_000

/** Without prefix for dialects with routes; as calls and as messages for `netconduit`, which has only those. */
const KINDS_OF_ROUTE = ['', 'rpc:', 'msg:'] as const

/**
 * The demo endpoint of the project, once: `netcore listen` runs it for its peers and the simulated device `demo` has it.
 * `echo`, `add`, `slow`, `big`, `fail`, `count`, and the blueprint `/device` with `/info`, `/read` and `/firmware`; to a peer
 * that speaks `netconduit` the same as `rpc:add` and `msg:add`, with `rpc:listall`, and `count` as `stream:count`.
 *
 * @param clock - Time of the delays of `slow` and `count`, and of the readings.
 */
export function createDemoEndpoint(clock: Clock): Endpoint {
  const endpoint = createEndpoint({ clock })
  for (const kind of KINDS_OF_ROUTE) {
    for (const [name, handler] of Object.entries(plainRoutes(clock))) endpoint.request(kind + name, handler)
    endpoint.register(device(clock, `${kind}/device`))
  }
  return endpoint
    .request('stream:count', (request) => count(request, clock, { n: 10 }))
    .request('rpc:listall', () => ({ methods: DEMO_METHODS, count: DEMO_METHODS.length }))
}

const plainRoutes = (clock: Clock): Readonly<Record<string, EndpointHandler>> => ({
  echo: ({ body, stored }) => ({ body: stored ?? body }),
  add: (request) => ({ sum: number(request, 'a') + number(request, 'b') }),
  slow: async (request) => {
    const ms = number(request, 'ms', { min: 0, max: MAX_DELAY_MS })
    await delay(clock, ms, request.signal)
    return { ms }
  },
  big: (request) => {
    const bytes = integer(request, 'bytes', { min: 0, max: LARGEST_MESSAGE_BYTES })
    return bigBody(bytes, integer(request, 'seed', { min: 0, max: 0xffff_ffff, fallback: 0 }))
  },
  fail: () => {
    throw new Error('the handler of "fail" always fails')
  },
  count: (request) => count(request, clock),
})

const device = (clock: Clock, prefix: string): Blueprint =>
  new Blueprint(prefix)
    .request('/info', () => DEVICE_INFO)
    .request('/read', (request) => read(request, clock.nowMs()))
    // An image may be large: it is checked while it comes, and never in memory (or in a file) as a whole.
    .request('/firmware', { body: () => new ChecksumWriter() }, ({ stored }) => {
      if (!(stored instanceof ChecksummedBody)) throw new Error('the image was not checked while it came')
      return { bytes: stored.byteLength, crc32: stored.crc32 }
    })

const DEVICE_INFO = {
  name: 'demo',
  model: 'NC-200 motor controller',
  firmware: '2.4.1',
  serial: 'NC200-00417',
  channels: ['temperature', 'supply', 'current', 'speed'],
  maxChunk: 4096,
}

/** One request, `n` answers `ms` apart. The last one says so, also to a person: it has the header `end`. */
async function* count(
  request: IncomingRequest,
  clock: Clock,
  fallback: { readonly n?: number } = {},
): AsyncGenerator {
  const range = { min: 1, max: MAX_COUNT }
  const n = integer(request, 'n', fallback.n === undefined ? range : { ...range, fallback: fallback.n })
  const ms = number(request, 'ms', { min: 0, max: MAX_DELAY_MS, fallback: 0 })
  for (let i = 1; i < n; i++) {
    yield { i, n }
    if (ms > 0) await delay(clock, ms, request.signal)
  }
  return jsonReply({ i: n, n }, { headers: { end: true } })
}

function read(request: IncomingRequest, nowMs: number): Record<string, unknown> {
  const readings = readSensors(nowMs)
  const channel = request.body.length === 0 ? undefined : field(request, 'channel')
  if (channel === undefined) return { uptimeMs: Math.round(nowMs), ...readings }
  const isKnown = typeof channel === 'string' && Object.hasOwn(readings, channel)
  if (!isKnown) throw bad(`there is no channel ${JSON.stringify(channel)}`)
  return { uptimeMs: Math.round(nowMs), channel, value: readings[channel] }
}

/** Over at once when nobody waits any more: its alarm would keep the process alive. */
const delay = (clock: Clock, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const over = (): void => {
      signal.removeEventListener('abort', over)
      cancel()
      resolve()
    }
    const cancel = clock.schedule(clock.nowMs() + ms, over)
    if (signal.aborted) over()
    else signal.addEventListener('abort', over)
  })

const bad = (message: string): ConsoleError => new ConsoleError('REQUEST_BODY_INVALID', message)

function field(request: IncomingRequest, key: string): unknown {
  const body = request.json()
  if (body === null || typeof body !== 'object')
    throw bad(`the body of ${request.route} is not a JSON object`)
  return (body as { readonly [key: string]: unknown })[key]
}

interface Range {
  readonly min?: number
  readonly max?: number
  readonly fallback?: number
}

function number(request: IncomingRequest, key: string, range: Range = {}): number {
  const value = field(request, key) ?? range.fallback
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = range
  if (typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max) return value
  const within = range.max === undefined ? '' : ` from ${min} to ${max}`
  throw bad(`"${key}" of ${request.route} is not a number${within}`)
}

function integer(request: IncomingRequest, key: string, range: Range): number {
  const value = number(request, key, range)
  if (!Number.isInteger(value)) throw bad(`"${key}" of ${request.route} is not a whole number`)
  return value
}
