/** How a command that runs until it is stopped ends: cleanly when asked to, or with an error. */
export class Ending {
  #reject: (error: Error) => void = () => {}
  /** Resolves when the person (or the reader of our output) wants an end; rejects with what `fail` was told. */
  readonly reached: Promise<void>

  constructor(signal: AbortSignal) {
    this.reached = new Promise((resolve, reject) => {
      this.#reject = reject
      if (signal.aborted) resolve()
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    this.reached.catch(() => {}) // it may fail before anybody waits
  }

  fail(error: Error): void {
    this.#reject(error)
  }
}
