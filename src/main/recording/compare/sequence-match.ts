import type { Steps } from './turns'

/** For each place of the first sequence its place in the second, -1 for none; rising. */
export interface SequenceMatch {
  readonly bOfA: Int32Array
  /** The sequences differ so much that a shorter list of differences may exist. */
  readonly isCoarse: boolean
}

export interface MatchLimits {
  /** Differences up to which a stretch is matched without any error, counted from both of its ends. */
  readonly exactCost: number
  /** Comparisons after which only the coarse way is left. */
  readonly work: number
}

/** Some 8000 differences in one stretch, and about a second. */
export const MATCH_LIMITS: MatchLimits = { exactCost: 4096, work: 120_000_000 }
/** What a stretch may cost when the work is used up. */
const COARSE_COST = 48

interface Box {
  readonly aFrom: number
  readonly aTo: number
  readonly bFrom: number
  readonly bTo: number
  /** Nothing in it stands once in both, as far as that was looked for. */
  readonly hasNoAnchors: boolean
}

interface Split {
  readonly aAt: number
  readonly bAt: number
  readonly isExact: boolean
}

/**
 * Finds what two sequences have in common, in order: the longest common subsequence by the algorithm of Myers in linear
 * memory, from both ends to the middle. Where that would take too long it splits at values that stand once in both
 * (patience), and where there are none at the place that it came farthest to.
 */
export function* matchSequences(
  a: Uint32Array,
  b: Uint32Array,
  limits: MatchLimits = MATCH_LIMITS,
): Steps<SequenceMatch> {
  // what the other one has nowhere takes no part: it would only cost
  const aKept = yield* placesOfCommon(a, b)
  const bKept = yield* placesOfCommon(b, a)
  const pick = (values: Uint32Array, places: Uint32Array): Uint32Array =>
    Uint32Array.from(places, (at) => values[at]!)
  const { bOfA, isCoarse } = yield* matchCommon(pick(a, aKept), pick(b, bKept), limits)
  const whole = new Int32Array(a.length).fill(-1)
  for (let at = 0; at < aKept.length; at++) {
    const place = bOfA[at]!
    if (place >= 0) whole[aKept[at]!] = bKept[place]!
  }
  return { bOfA: whole, isCoarse }
}

/** Places of the first sequence whose values the second one has too. */
function* placesOfCommon(values: Uint32Array, others: Uint32Array): Steps<Uint32Array> {
  const known = new Set<number>()
  for (let at = 0; at < others.length; at++) {
    known.add(others[at]!)
    if (at % 8192 === 0) yield 0
  }
  const places = new Uint32Array(values.length)
  let count = 0
  for (let at = 0; at < values.length; at++) {
    if (known.has(values[at]!)) places[count++] = at
    if (at % 8192 === 0) yield 0
  }
  return places.subarray(0, count)
}

