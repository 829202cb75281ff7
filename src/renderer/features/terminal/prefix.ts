import type { Direction } from '../../../shared/model/trace'
import { formatClock } from '../../ui/format'

export type TimeKind = 'none' | 'clock' | 'start' | 'delta'

/** What stands before every line: time and direction, always of the same width. */
export interface Prefix {
  /** Cells it takes. */
  readonly columns: number
  /**
   * With its colours, which end with it.
   *
   * @param isNew - False when the prefix of the same line is written again.
   */
  text(dir: Direction, atMs: number, isNew: boolean): string
}

const WIDTHS: Readonly<Record<TimeKind, number>> = { none: 0, clock: 13, start: 12, delta: 12 }
const GREY = '\u001b[0;90m'
const MARKS = { in: '<', out: '\u001b[34m>' } as const
const MARK_COLUMNS = 2

/**
 * @param startedAtMs - When the session clock stood at 0, in milliseconds since 1970.
 * @param delta - The time since which line is told by `delta`: the one before.
 */
export function linePrefix(kind: TimeKind, startedAtMs: number): Prefix {
  let beforeMs: number | null = null
  let lineMs = 0
  let deltaMs = 0
  const time = (atMs: number): string => {
    switch (kind) {
      case 'none':
        return ''
      case 'clock':
        return formatClock(startedAtMs, atMs)
      case 'start':
        return seconds(atMs)
      case 'delta':
        return `+${seconds(deltaMs)}`
    }
  }
  return {
    columns: WIDTHS[kind] + MARK_COLUMNS,
    text(dir, atMs, isNew) {
      if (isNew) {
        deltaMs = beforeMs === null ? 0 : Math.max(0, atMs - beforeMs)
        beforeMs = atMs
        lineMs = atMs
      }
      const shown = time(lineMs)
      const padded = shown === '' ? '' : `${shown.padStart(WIDTHS[kind] - 1)} `
      return `${GREY}${padded}${MARKS[dir]}\u001b[0m `
    },
  }
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3)
