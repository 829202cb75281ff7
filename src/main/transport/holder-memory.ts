import { findPortHolders, type PortHolder } from './port-holder'

/** A look at all processes costs some 20 ms of work: a list that is made twice a second must not pay it each time. */
export const HOLDERS_KEPT_MS = 5000

type Find = (paths: readonly string[]) => Promise<ReadonlyMap<string, PortHolder>>

/** Remembers who holds ports for a while, as long as the same ports are asked for. */
export function rememberHolders(find: Find = findPortHolders, nowMs = (): number => performance.now()): Find {
  let asked = ''
  let untilMs = Number.NEGATIVE_INFINITY
  let found: ReturnType<Find> | undefined
  return (paths) => {
    const key = paths.join('\n')
    if (found === undefined || key !== asked || nowMs() >= untilMs) {
      asked = key
      untilMs = nowMs() + HOLDERS_KEPT_MS
      found = find(paths)
    }
    return found
  }
}
