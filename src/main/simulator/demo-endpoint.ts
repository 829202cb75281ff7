import { crc32 } from 'node:zlib'
import { utf8 } from '../../shared/bytes'
import { ConsoleError } from '../../shared/errors'
import type { Clock } from '../../shared/model/clock'
import type { Headers } from '../../shared/model/trace'
import type { Handler, IncomingRequest, Reply, StackPort } from '../netcore/stack-types'
import { readSensors } from './demo-sensors'

/** Largest body that `big` makes: the limit for a message in memory. */
export const MAX_BIG_BYTES = 256 * 1024 * 1024
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
    echo: ({ body }) => ({ body }),
    add: (request) => json({ sum: number(request, 'a') + number(request, 'b') }),
    slow: async (request) => {
      const ms = number(request, 'ms', { min: 0, max: MAX_DELAY_MS })
      await delay(clock, ms)
      return json({ ms })
    },
    big: (request) => {
      const bytes = integer(request, 'bytes', { min: 0, max: MAX_BIG_BYTES })
      return { body: bigBody(bytes, integer(request, 'seed', { min: 0, max: 0xffff_ffff, fallback: 0 })) }
    },
    fail: () => {
      throw new Error('the handler of "fail" always fails')
    },
    count: (request) => count(request, clock),
    '/device/info': () => json(DEVICE_INFO),
    '/device/read': (request) => json(read(request, clock.nowMs())),
    '/device/firmware': ({ body }) => json({ bytes: body.length, crc32: crc32(body) }),
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

/** Byte i = (i × 31 + seed) mod 256. */
export function bigBody(bytes: number, seed: number): Uint8Array {
  const body = new Uint8Array(bytes)
  const period = Math.min(bytes, 256)
  for (let at = 0; at < period; at++) body[at] = (at * 31 + seed) & 255
  for (let filled = period; filled > 0 && filled < bytes; filled *= 2) body.copyWithin(filled, 0, filled)
  return body
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
