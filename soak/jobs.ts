import { soakCache } from './cache'
import type { SoakCounts, SoakJob } from './job'
import { soakPythonRequests } from './python'
import { soakLsoDecoder, soakTwoUsers } from './stack'

export const jobs: readonly SoakJob[] = [
  {
    name: 'lso-decoder',
    promise: 'D1: damaged captures of the real peer throw nothing, take no time, leave nothing open',
    run: (options) => figures(soakLsoDecoder(options)),
  },
  {
    name: 'two-users',
    promise: 'M3: any script of operations leaves model and stacks in agreement',
    run: soakTwoUsers,
  },
  {
    name: 'python-requests',
    promise:
      '10,000 requests with 64 in flight to and from Python, in both roles: none lost, each with its own answer',
    run: soakPythonRequests,
  },
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
