import type { ErrorCode } from '../../../shared/errors'
import { Fifo } from './fifo'

/** How an incoming message ended; `early` lost data before its head came, so it cannot become whole any more. */
export type RefFate = 'complete' | 'cancelled' | 'failed' | 'early'

/** An incoming message that ended a short while ago: more data of it belongs nowhere. */
export interface RecentRef {
  readonly ref: string
  /** 0 when neither its head nor a chunk of it was traced. */
  readonly messageKey: number
  readonly fate: RefFate
  /** What to call data that still comes. Null: expected (the peer cancelled with chunks on their way), not a fault. */
  readonly code: ErrorCode | null
  seenBytes: number
  seenChunks: number
}

interface Remembered extends RecentRef {
  /** When it gave its last sign, and when it was last put in line. */
  atMs: number
  linedUpMs: number
  unreportedBytes: number
  reportAtMs: number
}

export interface RecentRefsOptions {
  readonly rememberedRefs: number
  readonly rememberedMs: number
  /** Bytes that came for an ended message and were skipped; at most once a second per message. */
  readonly onSkipped: (recent: RecentRef, skippedBytes: number, nowMs: number) => void
}

const REPORT_AFTER_MS = 1000

/** Ids of messages that ended, bounded by number and by time since their last sign. */
export class RecentRefs {
  readonly #options: RecentRefsOptions
  readonly #byRef = new Map<string, Remembered>()
  /** The longest silent first; entries that were forgotten, or gave a sign since, are sorted out when they get to the front. */
  readonly #order = new Fifo<Remembered>()
  /** The first to report first. */
  readonly #unreported = new Set<Remembered>()

  constructor(options: RecentRefsOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#byRef.size
  }

  get wakeAtMs(): number | null {
    for (const entry of this.#unreported) return entry.reportAtMs
    return null
  }

  remember(recent: RecentRef, nowMs: number): void {
    if (this.#options.rememberedRefs === 0) return
    const { ref, messageKey, fate, code, seenBytes, seenChunks } = recent
    this.forget(ref, nowMs)
    const entry: Remembered = {
      ref,
      messageKey,
      fate,
      code,
      seenBytes,
      seenChunks,
      atMs: nowMs,
      linedUpMs: nowMs,
      unreportedBytes: 0,
      reportAtMs: 0,
    }
    this.#byRef.set(ref, entry)
    this.#order.push(entry)
    this.#evict(nowMs)
  }

  find(ref: string, nowMs: number): RecentRef | undefined {
    const entry = this.#byRef.get(ref)
    if (entry === undefined || nowMs - entry.atMs <= this.#options.rememberedMs) return entry
    this.forget(ref, nowMs)
    return undefined
  }

  /** Counts data that came for an ended message, and keeps remembering it. */
  skip(recent: RecentRef, bytes: number, nowMs: number): void {
    const entry = this.#byRef.get(recent.ref)
    if (entry === undefined) return
    entry.atMs = nowMs
    entry.seenBytes += bytes
    entry.seenChunks += 1
    if (bytes === 0 || entry.code === null) return
    if (entry.unreportedBytes === 0) {
      entry.reportAtMs = nowMs + REPORT_AFTER_MS
      this.#unreported.add(entry)
    }
    entry.unreportedBytes += bytes
  }

  forget(ref: string, nowMs: number): void {
    const entry = this.#byRef.get(ref)
    if (entry === undefined) return
    this.#byRef.delete(ref)
    this.#report(entry, nowMs)
  }

  wake(nowMs: number): void {
    for (const entry of this.#unreported) {
      if (entry.reportAtMs > nowMs) break
      this.#report(entry, nowMs)
    }
  }

  /** Reports everything that was skipped so far. */
  flush(nowMs: number): void {
    for (const entry of this.#unreported) this.#report(entry, nowMs)
  }

  #evict(nowMs: number): void {
    const { rememberedRefs, rememberedMs } = this.#options
    for (let entry = this.#order.peek(); entry !== undefined; entry = this.#order.peek()) {
      const isForgotten = this.#byRef.get(entry.ref) !== entry
      const isExpired = nowMs - entry.linedUpMs > rememberedMs
      if (!isForgotten && !isExpired && this.#order.length <= rememberedRefs) return
      this.#order.shift()
      if (isForgotten) continue
      if (entry.atMs > entry.linedUpMs) {
        entry.linedUpMs = entry.atMs
        this.#order.push(entry)
      } else this.forget(entry.ref, nowMs)
    }
  }

  #report(entry: Remembered, nowMs: number): void {
    if (!this.#unreported.delete(entry)) return
    const { unreportedBytes } = entry
    entry.unreportedBytes = 0
    this.#options.onSkipped(entry, unreportedBytes, nowMs)
  }
}
