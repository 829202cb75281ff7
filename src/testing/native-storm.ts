import { crc32c } from '../shared/bytes/crc32c'
import type { Priority } from '../shared/model/trace'
import type { IncomingRequest, Reply } from '../main/netcore/stack-types'
import { NativeLine, type NativeLineOptions, seededUnit } from './native-line'

export interface StormOptions extends Omit<NativeLineOptions, 'onTrace'> {
  readonly steps: number
  /** Between two steps, on average. */
  readonly stepMs: number
  readonly largestBody: number
  readonly unplugs: boolean
  readonly cancels: boolean
  /** One direction goes dead now and then. */
  readonly deafens: boolean
}

export interface StormCounts {
  events: number
  eventsDelivered: number
  requests: number
  answered: number
  failed: number
  subscriptions: number
  answersOfMany: number
  cancelled: number
  unplugged: number
  repeatedBytes: number
}

type Side = 'near' | 'far'
const SIDES: readonly Side[] = ['near', 'far']

/** What one run found to be wrong: empty when all went well. */
export type Complaint = string

/**
 * Everything at once, at random and repeatable: events, requests (answered at once, late or never), subscriptions, cancels,
 * unplugging, a line that damages. Afterwards the line is mended, and then everything must have come to an end: each message
 * delivered once and unharmed or known to have failed, each promise settled, every table empty.
 */
