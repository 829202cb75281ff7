import type { Overview } from '../../shared/model/views'

/** At most two questions a second. */
export const OVERVIEW_INTERVAL_MS = 500

interface PollerHost {
  readonly ask: () => Promise<Overview>
  readonly later: (delayMs: number, run: () => void) => () => void
  readonly onOverview: (overview: Overview) => void
}

/** Asks for the overview after something new was captured: never twice at once, never more often than the interval. */
export class OverviewPoller {
  readonly #host: PollerHost
  #isWanted = false
  #isBusy = false
  #isStopped = false
  #cancel: (() => void) | null = null

  constructor(host: PollerHost) {
    this.#host = host
  }

  /** The picture is out of date. */
  touch(): void {
    this.#isWanted = true
    if (!this.#isBusy) this.#ask()
  }

  stop(): void {
    this.#isStopped = true
    this.#cancel?.()
  }

  #ask(): void {
    if (this.#isStopped) return
    this.#isBusy = true
    this.#isWanted = false
    this.#cancel = this.#host.later(OVERVIEW_INTERVAL_MS, () => this.#intervalOver())
    this.#host.ask().then(
      (overview) => {
        if (!this.#isStopped) this.#host.onOverview(overview)
      },
      // the next news asks again; a lost channel is told elsewhere
      () => undefined,
    )
  }

  #intervalOver(): void {
    this.#isBusy = false
    if (this.#isWanted) this.#ask()
  }
}
