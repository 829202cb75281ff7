import type { Direction } from '../../../shared/model/trace'
import type { WhatIfBlock, WhatIfStrip } from '../../../shared/model/what-if'

export interface StripFrame {
  readonly dir: Direction
  readonly startMs: number
  readonly endMs: number
  readonly hue: number
  readonly row: number
}

/** Blocks in one answer, of each of the two. */
export const MAX_STRIP_BLOCKS = 4000

/** Frames of the recording over those of the run, of which windows can be had. */
export class WhatIfPicture {
  readonly before: readonly StripFrame[]
  readonly after: readonly StripFrame[]

  constructor(before: readonly StripFrame[], after: readonly StripFrame[]) {
    this.before = ordered(before)
    this.after = ordered(after)
  }

  /**
   * What was on the line in a window. Frames of one message that follow each other closer than `columnMs` are one block;
   * when there are still too many, wider columns are taken.
   */
  window(fromMs: number, toMs: number, columnMs: number): WhatIfStrip {
    const finest = Math.max(columnMs, 1e-6)
    const before = blocksOf(this.before, fromMs, toMs, finest)
    const after = blocksOf(this.after, fromMs, toMs, finest)
    const places = new Map<number, number>()
    for (const [at, { row }] of after.entries()) if (row >= 0 && !places.has(row)) places.set(row, at)
    const ties: { before: number; after: number; row: number }[] = []
    const tied = new Set<number>()
    for (const [at, { row }] of before.entries()) {
      const place = row < 0 || tied.has(row) ? undefined : places.get(row)
      if (place === undefined) continue
      tied.add(row)
      ties.push({ before: at, after: place, row })
    }
    return { before, after, ties }
  }
}

const ordered = (frames: readonly StripFrame[]): StripFrame[] =>
  [...frames].sort((a, b) => a.startMs - b.startMs)

function blocksOf(
  frames: readonly StripFrame[],
  fromMs: number,
  toMs: number,
  columnMs: number,
): WhatIfBlock[] {
  for (let ms = columnMs; ; ms *= 2) {
    const blocks = merged(frames, fromMs, toMs, ms, ms > columnMs)
    if (blocks.length <= MAX_STRIP_BLOCKS) return blocks
  }
}

/** @param isCoarse - What begins in the column of the block before it is part of that, whoever sent it. */
function merged(
  frames: readonly StripFrame[],
  fromMs: number,
  toMs: number,
  columnMs: number,
  isCoarse: boolean,
): WhatIfBlock[] {
  const blocks: { -readonly [K in keyof WhatIfBlock]: WhatIfBlock[K] }[] = []
  const last: Record<Direction, (typeof blocks)[number] | undefined> = { in: undefined, out: undefined }
  for (let at = firstAfter(frames, fromMs - LONGEST_FRAME_MS); at < frames.length; at++) {
    const frame = frames[at]!
    if (frame.startMs > toMs) break
    if (frame.endMs < fromMs) continue
    const open = last[frame.dir]
    const isSame = open !== undefined && open.row === frame.row && open.hue === frame.hue
    const isNear = open !== undefined && frame.startMs - open.endMs < columnMs
    const isHidden = open !== undefined && isCoarse && frame.endMs - open.startMs < columnMs
    if (open !== undefined && ((isSame && isNear) || isHidden)) {
      open.endMs = Math.max(open.endMs, frame.endMs)
      continue
    }
    const { dir, startMs, endMs, hue, row } = frame
    const block = { dir, startMs, endMs, hue, row }
    last[dir] = block
    blocks.push(block)
    if (isCoarse ? blocks.length > MAX_STRIP_BLOCKS : blocks.length > 10 * MAX_STRIP_BLOCKS) break
  }
  return blocks
}

/** A frame that began before this time before a window has ended when the window begins. */
const LONGEST_FRAME_MS = 10_000

function firstAfter(frames: readonly StripFrame[], ms: number): number {
  let [low, high] = [0, frames.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (frames[middle]!.startMs < ms) low = middle + 1
    else high = middle
  }
  return low
}
