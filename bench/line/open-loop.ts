import { seededRandom } from '../../src/main/transport/seeded-random'
import type { VirtualClock } from '../../src/testing/virtual-clock'
import { RequestLog } from '../measure/latency'
import { quantile } from '../statistics'

/** Virtual seconds that are measured, after those in which the line fills. */
export const SECONDS = 60
const SETTLE_MS = 2000
const REQUEST_EVERY_MS = 250
const REQUEST_JITTER_MS = 100

/** What the loop needs of a peer on a line. */
export interface LineTalk {
  /** Lets virtual time pass, and everything happen that it brings. */
  advanceTo(atMs: number): Promise<void>
  /** Resolves with the answer; rejects (or never settles) when there is none. */
  request(index: number): Promise<void>
  /** Sees to it that bulk waits for the line. */
  keepBusy(): void
  /** Payload bytes that reached the device's application, and bytes that the wire towards it carried. */
  delivered(): number
  carried(): number
}

export interface LineFigures {
  readonly p50Ms: number
  readonly p99Ms: number
  /** From the call until the device's application had the request. */
  readonly oneWayP99Ms: number
  readonly asked: number
  readonly answered: number
  readonly arrived: number
  /** Share of the nominal capacity that the wire carried, and that was payload. */
  readonly busy: number
  readonly goodput: number
}

/** When each request reached the device. */
export class Arrivals {
  readonly #atMs = new Map<number, number>()
  readonly #clock: VirtualClock

  constructor(clock: VirtualClock) {
    this.#clock = clock
  }

  note(index: number): void {
    if (!this.#atMs.has(index)) this.#atMs.set(index, this.#clock.nowMs())
  }

  atMs(index: number): number | undefined {
    return this.#atMs.get(index)
  }
}

/** A request every 250 to 350 ms, due whether or not earlier ones were answered; with bulk behind it or without. */
export async function runOpenLoop(
  clock: VirtualClock,
  talk: LineTalk,
  arrivals: Arrivals,
  { isUnderBulk, bytesPerMs }: { readonly isUnderBulk: boolean; readonly bytesPerMs: number },
): Promise<LineFigures> {
  const random = seededRandom(7)
  const log = new RequestLog()
  const dueMs: number[] = []
  const busy = (): void => {
    if (isUnderBulk) talk.keepBusy()
  }
  busy()
  const startMs = clock.nowMs() + SETTLE_MS
  const endMs = startMs + SECONDS * 1000
  await advance(talk, busy, clock, startMs)
  const before = { carried: talk.carried(), delivered: talk.delivered() }
  for (let atMs = startMs; atMs < endMs - 1000; atMs += REQUEST_EVERY_MS + random(REQUEST_JITTER_MS)) {
    clock.schedule(atMs, () => {
      const index = log.ask(clock.nowMs(), clock.nowMs())
      dueMs.push(clock.nowMs())
      talk.request(index).then(
        () => log.answer(index, clock.nowMs()),
        () => undefined, // lost on the way: counts with its age
      )
    })
  }
  await advance(talk, busy, clock, endMs)
  const capacityBytes = bytesPerMs * (endMs - startMs)
  const oneWay = dueMs.map((callMs, index) => (arrivals.atMs(index) ?? endMs) - callMs)
  const { p50Ms, p99Ms, asked, answered } = log.result(endMs)
  return {
    p50Ms,
    p99Ms,
    oneWayP99Ms: quantile(oneWay, 0.99),
    asked,
    answered,
    arrived: dueMs.filter((_, index) => arrivals.atMs(index) !== undefined).length,
    busy: (talk.carried() - before.carried) / capacityBytes,
    goodput: (talk.delivered() - before.delivered) / capacityBytes,
  }
}

async function advance(
  talk: LineTalk,
  busy: () => void,
  clock: VirtualClock,
  untilMs: number,
): Promise<void> {
  for (let atMs = clock.nowMs(); atMs < untilMs; atMs += 50) {
    await talk.advanceTo(Math.min(atMs + 50, untilMs))
    busy()
  }
}
