import type { Exchanges } from './exchanges'
import { MATCH_LIMITS, matchSequences } from './sequence-match'
import type { Steps } from './turns'

/** What belongs together, as places in the exchanges of both recordings; -1 where one has nothing. */
export interface Alignment {
  readonly rows: number
  readonly aAt: Int32Array
  readonly bAt: Int32Array
  /** 1 where both are the same, but stand in another order than the rest. */
  readonly isReordered: Uint8Array
  readonly isCoarse: boolean
}

export interface AlignedSide {
  readonly exchanges: Exchanges
  /** The part that a link plays in both recordings. */
  readonly roleOf: (linkId: number) => number
}

/**
 * Aligns two recordings by what was asked and answered, in order, never by time; each link and direction for itself. What
 * is wholly the same is found first; of the rest what is the same at another place; then what goes the same way with
 * other content. The answer is the same, mirrored, when both are swapped.
 */
export function* align(a: AlignedSide, b: AlignedSide, limits = MATCH_LIMITS): Steps<Alignment> {
  const pairs = new Pairs(a.exchanges.count, b.exchanges.count)
  const aGroups = grouped(a)
  const bGroups = grouped(b)
  let isCoarse = false
  for (const [group, aPlaces] of aGroups) {
    const bPlaces = bGroups.get(group)
    if (bPlaces === undefined) continue
    // which of two equal ways is found depends on where one begins: always with the same recording
    const isFirst = comesFirst(a.exchanges, aPlaces, b.exchanges, bPlaces)
    const left = { exchanges: isFirst ? a.exchanges : b.exchanges, places: isFirst ? aPlaces : bPlaces }
    const right = { exchanges: isFirst ? b.exchanges : a.exchanges, places: isFirst ? bPlaces : aPlaces }
    const found = yield* alignGroup(left, right, limits)
    isCoarse ||= found.isCoarse
    for (const [leftAt, rightAt, reordered] of found.pairs) {
      if (isFirst) pairs.add(leftAt, rightAt, reordered)
      else pairs.add(rightAt, leftAt, reordered)
    }
  }
  return merged(a.exchanges, b.exchanges, pairs, isCoarse)
}

class Pairs {
  readonly bOfA: Int32Array
  readonly aOfB: Int32Array
  readonly reordered = new Set<number>()

  constructor(aCount: number, bCount: number) {
    this.bOfA = new Int32Array(aCount).fill(-1)
    this.aOfB = new Int32Array(bCount).fill(-1)
  }

  add(aAt: number, bAt: number, isReordered: boolean): void {
    this.bOfA[aAt] = bAt
    this.aOfB[bAt] = aAt
    if (isReordered) this.reordered.add(aAt)
  }
}

/** Places of exchanges by link and direction. */
function grouped({ exchanges, roleOf }: AlignedSide): Map<number, number[]> {
  const groups = new Map<number, number[]>()
  for (let at = 0; at < exchanges.count; at++) {
    const group = roleOf(exchanges.linkIds[at]!) * 2 + exchanges.isIn[at]!
    const places = groups.get(group)
    if (places === undefined) groups.set(group, [at])
    else places.push(at)
  }
  return groups
}

function comesFirst(
  a: Exchanges,
  aPlaces: readonly number[],
  b: Exchanges,
  bPlaces: readonly number[],
): boolean {
  if (aPlaces.length !== bPlaces.length) return aPlaces.length < bPlaces.length
  for (let at = 0; at < aPlaces.length; at++) {
    const left = a.contentKeys[aPlaces[at]!]!
    const right = b.contentKeys[bPlaces[at]!]!
    if (left !== right) return left < right
  }
  return true
}

interface GroupSide {
  readonly exchanges: Exchanges
  readonly places: readonly number[]
}

interface GroupFound {
  readonly pairs: readonly (readonly [number, number, boolean])[]
  readonly isCoarse: boolean
}

