import type { Say } from '../rounds'
import { MEBIBYTE } from '../measure/transfer'
import type { LibraryRow, RowLatency } from './rows'

export const TRANSFER_MIB = 32

/** What one round measured of one row. Absent: it failed. */
export interface RowFigures {
  transfer?: number
  rate?: { readonly sequentialPerSecond: number; readonly concurrentPerSecond: number }
  idle?: RowLatency
  loaded?: RowLatency
}

export interface LibraryFindings {
  readonly rows: readonly LibraryRow[]
  /** By row. */
  readonly rounds: readonly ReadonlyMap<string, RowFigures>[]
  readonly failures: readonly string[]
}

export interface LibrarySizes {
  readonly rounds: number
  readonly rateMs: number
  readonly requests: number
}

/** Each protocol as we speak it beside the library, the rows taking turns in each round. */
export async function measureLibraries(
  rows: readonly LibraryRow[],
  { rounds: count, rateMs, requests }: LibrarySizes,
  say: Say,
): Promise<LibraryFindings> {
  const failures: string[] = []
  const attempt = async (what: string, run: () => Promise<unknown>): Promise<void> => {
    try {
      await run()
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      failures.push(`${what}: ${message}`)
      say(`FAILED ${what}: ${message}`)
    }
  }
  const present = rows.filter(({ name, missing }) => {
    if (missing !== undefined) say(`skipped ${name}: ${missing}`)
    return missing === undefined
  })
  for (const row of present) await attempt(`check of ${row.name}`, () => row.check())
  const rounds: Map<string, RowFigures>[] = []
  for (let number = 0; number < count; number++) {
    const round = new Map(present.map(({ name }): [string, RowFigures] => [name, {}]))
    rounds.push(round)
    for (const row of present) {
      const figures = round.get(row.name)!
      const [at, bytes] = [`of ${row.name} in round ${number + 1}`, TRANSFER_MIB * MEBIBYTE]
      await attempt(`transfer ${at}`, async () => (figures.transfer = await row.transfer(bytes)))
      await attempt(`rate ${at}`, async () => (figures.rate = await row.rate(rateMs)))
      await attempt(`latency ${at}`, async () => (figures.idle = await row.latency(requests, null)))
      await attempt(
        `latency under bulk ${at}`,
        async () => (figures.loaded = await row.latency(requests, bytes)),
      )
      say(
        `round ${number + 1}/${count} ${row.name}: ${figures.transfer?.toFixed(0) ?? '–'} MB/s, ${figures.rate?.sequentialPerSecond.toFixed(0) ?? '–'} and ${figures.rate?.concurrentPerSecond.toFixed(0) ?? '–'} requests/s, p50 ${figures.idle?.p50Ms.toFixed(2) ?? '–'} -> ${figures.loaded?.p50Ms.toFixed(2) ?? '–'} ms`,
      )
    }
  }
  return { rows, rounds, failures }
}
