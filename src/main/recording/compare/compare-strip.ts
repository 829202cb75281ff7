import {
  type CompareBlock,
  type CompareStrip,
  type CompareTie,
  MAX_STRIP_BLOCKS,
} from '../../../shared/model/compare'
import type { Direction } from '../../../shared/model/trace'
import { visitLine } from '../../capture/explain/visit-line'
import type { ComparedRecording } from './compared-recording'
import type { Comparison } from './comparison'
import type { Exchanges } from './exchanges'

/** Pixels that a picture may have: what is nearer is drawn as one. */
const FINENESS = 2000
/** What is missing is drawn as wide as what it is missing from, but at least this share of the window. */
const LEAST_SHARE = 0.004

export interface StripWindow {
  /** Milliseconds since the beginning of the first recording. */
  readonly fromMs: number
  readonly toMs: number
  /** A row of both recordings that begins at one place in both lines; null: the first one in the window. */
  readonly anchor: number | null
}

type MutableBlock = { -readonly [Key in keyof CompareBlock]: CompareBlock[Key] }

/**
 * What was on both lines in a window of time, and which of it belongs together. Rows are found by message: `rowOf` is made
 * once per comparison.
 */
export function compareStrip(comparison: Comparison, rows: RowFinder, window: StripWindow): CompareStrip {
  const { fromMs, toMs } = window
  const movedMs = movedBy(comparison, window)
  const above = new Line(comparison, 'a', rows, fromMs, toMs, 0)
  const below = new Line(comparison, 'b', rows, fromMs, toMs, movedMs)
  above.read()
  below.read()
  for (const row of above.rows) if (comparison.kindOf(row) === 'missing') below.addMissing(row, above)
  for (const row of below.rows) if (comparison.kindOf(row) === 'added') above.addMissing(row, below)
  const ties: CompareTie[] = []
  for (const [row, at] of above.firstOf) {
    const under = below.firstOf.get(row)
    if (under === undefined) continue
    const isChanged = comparison.kindOf(row) !== 'equal'
    const tone = isChanged ? 'changed' : comparison.shiftOf(row) === 'slower' ? 'slower' : 'equal'
    ties.push({ row, above: at, below: under, tone })
  }
  ties.sort((left, right) => above.blocks[left.above]!.startMs - above.blocks[right.above]!.startMs)
  return {
    fromMs,
    toMs,
    movedMs,
    above: above.blocks,
    below: below.blocks,
    ties,
    isThinned: above.isThinned || below.isThinned,
  }
}

/** Rows of messages, by their numbers. */
export class RowFinder {
  readonly a: Int32Array
  readonly b: Int32Array

  constructor({ alignment, aExchanges, bExchanges, a, b }: Comparison) {
    this.a = rowsOf(a, aExchanges, alignment.aAt)
    this.b = rowsOf(b, bExchanges, alignment.bAt)
  }
}

function rowsOf(recording: ComparedRecording, exchanges: Exchanges, places: Int32Array): Int32Array {
  const rows = new Int32Array(recording.messages.nextId).fill(-1)
  for (let row = 0; row < places.length; row++) {
    const at = places[row]!
    if (at < 0) continue
    rows[exchanges.messageIds[at]!] = row
    if (exchanges.answerIds[at] !== 0) rows[exchanges.answerIds[at]!] = row
  }
  return rows
}

/** How far the second line is moved so that the anchor stands at one place in both. */
function movedBy({ alignment, aExchanges, bExchanges, a, b }: Comparison, window: StripWindow): number {
  const by = (row: number): number | null => {
    const aAt = alignment.aAt[row] ?? -1
    const bAt = alignment.bAt[row] ?? -1
    if (aAt < 0 || bAt < 0) return null
    return aExchanges.startMs[aAt]! - a.startMs - (bExchanges.startMs[bAt]! - b.startMs)
  }
  for (let row = window.anchor ?? 0; row < alignment.rows; row++) {
    const moved = by(row)
    if (moved === null) continue
    const startMs = aExchanges.startMs[alignment.aAt[row]!]! - a.startMs
    if (window.anchor !== null || startMs >= window.fromMs) return moved
  }
  for (let row = alignment.rows - 1; row >= 0; row--) {
    const moved = by(row)
    if (moved !== null) return moved
  }
  return 0
}