function* matchCommon(a: Uint32Array, b: Uint32Array, limits: MatchLimits): Steps<SequenceMatch> {
  const bOfA = new Int32Array(a.length).fill(-1)
  const search = new MiddleSearch(a, b, limits)
  const boxes: Box[] = [{ aFrom: 0, aTo: a.length, bFrom: 0, bTo: b.length, hasNoAnchors: false }]
  let isCoarse = false
  let doneA = 0
  for (let box = boxes.pop(); box !== undefined; box = boxes.pop()) {
    let { aFrom, aTo, bFrom, bTo } = box
    const before = aTo - aFrom
    while (aFrom < aTo && bFrom < bTo && a[aFrom] === b[bFrom]) {
      bOfA[aFrom] = bFrom
      aFrom += 1
      bFrom += 1
    }
    while (aFrom < aTo && bFrom < bTo && a[aTo - 1] === b[bTo - 1]) {
      aTo -= 1
      bTo -= 1
      bOfA[aTo] = bTo
    }
    doneA += before - (aTo - aFrom)
    yield doneA / Math.max(1, a.length)
    if (aFrom === aTo || bFrom === bTo) {
      doneA += aTo - aFrom
      continue
    }
    const rest = { aFrom, aTo, bFrom, bTo, hasNoAnchors: box.hasNoAnchors }
    const split = yield* search.middleOf(rest, doneA / Math.max(1, a.length))
    let { hasNoAnchors } = box
    if (split === null || !split.isExact) {
      isCoarse = true
      const anchors = hasNoAnchors ? [] : patienceAnchors(a, b, rest)
      hasNoAnchors = anchors.length === 0
      if (anchors.length > 0) {
        let [aLast, bLast] = [aFrom, bFrom]
        const parts: Box[] = []
        for (const [aAt, bAt] of anchors) {
          bOfA[aAt] = bAt
          doneA += 1
          parts.push({ aFrom: aLast, aTo: aAt, bFrom: bLast, bTo: bAt, hasNoAnchors })
          ;[aLast, bLast] = [aAt + 1, bAt + 1]
        }
        parts.push({ aFrom: aLast, aTo, bFrom: bLast, bTo, hasNoAnchors })
        for (let at = parts.length - 1; at >= 0; at--) boxes.push(parts[at]!)
        continue
      }
    }
    if (split === null) {
      doneA += aTo - aFrom
      continue
    }
    const { aAt, bAt } = split
    boxes.push({ aFrom: aAt, aTo, bFrom: bAt, bTo, hasNoAnchors })
    boxes.push({ aFrom, aTo: aAt, bFrom, bTo: bAt, hasNoAnchors })
  }
  return { bOfA, isCoarse }
}

/** Comparisons between two places where the work can be laid down. */
const STEP_WORK = 20_000

/** Searches from both corners of a box for the place where the shortest ways meet. */
class MiddleSearch {
  readonly #a: Uint32Array
  readonly #b: Uint32Array
  readonly #limits: MatchLimits
  readonly #forward: Int32Array
  readonly #backward: Int32Array
  readonly #offset: number
  #work = 0

  constructor(a: Uint32Array, b: Uint32Array, limits: MatchLimits) {
    this.#a = a
    this.#b = b
    this.#limits = limits
    const cost = Math.min(limits.exactCost, a.length + b.length) + 2
    // a diagonal per difference to either side, and those that the ends of a box are apart
    this.#offset = cost + 1
    this.#forward = new Int32Array(2 * cost + 3)
    this.#backward = new Int32Array(2 * cost + 3)
  }

