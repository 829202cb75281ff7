import { ConsoleError } from '../../shared/errors'
import type { Clock } from '../../shared/model/clock'
import { createEndpoint } from '../link/endpoint-link'
import { Blueprint } from '../netcore/endpoint/blueprint'
import { jsonReply } from '../netcore/endpoint/body-encoding'
import type { Endpoint } from '../netcore/endpoint/endpoint'
import { LARGEST_MESSAGE_BYTES } from '../netcore/pipe/limits'
import type { IncomingRequest } from '../netcore/stack-types'
import { ChecksummedBody, ChecksumWriter } from './checksum-body'
import { bigBody } from './demo-bodies'
import { readSensors } from './demo-sensors'

const MAX_DELAY_MS = 3_600_000
const MAX_COUNT = 100_000

/**
 * The demo endpoint of the project, once: `netcore listen` runs it for its peers and the simulated device `demo` has it.
 * `echo`, `add`, `slow`, `big`, `fail`, `count`, and the blueprint `/device` with `/info`, `/read` and `/firmware`.
 *
 * @param clock - Time of the delays of `slow` and `count`, and of the readings.
 */
export function createDemoEndpoint(clock: Clock): Endpoint {
  return createEndpoint({ clock })
    .request('echo', ({ body, stored }) => ({ body: stored ?? body }))
    .request('add', (request) => ({ sum: number(request, 'a') + number(request, 'b') }))
    .request('slow', async (request) => {
      const ms = number(request, 'ms', { min: 0, max: MAX_DELAY_MS })
      await delay(clock, ms, request.signal)
      return { ms }
    })
    .request('big', (request) => {
      const bytes = integer(request, 'bytes', { min: 0, max: LARGEST_MESSAGE_BYTES })
      return bigBody(bytes, integer(request, 'seed', { min: 0, max: 0xffff_ffff, fallback: 0 }))
    })
    .request('fail', () => {
      throw new Error('the handler of "fail" always fails')
    })
    .request('count', (request) => count(request, clock))
    .register(device(clock))
}

const device = (clock: Clock): Blueprint =>
  new Blueprint('/device')
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
async function* count(request: IncomingRequest, clock: Clock): AsyncGenerator {
  const n = integer(request, 'n', { min: 1, max: MAX_COUNT })
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
