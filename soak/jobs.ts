import { soakCache } from './cache'
import type { SoakCounts, SoakJob } from './job'

export const jobs: readonly SoakJob[] = [
  {
    name: 'cache-model',
    promise: 'C1: a million random operations against a model, no difference',
    run: (options) => figures(soakCache(options)),
  },
]

/** The plain figures of a report. */
const figures = (report: object): SoakCounts =>
  Object.fromEntries(
    Object.entries(report).filter(
      (entry): entry is [string, number | string] =>
        typeof entry[1] === 'number' || typeof entry[1] === 'string',
    ),
  )
