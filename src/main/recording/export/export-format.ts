import type { Direction } from '../../../shared/model/trace'
import type { SessionTime } from '../format/session-time'
import type { ReadEntry, SessionFacts } from '../read/recording-trace'

/** What an export has to begin with. */
export interface ExportHead {
  readonly facts: SessionFacts
  readonly time: SessionTime
  /** Whether a message is wanted; null when all are. Only for exporters that see everything. */
  readonly shows: ((linkId: number, messageKey: number, dir: Direction) => boolean) | null
}

/** One of the files an export makes. */
export interface ExportPiece {
  /** What stands behind the name that was asked for: empty for the main file, else such as `.rx.bin`. */
  readonly suffix: string
  readonly bytes: Uint8Array | string
}

/** Turns a recording into another form, piece by piece, without keeping it. */
export interface Exporter {
  /** It is given every entry, also under a filter, and asks `shows` itself: the bytes of a line belong to no message. */
  readonly seesAll?: boolean
  /** Where it is there, the recording is read twice: first for this. */
  prepare?(read: ReadEntry): void
  begin(head: ExportHead): readonly ExportPiece[]
  entry(read: ReadEntry): readonly ExportPiece[]
  /** @throws ConsoleError `EXPORT_EMPTY` when nothing in the recording can be written in this form. */
  end(): readonly ExportPiece[]
}

/** Seconds and nine digits, exact: `1790000000.123456789`. */
export function secondsText(timeNs: bigint): string {
  const digits = timeNs.toString().padStart(10, '0')
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`
}

/** ISO 8601 with nanoseconds: `2026-11-21T10:42:07.123456789Z`. */
export function isoText(timeNs: bigint): string {
  const wholeSeconds = timeNs / 1_000_000_000n
  const nanoseconds = (timeNs % 1_000_000_000n).toString().padStart(9, '0')
  return `${new Date(Number(wholeSeconds) * 1000).toISOString().slice(0, 19)}.${nanoseconds}Z`
}
