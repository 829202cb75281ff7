export interface FuzzyMatch {
  /** Higher is better; 0 is the worst that still matches. */
  readonly score: number
  /** Where the letters of the query stand in the text. */
  readonly at: readonly number[]
}

const WORD_START = 8
const RUN = 6
const EXACT_WORD = 12
const START = 10

const isWordPart = (sign: string | undefined): boolean => sign !== undefined && /[\p{L}\p{N}]/u.test(sign)

/**
 * Whether the letters of the query come in this order in the text, and how well: beginnings of words and letters side by side
 * count. Words of the query may stand in any order.
 *
 * @param query - Lower case.
 * @param lower - The text in lower case.
 */
export function fuzzyMatch(query: string, lower: string): FuzzyMatch | null {
  let score = 0
  const at: number[] = []
  for (const word of query.split(' ')) {
    if (word === '') continue
    const found = wordMatch(word, lower)
    if (found === null) return null
    score += found.score
    at.push(...found.at)
  }
  // of two that match alike the shorter one is meant
  return { score: score + Math.max(0, 4 - lower.length / 32), at }
}

function wordMatch(word: string, lower: string): FuzzyMatch | null {
  const whole = wholeWord(word, lower)
  if (whole !== null) return whole
  let score = 0
  let from = 0
  const at: number[] = []
  for (const letter of word) {
    const place = nextPlace(letter, lower, from, at.at(-1))
    if (place < 0) return null
    if (place === (at.at(-1) ?? -2) + 1) score += RUN
    else if (!isWordPart(lower[place - 1])) score += WORD_START
    else score -= Math.min(4, place - from)
    at.push(place)
    from = place + 1
  }
  // letters strewn over the text are hardly what was meant
  return score < word.length ? null : { score, at }
}

/** The letter right behind the last one, else at the beginning of a word, else anywhere. */
function nextPlace(letter: string, lower: string, from: number, last: number | undefined): number {
  if (last !== undefined && lower[last + 1] === letter) return last + 1
  const first = lower.indexOf(letter, from)
  for (let place = first; place >= 0; place = lower.indexOf(letter, place + 1)) {
    if (!isWordPart(lower[place - 1])) return place
  }
  return first
}

function wholeWord(word: string, lower: string): FuzzyMatch | null {
  let best = -1
  for (let place = lower.indexOf(word); place >= 0; place = lower.indexOf(word, place + 1)) {
    if (best < 0) best = place
    if (!isWordPart(lower[place - 1])) {
      best = place
      break
    }
  }
  if (best < 0) return null
  const starts = !isWordPart(lower[best - 1])
  const ends = !isWordPart(lower[best + word.length])
  const score =
    word.length * RUN +
    (starts ? WORD_START : 0) +
    (starts && ends ? EXACT_WORD : 0) +
    (best === 0 ? START : 0)
  return { score, at: Array.from(word, (_, index) => best + index) }
}
