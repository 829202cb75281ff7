import { type LineRate, wireMs } from './line-rate'

/** What decides how long an urgent message can take on a line (design.md §5). All in bytes on the wire, heads included. */
export interface UrgentBound {
  /** A: handed to the driver and not yet on the wire when the message is sent. The pacer keeps it small. */
  readonly aheadBytes: number
  /** c: the largest chunk of a less urgent message … */
  readonly chunkBytes: number
  /** … and h: what frames it. Where less urgent heads are longer than a chunk with its frame, their length counts. */
  readonly frameOverheadBytes: number
  /** m: the urgent message itself, with its head and the frames of its chunks. */
  readonly messageBytes: number
}

/**
 * Bytes that can be on the wire from the moment an urgent message is sent until its last byte: A + c + h + m.
 *
 * It holds when nothing else of its class or a more urgent one waits: after A, at most one less urgent frame goes before
 * the last byte of the message (a class that has aged, see `send-policy.ts`), provided that m is not above 19 times that
 * frame or 1,216 bytes, whichever is more. Where no class has aged, none goes, and c + h covers the frame that was handed over just before; then A is only
 * what the pacer keeps ready for late timers.
 */
export const urgentBoundBytes = (bound: UrgentBound): number =>
  bound.aheadBytes + bound.chunkBytes + bound.frameOverheadBytes + bound.messageBytes

/** The same as time on the line: (A + c + h + m) / R. The way through drivers, and waking up, comes on top. */
export const urgentBoundMs = (bound: UrgentBound, rate: LineRate): number =>
  wireMs(urgentBoundBytes(bound), rate)
