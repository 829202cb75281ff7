/**
 * Takes every step in its order, also those behind one that fails: a log that cannot be ended must not keep a recording
 * from being closed.
 *
 * @throws AggregateError of all failures, after the last step.
 */
export async function closeInOrder(steps: readonly (() => void | Promise<void>)[]): Promise<void> {
  const failures: unknown[] = []
  for (const step of steps) {
    try {
      await step()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} parts could not be closed`)
}