class Line {
  readonly blocks: MutableBlock[] = []
  /** The first block of each row. */
  readonly firstOf = new Map<number, number>()
  isThinned = false
  readonly #comparison: Comparison
  readonly #side: 'a' | 'b'
  readonly #rows: RowFinder
  readonly #fromMs: number
  readonly #toMs: number
  readonly #movedMs: number

  constructor(
    comparison: Comparison,
    side: 'a' | 'b',
    rows: RowFinder,
    fromMs: number,
    toMs: number,
    movedMs: number,
  ) {
    this.#comparison = comparison
    this.#side = side
    this.#rows = rows
    this.#fromMs = fromMs
    this.#toMs = toMs
    this.#movedMs = movedMs
  }

  get rows(): Iterable<number> {
    return this.firstOf.keys()
  }

  get #recording(): ComparedRecording {
    return this.#comparison[this.#side]
  }

  get #shiftMs(): number {
    return this.#movedMs - this.#recording.startMs
  }

  read(): void {
    const recording = this.#recording
    const leastMs = (this.#toMs - this.#fromMs) / FINENESS
    for (const { linkId } of recording.links) {
      for (const dir of ['out', 'in'] as const) this.#readLine(linkId, dir, leastMs)
    }
    const shared = recording.links.length
    if (shared > 1) this.blocks.sort((left, right) => left.startMs - right.startMs)
    for (const [at, block] of this.blocks.entries()) {
      const known = this.firstOf.get(block.row)
      if (block.row >= 0 && (known === undefined || this.blocks[known]!.startMs > block.startMs))
        this.firstOf.set(block.row, at)
    }
  }

  /** A place for what only the other line has. */
  addMissing(row: number, other: Line): void {
    const block = other.blocks[other.firstOf.get(row) ?? -1]
    if (block === undefined || this.firstOf.has(row)) return
    const leastMs = (this.#toMs - this.#fromMs) * LEAST_SHARE
    this.firstOf.set(row, this.blocks.length)
    this.blocks.push({ ...block, endMs: Math.max(block.endMs, block.startMs + leastMs), look: 'missing' })
  }

  #readLine(linkId: number, dir: Direction, leastMs: number): void {
    const recording = this.#recording
    const comparison = this.#comparison
    const exchanges = this.#side === 'a' ? comparison.aExchanges : comparison.bExchanges
    const places = this.#side === 'a' ? comparison.alignment.aAt : comparison.alignment.bAt
    const rows = this.#side === 'a' ? this.#rows.a : this.#rows.b
    const shiftMs = this.#shiftMs
    const routes = (messageId: number): string => {
      const { messages } = recording
      return messages.columnsOf(messageId).routes[messages.indexOf(messageId)]!
    }
    const most = this.blocks.length + MAX_STRIP_BLOCKS / (2 * Math.max(1, recording.links.length))
    let last: MutableBlock | undefined
    const where = { linkId, dir, fromMs: this.#fromMs - shiftMs, toMs: this.#toMs - shiftMs }
    visitLine(recording.chunks, where, ({ messageId, startMs, endMs }) => {
      const row = rows[messageId] ?? -1
      if (row < 0) return
      const from = startMs + shiftMs
      const to = endMs + shiftMs
      if (last !== undefined && last.row === row && from - last.endMs <= leastMs) {
        last.endMs = Math.max(last.endMs, to)
        return
      }
      if (this.blocks.length >= most) {
        this.isThinned = true
        return
      }
      const route = routes(messageId)
      last = {
        dir,
        startMs: from,
        endMs: to,
        untilMs: exchanges.endMs[places[row]!]! + shiftMs,
        hue: comparison.hueOf(route),
        look: this.#side === 'b' && comparison.kindOf(row) === 'added' ? 'added' : 'solid',
        row,
        route: route.slice(0, 96),
      }
      this.blocks.push(last)
    })
  }
}
