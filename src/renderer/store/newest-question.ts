/** Asks the core one thing at a time: while a question is under way only the newest other one waits, the rest are outdated. */
export class NewestQuestion {
  #isAsking = false
  #next: (() => Promise<unknown>) | null = null

  /** @param question - Must not reject: what went wrong is its own business. */
  ask(question: () => Promise<unknown>): void {
    if (this.#isAsking) {
      this.#next = question
      return
    }
    this.#isAsking = true
    void question().finally(() => {
      this.#isAsking = false
      const next = this.#next
      this.#next = null
      if (next !== null) this.ask(next)
    })
  }
}
