import type { CompareTime } from '../../../shared/model/compare'
import type { Explanation, ExplanationPartName } from '../../../shared/model/explanation'

/** Parts that are told, with how they are told when the second recording needed longer. */
const WORDS: readonly (readonly [readonly ExplanationPartName[], string])[] = [
  [['link-down', 'session'], 'was without a ready link'],
  [['queued'], 'waited here with nothing on the line'],
  [['wire', 'overhead', 'repeated'], 'was on the wire'],
  [['peer'], 'waited for the peer'],
  [['answer-blocked'], 'waited for its answer behind others'],
  [['answer-wire'], 'had its answer on the wire'],
  [['decode'], 'waited for reading and decoding'],
]
/** What is below this, and below so much of the whole shift, is not told. */
const LEAST_MS = 0.5
const LEAST_SHARE = 0.1
const MAX_SENTENCES = 3

export const timeOf = ({ totalMs, parts }: Explanation): CompareTime => ({
  totalMs,
  parts: parts.map(({ name, ms }) => ({ name, ms })),
})

const partMs = (explanation: Explanation, names: readonly ExplanationPartName[]): number =>
  explanation.parts.reduce((sum, part) => sum + (names.includes(part.name) ? part.ms : 0), 0)

const words = (ms: number): string => `${ms.toFixed(ms < 0.1 ? 2 : 1)} ms`

/** Says in a few sentences where the difference of two times comes from; empty where there is hardly any. */
export function timeDifference(a: Explanation, b: Explanation): string {
  const least = Math.max(LEAST_MS, LEAST_SHARE * Math.abs(b.totalMs - a.totalMs))
  const told: { readonly ms: number; readonly text: string }[] = []
  const blockedMs = [partMs(a, ['blocked']), partMs(b, ['blocked'])] as const
  const moreMs = blockedMs[1] - blockedMs[0]
  if (Math.abs(moreMs) > least) {
    const [later, other] = moreMs > 0 ? ([b, blockedMs[0]] as const) : ([a, blockedMs[1]] as const)
    const [name, otherName] = moreMs > 0 ? ['B', 'A'] : ['A', 'B']
    const blocker = later.parts.find((part) => part.name === 'blocked')?.blockers[0]?.route ?? ''
    const behind = blocker === '' ? 'behind others' : `behind ${blocker}`
    const rest = other > 0 ? `${otherName} ${words(other)}` : `${otherName} had an idle line`
    told.push({
      ms: Math.abs(moreMs),
      text: `${name} waited ${words(Math.max(...blockedMs))} ${behind}; ${rest}.`,
    })
  }
  for (const [names, verb] of WORDS) {
    const byMs = partMs(b, names) - partMs(a, names)
    if (Math.abs(byMs) <= least) continue
    const text = `B ${verb} ${words(Math.abs(byMs))} ${byMs > 0 ? 'longer' : 'less'}.`
    told.push({ ms: Math.abs(byMs), text })
  }
  told.sort((left, right) => right.ms - left.ms)
  return told
    .slice(0, MAX_SENTENCES)
    .map(({ text }) => text)
    .join(' ')
}
