import { asConsoleError, ConsoleError } from '../../shared/errors'

/** Default time a transport gives the system to open a connection. */
export const OPEN_TIMEOUT_MS = 10_000

export const openCancelled = (target: string): ConsoleError =>
  new ConsoleError('LINK_OPEN_CANCELLED', `opening ${target} was cancelled`)

export interface OpenRace<T> {
  readonly target: string
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
  /** What a timeout means here, in words. */
  readonly timeoutMessage: string
  /**
   * Starts opening; calls one of the two when the system answers. Returns how to get rid of the attempt, called once when
   * time or the caller ended it. An answer after that is ignored here: the starter cleans up. What it throws is an answer
   * too.
   */
  readonly start: (opened: (value: T) => void, failed: (error: ConsoleError) => void) => () => void
}

/** An attempt to open something, ended by whichever comes first: the system, the timeout or the caller; no timer stays. */
export function raceOpen<T>({ target, timeoutMs, signal, timeoutMessage, start }: OpenRace<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(openCancelled(target))
      return
    }
    let isSettled = false
    const settle = (act: () => void): void => {
      if (isSettled) return
      isSettled = true
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
      act()
    }
    const aborted = (): void =>
      settle(() => {
        abandon()
        reject(openCancelled(target))
      })
    const timer = setTimeout(
      () =>
        settle(() => {
          abandon()
          reject(new ConsoleError('LINK_OPEN_TIMEOUT', timeoutMessage, { target, timeoutMs }))
        }),
      timeoutMs,
    )
    signal?.addEventListener('abort', aborted)
    let abandon = (): void => undefined
    try {
      abandon = start(
        (value) => settle(() => resolve(value)),
        (error) => settle(() => reject(error)),
      )
    } catch (error) {
      settle(() => reject(asConsoleError(error)))
    }
  })
}
