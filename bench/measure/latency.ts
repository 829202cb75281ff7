import { type BenchClient, checkedBulk, checkedRequest } from '../peers/peer'
import { quantile } from '../statistics'
import { REQUEST_BYTES } from './rate'
import { MEBIBYTE } from './transfer'

export interface LatencyResult {
  readonly p50Ms: number
  readonly p99Ms: number
  /** From the time the request was due, which shows a blocked event loop too. */
  readonly dueP50Ms: number
  readonly dueP99Ms: number
  readonly asked: number
  readonly answered: number
  /** How long bulk was running when the last request was over; 0 without bulk. */
  readonly bulkMs: number
}

export const REQUEST_EVERY_MS = 5
export const BULK_BYTES = 256 * MEBIBYTE
const WARM_REQUESTS = 100
/** What is not answered this long after the last request counts with its age. */
const GRACE_MS = 500

/** Requests at fixed times, whether or not earlier ones were answered (open loop). */
export async function measureLatency(
  client: BenchClient,
  requests: number,
  isUnderBulk: boolean,
  bulkBytes = BULK_BYTES,
): Promise<LatencyResult> {
  for (let index = 0; index < WARM_REQUESTS; index++) await checkedRequest(client, index, REQUEST_BYTES)
  let failure: unknown
  const fail = (error: unknown): void => {
    failure ??= error
  }
  const bulkStartMs = isUnderBulk ? await startBulk(client, bulkBytes, fail) : undefined
  const log = new RequestLog()
  const startMs = performance.now() + 20
  await new Promise<void>((resolve) => {
    const tick = (): void => {
      const nowMs = performance.now()
      for (let dueMs = startMs + log.asked * REQUEST_EVERY_MS; dueMs <= nowMs; dueMs += REQUEST_EVERY_MS) {
        if (log.asked === requests) break
        const index = log.ask(dueMs, performance.now())
        checkedRequest(client, index, REQUEST_BYTES).then(() => log.answer(index, performance.now()), fail)
      }
      if (log.asked < requests) setTimeout(tick, 1)
      else setTimeout(resolve, log.answered < requests ? GRACE_MS : 0)
    }
    tick()
  })
  if (failure !== undefined) throw failure as Error
  const endMs = performance.now()
  return { ...log.result(endMs), bulkMs: endMs - (bulkStartMs ?? endMs) }
}

export const LATENCY_WARM_BYTES = 4 * MEBIBYTE

/** Transfers, one after the other, as long as the process lives. Returns when the first began. */
async function startBulk(
  client: BenchClient,
  bulkBytes: number,
  fail: (error: unknown) => void,
): Promise<number> {
  client.prepare?.(bulkBytes)
  await checkedBulk(client, LATENCY_WARM_BYTES)
  const run = async (): Promise<never> => {
    for (;;) await checkedBulk(client, bulkBytes)
  }
  run().catch(fail)
  return performance.now()
}

/** When requests were due, asked and answered. */
export class RequestLog {
  readonly #dueMs: number[] = []
  readonly #calledMs: number[] = []
  readonly #answeredMs: (number | undefined)[] = []
  #answered = 0

  get asked(): number {
    return this.#dueMs.length
  }

  get answered(): number {
    return this.#answered
  }

  ask(dueMs: number, calledMs: number): number {
    this.#answeredMs.push(undefined)
    this.#calledMs.push(calledMs)
    return this.#dueMs.push(dueMs) - 1
  }

  answer(index: number, atMs: number): void {
    this.#answered += 1
    this.#answeredMs[index] = atMs
  }

  /** A request without answer counts with the age it has at `endMs`. */
  result(endMs: number): Omit<LatencyResult, 'bulkMs'> {
    const since = (beginsMs: readonly number[]): number[] =>
      beginsMs.map((beginMs, index) => (this.#answeredMs[index] ?? endMs) - beginMs)
    const fromCall = since(this.#calledMs)
    const fromDue = since(this.#dueMs)
    return {
      p50Ms: quantile(fromCall, 0.5),
      p99Ms: quantile(fromCall, 0.99),
      dueP50Ms: quantile(fromDue, 0.5),
      dueP99Ms: quantile(fromDue, 0.99),
      asked: this.asked,
      answered: this.#answered,
    }
  }
}
