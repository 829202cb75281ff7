import { utf8 } from '../../shared/bytes'
import { ConsoleError } from '../../shared/errors'
import type { Clock } from '../../shared/model/clock'
import type { Headers } from '../../shared/model/trace'
import type { Handler, IncomingRequest, Reply, StackPort } from '../netcore/stack-types'
import { LARGEST_MESSAGE_BYTES } from '../netcore/pipe/limits'
import { bigBody, crc32Of } from './demo-bodies'
import { readSensors } from './demo-sensors'

const MAX_DELAY_MS = 3_600_000
const MAX_COUNT = 100_000

/**
 * The demo routes of the project, once: `netcore listen` runs them for peers and the simulated device `demo` has them.
 * `echo`, `add`, `slow`, `big`, `fail`, `count`, and `/device/info`, `/device/read`, `/device/firmware`.
 *
 * @param clock - Time of the delays of `slow` and `count`, and of the readings.
 */
export function installDemoRoutes(stack: StackPort, clock: Clock): void {
  const routes: Record<string, Handler> = {
    echo: ({ body, stored }) => ({ body: stored ?? body }),
    add: (request) => json({ sum: number(request, 'a') + number(request, 'b') }),
    slow: async (request) => {
      const ms = number(request, 'ms', { min: 0, max: MAX_DELAY_MS })
      await delay(clock, ms)
      return json({ ms })
    },
    big: (request) => {
      const bytes = integer(request, 'bytes', { min: 0, max: LARGEST_MESSAGE_BYTES })
      return { body: bigBody(bytes, integer(request, 'seed', { min: 0, max: 0xffff_ffff, fallback: 0 })) }
    },
    fail: () => {
      throw new Error('the handler of "fail" always fails')
    },
    count: (request) => count(request, clock),
    '/device/info': () => json(DEVICE_INFO),
    '/device/read': (request) => json(read(request, clock.nowMs())),
    '/device/firmware': async ({ body, bodyBytes, stored }) =>
      json({ bytes: bodyBytes, crc32: await crc32Of(stored ?? body, clock) }),
  }
  for (const [route, handler] of Object.entries(routes)) stack.route(route, handler)
}

const DEVICE_INFO = {
  name: 'demo',
  model: 'NC-200 motor controller',
  firmware: '2.4.1',
  serial: 'NC200-00417',
  channels: ['temperature', 'supply', 'current', 'speed'],
  maxChunk: 4096,
}

/** One request, `n` answers `ms` apart; the last one carries the header `end`. */
async function count(request: IncomingRequest, clock: Clock): Promise<undefined> {
  const n = integer(request, 'n', { min: 1, max: MAX_COUNT })
  const ms = number(request, 'ms', { min: 0, max: MAX_DELAY_MS, fallback: 0 })
  for (let i = 1; i <= n; i++) {
    if (i > 1 && ms > 0) await delay(clock, ms)
    request.reply({ ...json({ i, n }, i === n ? { end: true } : {}), hasMore: i < n })
  }
}

function read(request: IncomingRequest, nowMs: number): Record<string, unknown> {
  const readings = readSensors(nowMs)
  const channel = request.body.length === 0 ? undefined : field(request, 'channel')
  if (channel === undefined) return { uptimeMs: Math.round(nowMs), ...readings }
  const isKnown = typeof channel === 'string' && Object.hasOwn(readings, channel)
  if (!isKnown) throw bad(`there is no channel ${JSON.stringify(channel)}`)
  return { uptimeMs: Math.round(nowMs), channel, value: readings[channel] }
}

const json = (value: unknown, headers: Headers = {}): Reply => ({
  body: utf8(JSON.stringify(value)),
  headers,
})

const delay = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => clock.schedule(clock.nowMs() + ms, resolve))

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
