import type { ConsoleError } from '../../../shared/errors'
import type { Clock } from '../../../shared/model/clock'
import type { Note } from '../../../shared/model/notes'
import type { TraceEvent } from '../../../shared/model/trace'
import { placeOfChannel, sessionChannelId } from '../format/channels'
import { printLossless } from '../format/lossless-json'
import { FORMAT_VERSION } from '../format/schemas'
import type { SessionTime } from '../format/session-time'
import { TraceEntries } from '../format/trace-entries'
import type { RecordingDisk } from './recording-disk'
import { RecordingWriter, type WriterCounts, type WriterLimits } from './recording-writer'
import { StandingState } from './standing-state'
import type { TraceTransform } from './trace-transform'

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
  /** How all stood before: what a recording that begins in the midst of a session begins with. */
  readonly standing?: readonly TraceEvent[]
  /** What is written in place of events, such as without their secrets; for this recording alone. Default: the events themselves. */
  readonly transform?: TraceTransform
  /** When the first part begins, for a trace that is written later. Default: now. */
  readonly startMs?: number
  readonly splitBytes?: number
  readonly splitMs?: number
  readonly limits?: WriterLimits
  readonly onDurable?: (entry: number) => void
  readonly onProblem?: (problem: ConsoleError) => void
}

export const SPLIT_BYTES = 1024 ** 3
export const SPLIT_MS = 60 * 60_000
const EXTENSION = '.mcap'

/** What was left out is counted over all parts. */
export interface RecorderCounts extends WriterCounts {
  readonly parts: number
  /** Of all parts. */
  readonly allBytes: number
}

const NOTHING_LOST = { gaps: 0, droppedDerived: 0, droppedEntries: 0, droppedBytes: 0 }

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
  /** Of the parts that were ended. */
  #lost = NOTHING_LOST
  #isEnded = false

  constructor(options: RecorderOptions) {
    this.#options = options
    this.#partStartMs = options.startMs ?? options.clock.nowMs()
    this.#writer = this.#newWriter(1, 1)
    const before = new StandingState()
    for (const event of options.standing ?? []) before.observe(event)
    for (const event of before.events()) this.#write({ ...event, atMs: this.#partStartMs }, this.#partStartMs)
  }

  /** Why nothing is written any more; null while all is well. */
  get problem(): ConsoleError | null {
    return this.#writer.problem
  }

  get counts(): RecorderCounts {
    const counts = this.#writer.counts
    const parts = this.#ended.length + (this.#isEnded ? 0 : 1)
    return { ...counts, ...this.#lostWith(counts), parts, allBytes: this.#endedBytes + counts.fileBytes }
  }

  /** Where the part that is written now will stand. */
  get path(): string {
    return this.#writer.path
  }

  /** Takes an event of the trace; what it borrows is copied. */
  readonly observe = (event: TraceEvent): void => {
    if (this.#isEnded) return
    if (this.#isPartFull(event.atMs)) this.#split(event.atMs)
    this.#write(event, event.atMs)
    // a device that was pulled, a link that failed: what was seen until then is worth the most
    if (event.type === 'link-state' && event.phase !== 'connected') this.#writer.sync()
  }

  /**
   * A note or a marker of a person, as it reads from now on; one of the same `noteId` before it holds no longer.
   *
   * @param on - The message it is on, in the words of the trace: numbers of a capture mean nothing in another one.
   */
  note(nowMs: number, note: Note, on: { readonly linkId: number; readonly messageKey: number } | null): void {
    this.#say(sessionChannelId('note'), nowMs, { type: 'note', ...note, ...(on && { on }) })
  }

  noteRemoved(nowMs: number, noteId: number): void {
    this.#say(sessionChannelId('note'), nowMs, { type: 'note-removed', noteId })
  }

  /** Hands what there is to the medium now: before something may go wrong. */
  sync(): void {
    if (!this.#isEnded) this.#writer.sync()
  }

  /** Something the operator did that changes what comes after: a message sent by hand, a lock, a pulse. */
  operation(atMs: number, operation: string, detail: unknown): void {
    this.#say(sessionChannelId('op'), atMs, { operation, detail })
  }

  /**
   * Ends the recording. Resolves with the paths of its parts, in order.
   *
   * @throws ConsoleError `RECORDING_DISK_FULL`, `RECORDING_WRITE_FAILED`.
   */
  end(): Promise<string[]> {
    if (!this.#isEnded) {
      for (const event of this.#options.transform?.end() ?? []) this.#put(event, event.atMs)
      this.#isEnded = true
      this.#ended.push(this.#writer.end())
    }
    return Promise.all(this.#ended)
  }

  #write(event: TraceEvent, atMs: number): void {
    const { transform } = this.#options
    if (transform === undefined) this.#put(event, atMs)
    else for (const written of transform.take(event)) this.#put(written, written.atMs)
  }

  #put(event: TraceEvent, atMs: number): void {
    this.#add(event, atMs)
    this.#state.observe(event)
  }

  #add(event: TraceEvent, atMs: number, isStanding = false): void {
    const timeNs = this.#options.time.toNs(atMs)
    for (const { channelId, data } of this.#entries.of(event, isStanding))
      this.#writer.add(channelId, timeNs, data)
  }

  #lostWith({ gaps, droppedDerived, droppedEntries, droppedBytes }: WriterCounts): typeof NOTHING_LOST {
    const before = this.#lost
    return {
      gaps: before.gaps + gaps,
      droppedDerived: before.droppedDerived + droppedDerived,
      droppedEntries: before.droppedEntries + droppedEntries,
      droppedBytes: before.droppedBytes + droppedBytes,
    }
  }

  #say(channelId: number, atMs: number, fields: object): void {
    if (this.#isEnded) return
    const data = new TextEncoder().encode(printLossless(fields))
    const { transform, time } = this.#options
    const written =
      transform?.text === undefined ? data : transform.text(placeOfChannel(channelId)!.name, data)
    if (written !== null) this.#writer.add(channelId, time.toNs(atMs), written)
  }

  /** By the time of events, so that a trace that is written later splits where it would have. */
  #isPartFull(atMs: number): boolean {
    const { splitBytes = SPLIT_BYTES, splitMs = SPLIT_MS } = this.#options
    const { fileBytes, queuedBytes } = this.#writer.counts
    return fileBytes + queuedBytes >= splitBytes || atMs - this.#partStartMs >= splitMs
  }

  #split(atMs: number): void {
    if (this.#writer.problem !== null) return
    const counts = this.#writer.counts
    const part = this.#ended.length + 2
    const ended = this.#writer.end()
    ended.catch(() => undefined) // told by `onProblem`, and by `end`
    this.#ended.push(ended)
    this.#endedBytes += counts.fileBytes + counts.queuedBytes
    this.#lost = this.#lostWith(counts)
    this.#partStartMs = atMs
    this.#entries = new TraceEntries()
    this.#writer = this.#newWriter(part, counts.entries + 1)
    // as they were written: what was left out of them stays out
    for (const event of this.#state.events()) this.#add({ ...event, atMs }, atMs, true)
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
    const { disk, clock, path, library, sessionId, facts, limits, onProblem, time, transform } = this.#options
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
      ...(transform?.told && { told: transform.told }),
      ...(limits && { limits }),
      onDurable: this.#durableTeller(),
      ...(onProblem && { onFailure: onProblem }),
    })
  }
}