  /** Null when a box cannot be split. Diagonals are counted from the corner that the search begins at. */
  *middleOf(box: Box, share: number): Steps<Split | null> {
    const { aFrom, aTo, bFrom, bTo } = box
    const a = this.#a
    const b = this.#b
    const [forward, backward, offset] = [this.#forward, this.#backward, this.#offset]
    const n = aTo - aFrom
    const m = bTo - bFrom
    const delta = n - m
    const isOdd = (delta & 1) !== 0
    const exact = this.#work > this.#limits.work ? COARSE_COST : this.#limits.exactCost
    const most = Math.min(exact, Math.ceil((n + m) / 2))
    forward.fill(0, Math.max(0, offset - most - 1), offset + most + 2)
    backward.fill(0, Math.max(0, offset - most - 1), offset + most + 2)
    let sinceYield = 0
    for (let d = 0; d <= most; d++) {
      for (let k = -d; k <= d; k += 2) {
        const isDown = k === -d || (k !== d && forward[offset + k - 1]! < forward[offset + k + 1]!)
        let x = isDown ? forward[offset + k + 1]! : forward[offset + k - 1]! + 1
        let y = x - k
        if (x > n || y > m || y < 0) {
          forward[offset + k] = x
          continue
        }
        const beganX = x
        while (x < n && y < m && a[aFrom + x] === b[bFrom + y]) {
          x += 1
          y += 1
        }
        forward[offset + k] = x
        sinceYield += 1 + x - beganX
        const other = delta - k
        if (isOdd && other >= -(d - 1) && other <= d - 1 && x + backward[offset + other]! >= n) {
          this.#work += sinceYield
          return splitAt(aFrom + x, bFrom + y, box)
        }
      }
      for (let k = -d; k <= d; k += 2) {
        const isDown = k === -d || (k !== d && backward[offset + k - 1]! < backward[offset + k + 1]!)
        let x = isDown ? backward[offset + k + 1]! : backward[offset + k - 1]! + 1
        let y = x - k
        if (x > n || y > m || y < 0) {
          backward[offset + k] = x
          continue
        }
        const beganX = x
        while (x < n && y < m && a[aTo - 1 - x] === b[bTo - 1 - y]) {
          x += 1
          y += 1
        }
        backward[offset + k] = x
        sinceYield += 1 + x - beganX
        const other = delta - k
        if (!isOdd && other >= -d && other <= d && x + forward[offset + other]! >= n) {
          this.#work += sinceYield
          return splitAt(aTo - x, bTo - y, box)
        }
      }
      if (sinceYield > STEP_WORK) {
        this.#work += sinceYield
        sinceYield = 0
        yield share
      }
    }
    this.#work += sinceYield
    return this.#farthest(box, most)
  }

  /** Where the search came farthest before it was given up, from the beginning or from the end. */
  #farthest(box: Box, cost: number): Split | null {
    const n = box.aTo - box.aFrom
    const m = box.bTo - box.bFrom
    let best = 0
    let at: Split | null = null
    for (let k = -cost; k <= cost; k++) {
      for (const isForward of [true, false]) {
        const x = (isForward ? this.#forward : this.#backward)[this.#offset + k]!
        const y = x - k
        if (x < 0 || y < 0 || x > n || y > m || x + y <= best) continue
        const aAt = isForward ? box.aFrom + x : box.aTo - x
        const bAt = isForward ? box.bFrom + y : box.bTo - y
        const split = splitAt(aAt, bAt, box)
        if (split === null) continue
        best = x + y
        at = { ...split, isExact: false }
      }
    }
    return at
  }
}

/** A split in a corner would leave the same box again. */
function splitAt(aAt: number, bAt: number, { aFrom, aTo, bFrom, bTo }: Box): Split | null {
  const isCorner = (aAt === aFrom && bAt === bFrom) || (aAt === aTo && bAt === bTo)
  return isCorner ? null : { aAt, bAt, isExact: true }
}

/** Pairs of places of values that stand once in both sequences: as many as possible that rise in both. */
function patienceAnchors(
  a: Uint32Array,
  b: Uint32Array,
  { aFrom, aTo, bFrom, bTo }: Box,
): (readonly [number, number])[] {
  const places = new Map<number, { a: number; b: number }>()
  for (let at = aFrom; at < aTo; at++) {
    const known = places.get(a[at]!)
    if (known === undefined) places.set(a[at]!, { a: at, b: -1 })
    else known.a = -1
  }
  for (let at = bFrom; at < bTo; at++) {
    const known = places.get(b[at]!)
    if (known !== undefined) known.b = known.b === -1 ? at : -2
  }
  const pairs: (readonly [number, number])[] = []
  for (const place of places.values()) if (place.a >= 0 && place.b >= 0) pairs.push([place.a, place.b])
  pairs.sort((left, right) => left[0] - right[0])
  return longestRising(pairs)
}

/** The longest part of the pairs whose second numbers rise as their first do: patience sorting, O(n log n). */
function longestRising(pairs: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const tops: number[] = []
  const before = new Int32Array(pairs.length)
  for (let at = 0; at < pairs.length; at++) {
    let low = 0
    let high = tops.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (pairs[tops[middle]!]![1] < pairs[at]![1]) low = middle + 1
      else high = middle
    }
    before[at] = low === 0 ? -1 : tops[low - 1]!
    tops[low] = at
  }
  const rising: (readonly [number, number])[] = []
  for (let at = tops.at(-1) ?? -1; at >= 0; at = before[at]!) rising.push(pairs[at]!)
  return rising.reverse()
}
