import type { ErrorCode } from '../../../shared/errors'
import { MAX_TAPE_MARKS, type TapeMark, type TapeStep } from '../../../shared/model/tape'
import type { TraceEvent } from '../../../shared/model/trace'
import { MomentLog } from './moment-log'
import { SumLog } from './sum-log'
import { TapeLink } from './tape-link'

/** What "as fast as possible" passes over in one turn. */
const FRAMES_PER_TURN = 2048
/** The same trouble again so soon is one mark. */
const SAME_PLACE_MS = 100

/** What must be known of a whole recording to stand at any moment of it: kept for all of it, also where its rows are not. */
export class TapeIndex {
  readonly #links = new Map<number, TapeLink>()
  readonly #messages = new MomentLog()
  readonly #chunks = new MomentLog()
  readonly #frames = new MomentLog()
  readonly #messageCounts = new SumLog()
  readonly #chunkCounts = new SumLog()
  readonly #problems: TapeMark[] = []
  #problemsLeftOut = 0

  /** @param atMs - Where the event stands on the tape: not before the one of the last call. */
  observe(event: TraceEvent, atMs: number): void {
    if (event.linkId > 0) this.#link(event.linkId).observe(event, atMs)
    switch (event.type) {
      case 'message-opened':
        this.#messages.add(atMs)
        this.#messageCounts.add(atMs, 1)
        return
      case 'frame':
        this.#frames.add(atMs)
        this.#chunkCounts.add(atMs, 1)
        if (event.payloadBytes > 0) this.#chunks.add(atMs)
        return
      case 'fault':
        this.#addProblem(atMs, event.code, event.detail)
        return
      case 'link-state':
        if (event.phase === 'interrupted') this.#addProblem(atMs, event.code, event.detail)
        return
      case 'request-settled':
        if (event.code !== null) this.#addProblem(atMs, event.code, '')
        return
      default:
    }
  }

  /** In order of their first appearance. */
  get links(): readonly TapeLink[] {
    return [...this.#links.values()]
  }

  linkOf(linkId: number): TapeLink | undefined {
    return this.#links.get(linkId)
  }

  get messages(): number {
    return this.#messages.seen
  }

  get problems(): readonly TapeMark[] {
    return this.#problems
  }

  get problemsLeftOut(): number {
    return this.#problemsLeftOut
  }

  countsAt(atMs: number): { readonly messages: number; readonly chunks: number } {
    return { messages: this.#messageCounts.at(atMs), chunks: this.#chunkCounts.at(atMs) }
  }

  /** Null at the end in that direction. */
  step(by: TapeStep, atMs: number, direction: 1 | -1): number | null {
    const log = by === 'message' ? this.#messages : by === 'chunk' ? this.#chunks : this.#frames
    return log.step(atMs, direction)
  }

  /** Where a turn as fast as possible leads from here; null when nothing more comes. */
  turnFrom(atMs: number): number | null {
    return this.#frames.step(atMs, FRAMES_PER_TURN)
  }

  #addProblem(atMs: number, code: ErrorCode | null, text: string): void {
    const last = this.#problems.at(-1)
    if (last !== undefined && last.code === code && atMs - last.atMs < SAME_PLACE_MS) return
    if (this.#problems.length < MAX_TAPE_MARKS) this.#problems.push({ atMs, text: text.slice(0, 200), code })
    else this.#problemsLeftOut += 1
  }

  #link(linkId: number): TapeLink {
    let link = this.#links.get(linkId)
    if (link === undefined) {
      link = new TapeLink(linkId)
      this.#links.set(linkId, link)
    }
    return link
  }
}
