/** Work that can be laid down between two steps: each `yield` is such a place, and what is yielded says how far it is, 0 to 1. */
export type Steps<T> = Generator<number, T, undefined>

export interface TurnOptions {
  /** Milliseconds after which others come to their turn. */
  readonly turnMs?: number
  readonly signal?: AbortSignal
  readonly onShare?: (share: number) => void
}

/** Longest time for which nobody else in the process gets to work. */
export const TURN_MS = 6

/**
 * Does work in turns, so that reading, sending and screens go on meanwhile.
 *
 * @throws what `signal` was aborted with.
 */
export async function inTurns<T>(steps: Steps<T>, options: TurnOptions = {}): Promise<T> {
  const { turnMs = TURN_MS, signal, onShare } = options
  let beganMs = performance.now()
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    if (performance.now() - beganMs < turnMs) continue
    onShare?.(step.value)
    await new Promise<void>((resolve) => setImmediate(resolve))
    signal?.throwIfAborted()
    beganMs = performance.now()
  }
}
