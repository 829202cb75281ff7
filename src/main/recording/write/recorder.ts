import type { ConsoleError } from '../../../shared/errors'
import type { Clock } from '../../../shared/model/clock'
import type { Note } from '../../../shared/model/notes'
import type { TraceEvent } from '../../../shared/model/trace'
import { sessionChannelId } from '../format/channels'
import { printLossless } from '../format/lossless-json'
import { FORMAT_VERSION } from '../format/schemas'
import type { SessionTime } from '../format/session-time'
import { TraceEntries } from '../format/trace-entries'
import type { RecordingDisk } from './recording-disk'
import { RecordingWriter, type WriterCounts, type WriterLimits } from './recording-writer'
import { StandingState } from './standing-state'

export interface RecorderOptions {
  readonly disk: RecordingDisk
  readonly clock: Clock
  readonly time: SessionTime
  /** Ends with `.mcap`. Further parts get `-2`, `-3`, … before that. */
  readonly path: string
  /** Program and version, for the header of the file. */
  readonly library: string
  /** The same in all parts of one recording, for whoever puts them together. */
  readonly sessionId: string
  /** Further facts for the record `session`: versions, profile, seed. */
  readonly facts?: Readonly<Record<string, string>>
  readonly splitBytes?: number
  readonly splitMs?: number
  readonly limits?: WriterLimits
  readonly onDurable?: (entry: number) => void
  readonly onProblem?: (problem: ConsoleError) => void
}

export const SPLIT_BYTES = 1024 ** 3
export const SPLIT_MS = 60 * 60_000
const EXTENSION = '.mcap'

export interface RecorderCounts extends WriterCounts {
  readonly parts: number
  /** Of all parts. */
  readonly allBytes: number
}

/**
 * Writes a trace down as it happens, in parts that each can be read by itself. To be made before the port opens: the first
 * byte is in it.
 */
export class Recorder {
  readonly #options: RecorderOptions
  readonly #state = new StandingState()
  readonly #ended: Promise<string>[] = []
  #entries = new TraceEntries()
  #writer: RecordingWriter
  #partStartMs: number
  #endedBytes = 0
  #isEnded = false

  constructor(options: RecorderOptions) {
    this.#options = options
    this.#partStartMs = options.clock.nowMs()
    this.#writer = this.#newWriter(1, 1)
  }

  /** Why nothing is written any more; null while all is well. */
  get problem(): ConsoleError | null {
    return this.#writer.problem
  }

  get counts(): RecorderCounts {
    const counts = this.#writer.counts
    return { ...counts, parts: this.#ended.length + 1, allBytes: this.#endedBytes + counts.fileBytes }
  }

  /** Takes an event of the trace; what it borrows is copied. */
  readonly observe = (event: TraceEvent): void => {
    if (this.#isEnded) return
    if (this.#isPartFull()) this.#split()
    this.#write(event, event.atMs)
    this.#state.observe(event)
    // a device that was pulled, a link that failed: what was seen until then is worth the most
    if (event.type === 'link-state' && event.phase !== 'connected') this.#writer.sync()
  }

  /** A note or a marker of a person, where it stands at this moment. */
  note(note: Note): void {
    this.#add(sessionChannelId('note'), note.atMs, { type: 'note', ...note })
  }

  /** Something the operator did that changes what comes after: a message sent by hand, a lock, a pulse. */
  operation(atMs: number, operation: string, detail: unknown): void {
    this.#add(sessionChannelId('op'), atMs, { operation, detail })
  }

  /**
   * Ends the recording. Resolves with the paths of its parts, in order.
   *
   * @throws ConsoleError `RECORDING_DISK_FULL`, `RECORDING_WRITE_FAILED`.
   */
  end(): Promise<string[]> {
    if (!this.#isEnded) {
      this.#isEnded = true
      this.#ended.push(this.#writer.end())
    }
    return Promise.all(this.#ended)
  }

  #write(event: TraceEvent, atMs: number): void {
    const timeNs = this.#options.time.toNs(atMs)
    for (const { channelId, data } of this.#entries.of(event)) this.#writer.add(channelId, timeNs, data)
  }

  #add(channelId: number, atMs: number, fields: object): void {
    if (this.#isEnded) return
    const data = new TextEncoder().encode(printLossless(fields))
    this.#writer.add(channelId, this.#options.time.toNs(atMs), data)
  }

  #isPartFull(): boolean {
    const { splitBytes = SPLIT_BYTES, splitMs = SPLIT_MS, clock } = this.#options
    const { fileBytes, queuedBytes } = this.#writer.counts
    return fileBytes + queuedBytes >= splitBytes || clock.nowMs() - this.#partStartMs >= splitMs
  }

  #split(): void {
    if (this.#writer.problem !== null) return
    const { entries, fileBytes, queuedBytes } = this.#writer.counts
    const part = this.#ended.length + 2
    const ended = this.#writer.end()
    ended.catch(() => undefined) // told by `onProblem`, and by `end`
    this.#ended.push(ended)
    this.#endedBytes += fileBytes + queuedBytes
    this.#partStartMs = this.#options.clock.nowMs()
    this.#entries = new TraceEntries()
    this.#writer = this.#newWriter(part, entries + 1)
    for (const event of this.#state.events()) this.#write(event, this.#partStartMs)
  }

  /** An entry is durable when all before it are, and those may be in a part that is still being ended. */
  #durableTeller(): (entry: number) => void {
    const { onDurable = () => undefined } = this.#options
    let held = 0
    let isBeforeDone = this.#ended.length === 0
    Promise.all(this.#ended).then(
      () => {
        isBeforeDone = true
        if (held > 0) onDurable(held)
      },
      () => undefined, // never: a part is missing
    )
    return (entry) => {
      if (isBeforeDone) onDurable(entry)
      else held = entry
    }
  }

  #newWriter(part: number, firstEntry: number): RecordingWriter {
    const { disk, clock, path, library, sessionId, facts, limits, onProblem, time } = this.#options
    const session = {
      ...facts,
      session_id: sessionId,
      format: `${FORMAT_VERSION}`,
      part: `${part}`,
      started_ns: `${time.toNs(0)}`,
    }
    return new RecordingWriter({
      disk,
      clock,
      path: part === 1 ? path : `${path.slice(0, -EXTENSION.length)}-${part}${EXTENSION}`,
      encoder: { library, firstEntry },
      session: new Map(Object.entries(session)),
      ...(limits && { limits }),
      onDurable: this.#durableTeller(),
      ...(onProblem && { onFailure: onProblem }),
    })
  }
}
