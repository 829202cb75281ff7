import { abortReason } from './abort-reason'

interface Waiter {
  resolve(): void
  reject(error: Error): void
}

/** Those who wait for a link to be connected; each is answered exactly once. */
export class ConnectedWaiters {
  readonly #waiters = new Set<Waiter>()

  wait(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(abortReason(signal))
    return new Promise<void>((resolve, reject) => {
      const waiter: Waiter = {
        resolve: () => {
          this.#forget(waiter, signal, onAbort)
          resolve()
        },
        reject: (error) => {
          this.#forget(waiter, signal, onAbort)
          reject(error)
        },
      }
      const onAbort = (): void => {
        if (signal) waiter.reject(abortReason(signal))
      }
      this.#waiters.add(waiter)
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  resolve(): void {
    for (const waiter of [...this.#waiters]) waiter.resolve()
  }

  reject(error: Error): void {
    for (const waiter of [...this.#waiters]) waiter.reject(error)
  }

  #forget(waiter: Waiter, signal: AbortSignal | undefined, onAbort: () => void): void {
    this.#waiters.delete(waiter)
    signal?.removeEventListener('abort', onAbort)
  }
}
