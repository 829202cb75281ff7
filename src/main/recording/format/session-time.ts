/** The time of a session in a recording: nanoseconds since 1970, so that two recordings of a day lie on one axis. */
export class SessionTime {
  #startNs: bigint

  /** @param startedAtMs - Wall clock at the start of the session, in milliseconds since 1970. */
  constructor(startedAtMs: number) {
    this.#startNs = BigInt(Math.round(startedAtMs * 1000)) * 1000n
  }

  /** @param startNs - Nanoseconds since 1970 at which the session began. */
  static fromNs(startNs: bigint): SessionTime {
    const time = new SessionTime(0)
    time.#startNs = startNs
    return time
  }

  /** @param atMs - Time in the session, exact to a nanosecond for a hundred days. */
  toNs(atMs: number): bigint {
    return this.#startNs + BigInt(Math.round(atMs * 1e6))
  }

  toMs(timeNs: bigint): number {
    return Number(timeNs - this.#startNs) / 1e6
  }
}
