import type { TraceEvent } from '../../../shared/model/trace'
import { REDACTION_RECORD } from '../format/schemas'
import { SessionTime } from '../format/session-time'
import { TraceReader } from '../format/trace-entries'
import type { ByteSource } from './byte-source'
import type { Entry } from './block-entries'
import type { Decompress } from './plain-block'
import { scanRecording } from './record-scanner'

/** One entry of a recording with what it says, if it is an event of the trace. */
export interface ReadEntry {
  readonly entry: Entry
  readonly event: TraceEvent | undefined
}

/** What a file says about itself; empty where it does not. */
export type SessionFacts = ReadonlyMap<string, string>

/**
 * Reads a recording as the trace that it was made of, from its beginning to its end. What is damaged is passed over and
 * counted. Times are those of the session; in a file that does not say when that began, it began with the first entry.
 */
export class RecordingTrace {
  readonly #source: ByteSource
  readonly #decompress: Decompress
  readonly #reader = new TraceReader()
  #time: SessionTime | null = null
  #facts: SessionFacts = new Map()
  #redaction: SessionFacts | null = null
  #damagedBytes = 0
  #readBytes = 0

  constructor(source: ByteSource, decompress: Decompress) {
    this.#source = source
    this.#decompress = decompress
  }

  /** Known when the first entry has been given. */
  get facts(): SessionFacts {
    return this.#facts
  }

  /** By which rules secrets were left out; null where nothing says so. Known when the first entry has been given. */
  get redaction(): SessionFacts | null {
    return this.#redaction
  }

  get time(): SessionTime {
    return this.#time ?? new SessionTime(0)
  }

  get damagedBytes(): number {
    return this.#damagedBytes
  }

  /** Place in the file up to which it was read. */
  get readBytes(): number {
    return this.#readBytes
  }

  /** Entries that stand in no event although they should. */
  get misread(): number {
    return this.#reader.misread
  }

  /** @param signal - Ends the reading between two blocks. */
  async *entries(signal?: AbortSignal): AsyncGenerator<ReadEntry> {
    for await (const scanned of scanRecording(this.#source, { decompress: this.#decompress })) {
      if (signal?.aborted) return
      if (scanned.found === 'damage') this.#damagedBytes += scanned.endOffset - scanned.offset
      if (scanned.found === 'metadata' && scanned.name === 'session') this.#begin(scanned.values)
      if (scanned.found === 'metadata' && scanned.name === REDACTION_RECORD)
        this.#redaction ??= scanned.values
      if (scanned.found !== 'block') continue
      this.#readBytes = scanned.endOffset
      for (const entry of scanned.entries) {
        this.#time ??= SessionTime.fromNs(entry.timeNs)
        const atMs = this.#time.toMs(entry.timeNs)
        yield { entry, event: this.#reader.read(entry.channelId, atMs, entry.data) }
      }
    }
  }

  #begin(facts: SessionFacts): void {
    if (this.#facts.size > 0) return
    this.#facts = facts
    const startedNs = facts.get('started_ns')
    if (startedNs !== undefined && /^\d{1,20}$/.test(startedNs))
      this.#time = SessionTime.fromNs(BigInt(startedNs))
  }
}
