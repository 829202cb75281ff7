/** Others have their turn after so long: the wire never waits for a prediction. */
const TURN_MS = 4

/** Long work in short turns. */
export class Turns {
  #endsAt = performance.now() + TURN_MS

  get isOver(): boolean {
    return performance.now() >= this.#endsAt
  }

  /** Lets everything else have its turn. @throws the reason of the signal. */
  async pass(signal?: AbortSignal): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    signal?.throwIfAborted()
    this.#endsAt = performance.now() + TURN_MS
  }
}

export async function inTurns<T, R>(
  items: readonly T[],
  made: (item: T, index: number) => R,
  signal?: AbortSignal,
): Promise<R[]> {
  const turns = new Turns()
  const results: R[] = []
  for (const [index, item] of items.entries()) {
    if (turns.isOver) await turns.pass(signal)
    results.push(made(item, index))
  }
  return results
}
