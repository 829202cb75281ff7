/** How a command that runs until it is stopped ends: cleanly when asked to, or with an error. */
export class Ending {
  #resolve: () => void = () => {}
  #reject: (error: Error) => void = () => {}
  /** Resolves when the person (or the reader of our output) wants an end; rejects with what `fail` was told. */
  readonly reached: Promise<void>

  constructor(signal: AbortSignal) {
    this.reached = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      if (signal.aborted) resolve()
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    this.reached.catch(() => {}) // it may fail before anybody waits
  }

  /** All that was to be done is done. */
  end(): void {
    this.#resolve()
  }

  fail(error: Error): void {
    this.#reject(error)
  }
}
