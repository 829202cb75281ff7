import { utf8 } from '../../shared/bytes'
import { hasCode } from '../../shared/errors'
import type { Clock } from '../../shared/model/clock'
import type { Priority, TraceEvent } from '../../shared/model/trace'
import { Alarm } from '../link/alarm'
import { attachEndpoint } from '../link/endpoint-link'
import type { Link } from '../link/link'
import type { RandomSource } from '../netcore/dialects/dialect'
import { createDemoEndpoint } from './demo-endpoint'
import { bootLog, logLine } from './demo-log'
import { imuSample } from './demo-sensors'

const IMU_PERIOD_MS = 250
const LOG_LINE_PERIOD_MS = 2300
/** The first large log begins this long after connecting, so that interleaving is seen within two seconds. */
const FIRST_DUMP_MS = 1000
const DUMP_PERIOD_MS = 8000
export const DUMP_BYTES = 24_000

interface Stream {
  readonly route: string
  readonly priority: Priority
  /** Messages that may wait for the line; on a line too slow for it more are left out rather than queued without end. */
  readonly maxWaiting: number
}

const IMU: Stream = { route: 'telemetry.imu', priority: 2, maxWaiting: 2 }
const LINE: Stream = { route: 'log.print', priority: 3, maxWaiting: 2 }
const DUMP: Stream = { route: 'log.dump', priority: 6, maxWaiting: 1 }

/**
 * The simulated device `demo`, a motor controller: answers the demo routes, pushes a reading of its inertial sensor
 * every 250 ms, prints a line of its log now and then, and sends its whole log again and again, unasked, as bulk of low
 * urgency. Runs on the real stack over `link`; the same seed and clock give the same bytes.
 */
export class DemoDevice {
  readonly #link: Link
  readonly #clock: Clock
  readonly #random: RandomSource
  readonly #imu: Alarm
  readonly #line: Alarm
  readonly #dump: Alarm
  readonly #waiting = new Map<number, Stream>()
  #seq = 0
  #skipped = 0
  #lines = 0

  constructor(link: Link, clock: Clock, random: RandomSource) {
    this.#link = link
    this.#clock = clock
    this.#random = random
    this.#imu = new Alarm(clock)
    this.#line = new Alarm(clock)
    this.#dump = new Alarm(clock)
    attachEndpoint(createDemoEndpoint(clock), link)
  }

  /** To be called when the link is connected. */
  start(): void {
    const nowMs = this.#clock.nowMs()
    this.#every(this.#imu, nowMs + IMU_PERIOD_MS, IMU_PERIOD_MS, () => this.#sendImu())
    this.#every(this.#line, nowMs + LOG_LINE_PERIOD_MS, LOG_LINE_PERIOD_MS, () => this.#printLine())
    this.#every(this.#dump, nowMs + FIRST_DUMP_MS, DUMP_PERIOD_MS, () => this.#dumpLog())
  }

  /** To be called with every trace event of the link: tells when a message has left. */
  observe(event: TraceEvent): void {
    if (event.type === 'message-closed' && event.dir === 'out') this.#waiting.delete(event.messageKey)
  }

  async stop(): Promise<void> {
    for (const alarm of [this.#imu, this.#line, this.#dump]) alarm.cancel()
    await this.#link.close()
  }

  /** By due times, not by delays: a late alarm does not shift all later ones. */
  #every(alarm: Alarm, dueMs: number, periodMs: number, run: () => void): void {
    alarm.set(dueMs, () => {
      run()
      this.#every(alarm, Math.max(dueMs + periodMs, this.#clock.nowMs()), periodMs, run)
    })
  }

  #sendImu(): void {
    const sample = imuSample(this.#clock.nowMs(), this.#seq, () => this.#random(20_001) / 10_000 - 1)
    this.#seq += 1
    const body = JSON.stringify(this.#skipped > 0 ? { ...sample, skipped: this.#skipped } : sample)
    if (this.#push(IMU, body)) this.#skipped = 0
    else this.#skipped += 1
  }

  #printLine(): void {
    const line = logLine(this.#clock.nowMs(), this.#lines, this.#random)
    this.#lines += 1
    this.#push(LINE, JSON.stringify(line))
  }

  #dumpLog(): void {
    this.#push(DUMP, bootLog(DUMP_BYTES, this.#random))
  }

  /** False when the line is behind. */
  #push(stream: Stream, text: string): boolean {
    const { route, priority, maxWaiting } = stream
    const waiting = [...this.#waiting.values()].filter((other) => other === stream)
    if (this.#link.phase !== 'connected' || waiting.length >= maxWaiting) return false
    try {
      // There a message has a kind before its name.
      const said = this.#link.address.dialect === 'netconduit' ? `msg:${route}` : route
      const { messageKey } = this.#link.send({ route: said, kind: 'event', body: utf8(text), priority })
      this.#waiting.set(messageKey, stream)
      return true
    } catch (error) {
      if (hasCode(error, 'QUEUE_FULL')) return false
      throw error
    }
  }
}
