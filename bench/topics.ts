/** What can be measured on its own with `--only`. */
export const TOPICS = [
  'bulk',
  'rate',
  'latency',
  'fairness',
  'wire',
  'memory',
  'observer',
  'line',
  'codec',
  'libraries',
] as const

export type Topic = (typeof TOPICS)[number]

export interface BenchOptions {
  readonly rounds: number
  readonly isQuick: boolean
  readonly topics: readonly Topic[]
}

/** @throws Error naming what is wrong with `--rounds` or `--only`. */
export function benchOptions(given: {
  readonly rounds?: string | undefined
  readonly quick?: boolean | undefined
  readonly only?: string | undefined
}): BenchOptions {
  const isQuick = given.quick ?? false
  const rounds = given.rounds === undefined ? (isQuick ? 1 : 5) : Number(given.rounds)
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds ${given.rounds ?? ''} is not a number of rounds`)
  return {
    rounds,
    isQuick,
    topics: given.only === undefined ? TOPICS : given.only.split(',').map(topicNamed),
  }
}

function topicNamed(name: string): Topic {
  const found = TOPICS.find((topic) => topic === name)
  if (found !== undefined) return found
  throw new Error(`--only ${name}: there is no such topic, but ${TOPICS.join(', ')}`)
}

/** How much each measurement does. The quick sizes show that everything runs; their figures mean little. */
export const sizesOf = ({ isQuick }: Pick<BenchOptions, 'isQuick'>) =>
  isQuick
    ? { bulkMiB: 16, rateMs: 150, requests: 60, fairMiB: 2, wireMiB: 2 }
    : { bulkMiB: 64, rateMs: 500, requests: 400, fairMiB: 8, wireMiB: 16 }
