import { type LineRate, wireMs } from '../../../../../shared/model/line-rate'

/** When the line will have carried what was handed over, by its speed. On sockets: at once. */
export class LineTime {
  /** Of one byte; 0 where the speed is unknown. */
  readonly byteMs: number
  #freeAtMs = -Infinity

  constructor(rate: LineRate | undefined) {
    this.byteMs = rate === undefined ? 0 : wireMs(1, rate)
  }

  begin(): void {
    this.#freeAtMs = -Infinity
  }

  /** Returns when the line will have carried them. */
  handedOver(byteCount: number, nowMs: number): number {
    this.#freeAtMs = Math.max(nowMs, this.#freeAtMs) + byteCount * this.byteMs
    return this.#freeAtMs
  }

  /** Nothing is handed over that is not on its way. */
  isIdle(nowMs: number): boolean {
    return this.#freeAtMs <= nowMs
  }
}