function* alignGroup(left: GroupSide, right: GroupSide, limits = MATCH_LIMITS): Steps<GroupFound> {
  const pairs: (readonly [number, number, boolean])[] = []
  const [leftContent, rightContent] = numbered(left, right, ({ contentKeys }) => contentKeys)
  const same = yield* matchSequences(leftContent, rightContent, limits)
  const isLeftTaken = new Uint8Array(left.places.length)
  const isRightTaken = new Uint8Array(right.places.length)
  const take = (leftAt: number, rightAt: number, isReordered: boolean): void => {
    isLeftTaken[leftAt] = 1
    isRightTaken[rightAt] = 1
    pairs.push([left.places[leftAt]!, right.places[rightAt]!, isReordered])
  }
  for (const [leftAt, rightAt] of same.bOfA.entries()) if (rightAt >= 0) take(leftAt, rightAt, false)
  yield 0.5
  const moved = rightPlaces(rightContent, isRightTaken)
  for (let at = 0; at < leftContent.length; at++) {
    if (isLeftTaken[at] === 1) continue
    const rightAt = moved.get(leftContent[at]!)?.shift()
    if (rightAt !== undefined) take(at, rightAt, true)
  }
  yield 0.6
  // what is left stands between pairs that are sure
  const [leftRoutes, rightRoutes] = numbered(left, right, ({ routeKeys }) => routeKeys)
  let isCoarse = same.isCoarse
  let leftFrom = 0
  let rightFrom = 0
  for (let at = 0; at <= same.bOfA.length; at++) {
    const rightAt = at === same.bOfA.length ? right.places.length : same.bOfA[at]!
    if (rightAt < 0) continue
    const leftGap = freePlaces(isLeftTaken, leftFrom, at)
    const rightGap = freePlaces(isRightTaken, rightFrom, rightAt)
    leftFrom = at + 1
    rightFrom = rightAt + 1
    if (leftGap.length === 0 || rightGap.length === 0) continue
    const alike = yield* matchSequences(
      Uint32Array.from(leftGap, (place) => leftRoutes[place]!),
      Uint32Array.from(rightGap, (place) => rightRoutes[place]!),
      limits,
    )
    isCoarse ||= alike.isCoarse
    for (const [index, match] of alike.bOfA.entries())
      if (match >= 0) take(leftGap[index]!, rightGap[match]!, false)
    yield 0.6 + (0.4 * at) / same.bOfA.length
  }
  return { pairs, isCoarse }
}

/** The keys of both as small numbers: equal ones for equal keys. */
function numbered(
  left: GroupSide,
  right: GroupSide,
  keysOf: (exchanges: Exchanges) => Float64Array,
): [Uint32Array, Uint32Array] {
  const numbers = new Map<number, number>()
  const numberOf = ({ exchanges, places }: GroupSide): Uint32Array => {
    const keys = keysOf(exchanges)
    return Uint32Array.from(places, (at) => {
      const key = keys[at]!
      let number = numbers.get(key)
      if (number === undefined) {
        number = numbers.size
        numbers.set(key, number)
      }
      return number
    })
  }
  return [numberOf(left), numberOf(right)]
}

function rightPlaces(content: Uint32Array, isTaken: Uint8Array): Map<number, number[]> {
  const places = new Map<number, number[]>()
  for (let at = 0; at < content.length; at++) {
    if (isTaken[at] === 1) continue
    const known = places.get(content[at]!)
    if (known === undefined) places.set(content[at]!, [at])
    else known.push(at)
  }
  return places
}

function freePlaces(isTaken: Uint8Array, from: number, to: number): number[] {
  const places: number[] = []
  for (let at = from; at < to; at++) if (isTaken[at] === 0) places.push(at)
  return places
}

/** One list: in the order of the first recording, with what only the second one has after what it followed there. */
function merged(a: Exchanges, b: Exchanges, pairs: Pairs, isCoarse: boolean): Alignment {
  const after = new Map<number, number[]>()
  let last = -1
  let count = a.count
  for (let at = 0; at < b.count; at++) {
    const aAt = pairs.aOfB[at]!
    if (aAt >= 0) {
      if (!pairs.reordered.has(aAt)) last = Math.max(last, aAt)
      continue
    }
    count += 1
    const known = after.get(last)
    if (known === undefined) after.set(last, [at])
    else known.push(at)
  }
  const alignment = {
    rows: count,
    aAt: new Int32Array(count).fill(-1),
    bAt: new Int32Array(count).fill(-1),
    isReordered: new Uint8Array(count),
    isCoarse,
  }
  let row = 0
  for (let at = -1; at < a.count; at++) {
    if (at >= 0) {
      alignment.aAt[row] = at
      alignment.bAt[row] = pairs.bOfA[at]!
      alignment.isReordered[row] = pairs.reordered.has(at) ? 1 : 0
      row += 1
    }
    for (const bAt of after.get(at) ?? []) alignment.bAt[row++] = bAt
  }
  return alignment
}
