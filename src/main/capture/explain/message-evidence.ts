import type { LaneMessage } from '../../../shared/model/views'
import type { ChunkStore } from '../chunk-store'
import type { Interval } from './interval-log'
import { SpanLanes } from './span-lanes'
import { TimeTally } from './time-tally'
import { type SeenFrame, visitLine } from './visit-line'

/** What is known of a message, as far as time is concerned. */
export interface Facts extends LaneMessage {
  readonly fromMs: number
  readonly untilMs: number
  readonly isOver: boolean
  readonly isAwaited: boolean
  readonly isComplete: boolean
  readonly isSettled: boolean
}

export interface Evidence {
  readonly tally: TimeTally
  readonly spans: SpanLanes
  /** Frames of the message itself. */
  frames: number
  wireBytes: number
  isLineTimed: boolean
}

interface Circumstances {
  /** Chunks from before this time may be gone. */
  readonly goneMs: number
  readonly down: readonly Interval[]
  readonly quiet: readonly Interval[]
  /** Whether a message answers the one in question. */
  readonly isAnswer: (messageId: number) => boolean
}

/** Walks along the line of a message, from its beginning to its end, and books whose time it was. */
export function gatherEvidence(chunks: ChunkStore, facts: Facts, circumstances: Circumstances): Evidence {
  const { goneMs, down, quiet } = circumstances
  const { fromMs, untilMs } = facts
  const evidence: Evidence = {
    tally: new TimeTally(fromMs, untilMs, down, quiet),
    spans: new SpanLanes(fromMs, untilMs),
    frames: 0,
    wireBytes: 0,
    isLineTimed: false,
  }
  evidence.tally.add('unknown', goneMs)
  const walk = new Walk(chunks, facts, circumstances, evidence)
  if (facts.dir === 'in') walk.alongIncoming()
  else walk.alongOutgoing()
  return evidence
}

class Walk {
  readonly #chunks: ChunkStore
  readonly #facts: Facts
  readonly #circumstances: Circumstances
  readonly #evidence: Evidence

  constructor(chunks: ChunkStore, facts: Facts, circumstances: Circumstances, evidence: Evidence) {
    this.#chunks = chunks
    this.#facts = facts
    this.#circumstances = circumstances
    this.#evidence = evidence
  }

  alongIncoming(): void {
    const { id, linkId, fromMs, untilMs, isOver, isComplete } = this.#facts
    const { tally } = this.#evidence
    const line = { linkId, dir: 'in', fromMs, toMs: untilMs } as const
    const isWhole = isOver && isComplete
    let wholeMs = isWhole ? fromMs : untilMs
    if (isWhole) {
      visitLine(this.#chunks, line, (frame) => {
        if (frame.messageId === id) wholeMs = Math.max(wholeMs, frame.endMs)
      })
    }
    visitLine(this.#chunks, line, (seen) => {
      const frame = this.#cut(seen)
      const isOwn = frame.messageId === id
      this.#see(frame)
      if (!isOwn && (frame.endMs <= frame.startMs || frame.startMs >= wholeMs)) return
      tally.add('peer', frame.startMs)
      if (isOwn) tally.addOwn(frame, false)
      else this.#block('blocked', frame)
    })
    tally.add(isWhole ? 'decode' : 'peer', untilMs)
  }

  alongOutgoing(): void {
    const { id, linkId, fromMs, untilMs, isOver, isAwaited, isComplete, closedMs } = this.#facts
    const { tally } = this.#evidence
    const sent: { atMs: number | null } = { atMs: null }
    visitLine(this.#chunks, { linkId, dir: 'out', fromMs, toMs: untilMs }, (seen) => {
      const frame = this.#cut(seen)
      const isOwn = frame.messageId === id
      this.#see(frame)
      if (sent.atMs !== null || (!isOwn && frame.endMs <= frame.startMs)) return
      tally.add('queued', frame.startMs)
      if (isOwn) tally.addOwn(frame, frame.isRepeat)
      else this.#block('blocked', frame)
      if (isOwn && frame.isLast) sent.atMs = frame.endMs
    })
    if (sent.atMs === null && isComplete) {
      // Its last frame is not kept any more, or its dialect has none: the pipe was done with it then.
      tally.add('queued', closedMs ?? untilMs)
      sent.atMs = tally.atMs
    }
    const hasAnswer = sent.atMs !== null && this.#afterwards(sent.atMs)
    tally.add('queued', untilMs)
    const isConfirmed = isAwaited ? hasAnswer : isComplete
    if (isOver && !isConfirmed) tally.rename('peer', 'unknown')
  }

  /** What came after the last byte of an outgoing message: its repeats, and its answer. True when an answer began. */
  #afterwards(sentMs: number): boolean {
    const { id, linkId, fromMs, untilMs, kind, isSettled } = this.#facts
    const { tally, spans } = this.#evidence
    const later: { readonly frame: SeenFrame; readonly is: 'repeat' | 'answer' | 'other' }[] = []
    const answer = { hasBegun: false, isComing: false }
    visitLine(this.#chunks, { linkId, dir: 'out', fromMs: sentMs, toMs: untilMs }, (seen) => {
      const isLater = seen.messageId === id && seen.startMs >= sentMs && seen.endMs > sentMs
      if (isLater) later.push({ frame: this.#cut(seen), is: 'repeat' })
    })
    if (kind === 'request') {
      // The answer may have begun before the last byte of the request was on the line.
      visitLine(this.#chunks, { linkId, dir: 'in', fromMs, toMs: untilMs }, (seen) => {
        if (seen.endMs > seen.startMs) this.#evidence.isLineTimed = true
        if (this.#circumstances.isAnswer(seen.messageId)) {
          later.push({ frame: this.#cut(seen), is: 'answer' })
          answer.hasBegun = true
          answer.isComing = !seen.isLast
        } else if (answer.isComing && seen.endMs > seen.startMs)
          later.push({ frame: this.#cut(seen), is: 'other' })
      })
      later.sort((a, b) => a.frame.startMs - b.frame.startMs)
    }
    for (const { frame, is } of later) {
      tally.add('peer', frame.startMs)
      if (is === 'repeat') tally.add('repeated', frame.endMs)
      else if (is === 'other') this.#block('answer-blocked', frame)
      else {
        tally.add('answer-wire', frame.endMs)
        spans.add(frame.messageId, frame.startMs, frame.endMs)
      }
    }
    tally.add(isSettled && answer.hasBegun && !answer.isComing ? 'decode' : 'peer', untilMs)
    return answer.hasBegun
  }

  #block(part: 'blocked' | 'answer-blocked', frame: SeenFrame): void {
    const { tally, spans } = this.#evidence
    tally.addBlocked(part, frame)
    spans.add(frame.messageId, frame.startMs, frame.endMs)
  }

  #see(frame: SeenFrame): void {
    if (frame.endMs > frame.startMs) this.#evidence.isLineTimed = true
    if (frame.messageId !== this.#facts.id) return
    this.#evidence.frames += 1
    this.#evidence.wireBytes += frame.wireBytes
    this.#evidence.spans.add(frame.messageId, frame.startMs, frame.endMs)
  }

  /** What was handed over and not on the line when the link went down never was on it. */
  #cut(frame: SeenFrame): SeenFrame {
    const gap = this.#circumstances.down.find(
      (each) => each.fromMs > frame.startMs && each.fromMs < frame.endMs,
    )
    return gap === undefined ? frame : { ...frame, endMs: gap.fromMs }
  }
}