export async function runStorm(
  options: StormOptions,
): Promise<{ readonly counts: StormCounts; readonly complaints: readonly Complaint[] }> {
  const unit = seededUnit(options.seed + 4711)
  const below = (bound: number): number => Math.floor(unit() * bound)
  const complaints: Complaint[] = []
  const counts: StormCounts = {
    events: 0,
    eventsDelivered: 0,
    requests: 0,
    answered: 0,
    failed: 0,
    subscriptions: 0,
    answersOfMany: 0,
    cancelled: 0,
    unplugged: 0,
    repeatedBytes: 0,
  }
  /** Bodies that were sent as events or requests, by number: how often they may and did arrive. */
  const sent: { crc: number; arrivals: number; isCancelled: boolean; isRequest: boolean }[] = []
  const opened = new Map<string, string>()
  let unsettled = 0

  const line = new NativeLine({
    ...options,
    onTrace: (side, event) => {
      if (event.type === 'message-opened') {
        const key = `${side} ${event.messageKey}`
        if (opened.has(key)) complaints.push(`${key} opened twice`)
        opened.set(key, `${event.dir} ${event.kind} ${event.ref}`)
      } else if (event.type === 'message-closed') {
        const key = `${side} ${event.messageKey}`
        if (!opened.delete(key)) complaints.push(`${key} closed without having been open`)
      }
    },
  })

  const body = (): Uint8Array => {
    const small = unit() < 0.7
    const bytes = new Uint8Array(8 + below(small ? 120 : options.largestBody))
    let state = below(2 ** 31)
    for (let at = 0; at < bytes.length; at++) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) | 0
      bytes[at] = state >>> 16
    }
    new DataView(bytes.buffer).setUint32(0, sent.length)
    return bytes
  }
  const note = (bytes: Uint8Array, isRequest: boolean): number => {
    sent.push({ crc: crc32c(0, bytes, 0, bytes.length), arrivals: 0, isCancelled: false, isRequest })
    return sent.length - 1
  }
  const arrived = (request: IncomingRequest): void => {
    const number = new DataView(request.body.buffer, request.body.byteOffset).getUint32(0)
    const known = sent[number]
    if (known === undefined) {
      complaints.push(`message ${number} was never sent`)
      return
    }
    known.arrivals += 1
    if (known.crc !== crc32c(0, request.body, 0, request.body.length)) complaints.push(`${number} is damaged`)
    if (known.arrivals > 1) complaints.push(`${number} arrived ${known.arrivals} times`)
  }
  const reversed = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes).reverse()

  for (const side of SIDES) {
    const { stack } = line[side]
    stack.route('event', (request) => {
      arrived(request)
      counts.eventsDelivered += 1
      return undefined
    })
    stack.route('now', (request) => {
      arrived(request)
      return { body: reversed(request.body), headers: { n: request.body.length } }
    })
    stack.route('late', (request) => {
      arrived(request)
      return new Promise<Reply>((resolve) => {
        line.at(line.nowMs + unit() * 300, () => resolve({ body: reversed(request.body) }))
      })
    })
    stack.route('never', (request) => {
      arrived(request)
      return undefined
    })
    stack.route('many', async (request) => {
      arrived(request)
      const count = request.body[4]! % 12
      for (let k = 0; k < count; k++) {
        try {
          await request.whenRoom(request.body.length)
          request.reply({ body: Uint8Array.of(k, ...request.body), hasMore: k < count - 1 })
        } catch {
          return undefined
        }
      }
      if (count === 0) request.end()
      return undefined
    })
  }

  const priority = (): Priority => below(8) as Priority
  const keys: { side: Side; messageKey: number; number: number }[] = []

  function sendEvent(side: Side): void {
    const bytes = body()
    const number = note(bytes, false)
    counts.events += 1
    const { messageKey } = line[side].stack.send(
      {
        route: 'event',
        kind: 'event',
        body: bytes,
        priority: priority(),
        headers: unit() < 0.2 ? { k: number } : {},
      },
      line.nowMs,
    )
    keys.push({ side, messageKey, number })
  }

  function ask(side: Side, route: string): void {
    const bytes = body()
    const number = note(bytes, true)
    counts.requests += 1
    unsettled += 1
    const { messageKey, answer } = line[side].stack.request(
      { route, body: bytes, priority: priority(), timeoutMs: route === 'never' ? 500 : 120_000 },
      line.nowMs,
    )
    keys.push({ side, messageKey, number })
    answer.then(
      (got) => {
        unsettled -= 1
        counts.answered += 1
        if (route === 'never') complaints.push(`${number} was answered`)
        const expected = reversed(bytes)
        if (got.body.length !== expected.length || got.body.some((byte, at) => byte !== expected[at])) {
          complaints.push(`the answer to ${number} is wrong`)
        }
      },
      (error: unknown) => {
        unsettled -= 1
        counts.failed += 1
        const code = (error as { code?: string }).code ?? ''
        const isLate = route === 'never' && code === 'REQUEST_TIMEOUT'
        const isFine = sent[number]!.isCancelled || isLate
        // It may have been given up before it was on the line.
        if (isLate) sent[number]!.isCancelled = true
        if (!isFine) complaints.push(`request ${number} (${route}) failed: ${code}`)
      },
    )
  }

  function subscribe(side: Side): void {
    const bytes = body()
    const number = note(bytes, true)
    counts.subscriptions += 1
    unsettled += 1
    let next = 0
    let hasEnded = false
    const { stack } = line[side]
    const { messageKey } = stack.subscribe(
      {
        route: 'many',
        body: bytes,
        priority: priority(),
        timeoutMs: 120_000,
        onAnswer: (got) => {
          counts.answersOfMany += 1
          if (hasEnded) complaints.push(`${number} got an answer after the end`)
          if (got.body[0] !== next % 256 || got.body.length !== bytes.length + 1) {
            complaints.push(`${number} got answer ${got.body[0]} of ${got.body.length} bytes for ${next}`)
          }
          next += 1
          if (unit() < 0.5) return true
          line.at(line.nowMs + unit() * 100, () => stack.consumed(messageKey, got.bodyBytes, line.nowMs))
          return false
        },
        onEnd: (error) => {
          unsettled -= 1
          if (hasEnded) complaints.push(`${number} ended twice`)
          hasEnded = true
          if (error === null && next !== bytes[4]! % 12) {
            complaints.push(`${number} ended after ${next} of ${bytes[4]! % 12}`)
          }
          if (error !== null && !sent[number]!.isCancelled) complaints.push(`${number} failed: ${error.code}`)
        },
      },
      line.nowMs,
    )
    keys.push({ side, messageKey, number })
  }

  function cancel(): void {
    const victim = keys[keys.length - 1 - below(Math.min(keys.length, 6))]
    if (victim === undefined) return
    counts.cancelled += 1
    sent[victim.number]!.isCancelled = true
    line[victim.side].stack.cancel(victim.messageKey, line.nowMs)
  }

  function step(): void {
    const side = SIDES[below(2)]!
    const dice = unit()
    if (dice < 0.35) sendEvent(side)
    else if (dice < 0.5) ask(side, 'now')
    else if (dice < 0.6) ask(side, 'late')
    else if (dice < 0.64) ask(side, 'never')
    else if (dice < 0.74) subscribe(side)
    else if (dice < 0.84) {
      if (options.cancels) cancel()
    } else if (dice < 0.9 && options.unplugs) {
      line.unplug()
      counts.unplugged += 1
      line.at(line.nowMs + unit() * 50, () => line.plug())
    } else if (dice < 0.94 && options.deafens) {
      const end = line[side]
      end.isDead = true
      line.at(line.nowMs + unit() * 2_000, () => {
        end.isDead = false
      })
    }
  }

  line.plug()
  for (let k = 0; k < options.steps; k++) {
    await line.runAsync(line.nowMs - Math.log(1 - unit()) * options.stepMs)
    step()
  }
  line.plug()
  line.mend()
  const isIdle = (): boolean =>
    unsettled === 0 && opened.size === 0 && SIDES.every((side) => line[side].pipe.isIdle)
  await line.runAsync(line.nowMs + 300_000, isIdle)

  if (unsettled > 0) complaints.push(`${unsettled} requests never settled`)
  for (const what of opened.entries()) complaints.push(`${what.join(' ')} was never closed`)
  for (const side of SIDES) if (!line[side].pipe.isIdle) complaints.push(`${side} is not idle`)
  sent.forEach(({ arrivals, isCancelled, isRequest }, number) => {
    if (arrivals === 0 && !isCancelled)
      complaints.push(`${isRequest ? 'request' : 'event'} ${number} is lost`)
  })
  counts.repeatedBytes = line.near.counts.repeatedBytes + line.far.counts.repeatedBytes
  return { counts, complaints }
}
