import type { TraceEvent } from '../../../shared/model/trace'
import { ConsoleError } from '../../../shared/errors'
import { placeOfChannel } from '../format/channels'
import { FORMAT_VERSION, REDACTION_RECORD } from '../format/schemas'
import { TraceEntries } from '../format/trace-entries'
import type { ByteSource } from '../read/byte-source'
import type { Decompress } from '../read/plain-block'
import { type ReadEntry, RecordingTrace } from '../read/recording-trace'
import { loadCompress } from './pack-block'
import type { RecordingDisk } from './recording-disk'
import { RecordingDraft } from './rewrite-recording'
import { StandingState } from './standing-state'
import type { TraceTransform } from './trace-transform'

export interface ChangeRun {
  readonly source: ByteSource
  readonly decompress: Decompress
  readonly disk: RecordingDisk
  /** Must not exist. */
  readonly path: string
  readonly library: string
  /** Session time from which on, and up to which, entries are kept. Left out: from the beginning, to the end. */
  readonly fromMs?: number
  readonly toMs?: number
  readonly transform?: TraceTransform
  /** Metadata that the new file has beside that of the old one. */
  readonly told?: ReadonlyMap<string, ReadonlyMap<string, string>>
  readonly signal?: AbortSignal
  readonly onProgress?: (doneBytes: number, allBytes: number) => void
}

export interface Changed {
  readonly entries: number
  readonly damagedBytes: number
}

/**
 * Writes a part of a recording, or all of it with other events in place of its own, as a new recording that can be read by
 * itself: it begins with how the links stood and which messages were on their way. The old one stays as it is.
 *
 * @throws ConsoleError `RECORDING_INVALID` when nothing is left, `EXPORT_CANCELLED`; the system's error.
 */
export async function changeRecording(run: ChangeRun): Promise<Changed> {
  const { disk, path, library } = run
  const draft = await RecordingDraft.create(disk, path, { library, compress: await loadCompress() })
  try {
    const changed = await new Changing(run, draft).all()
    await draft.finish()
    await draft.publish()
    return changed
  } catch (error) {
    await draft.discard()
    throw error
  }
}

class Changing {
  readonly #run: ChangeRun
  readonly #draft: RecordingDraft
  readonly #trace: RecordingTrace
  readonly #entries = new TraceEntries()
  readonly #standing = new StandingState()
  #hasBegun = false
  #count = 0

  constructor(run: ChangeRun, draft: RecordingDraft) {
    this.#run = run
    this.#draft = draft
    this.#trace = new RecordingTrace(run.source, run.decompress)
  }

  async all(): Promise<Changed> {
    const { source, signal, onProgress, fromMs = 0, toMs = Number.POSITIVE_INFINITY, transform } = this.#run
    let toldAt = 0
    let lastMs = 0
    for await (const read of this.#trace.entries()) {
      if (this.#trace.readBytes !== toldAt) {
        toldAt = this.#trace.readBytes
        if (signal?.aborted) throw new ConsoleError('EXPORT_CANCELLED', 'it was stopped')
        onProgress?.(toldAt, source.size)
      }
      const atMs = this.#trace.time.toMs(read.entry.timeNs)
      lastMs = Math.max(lastMs, atMs)
      if (atMs < fromMs) {
        if (read.event !== undefined) this.#standing.observe(read.event)
        continue
      }
      if (atMs > toMs) continue // times may go back a little: entries of messages that were held
      if (!this.#hasBegun) await this.#begin(fromMs)
      await this.#entry(read)
    }
    for (const event of transform?.end() ?? []) await this.#event(event)
    if (this.#count === 0) {
      const isPart = fromMs > 0 || toMs !== Number.POSITIVE_INFINITY
      const remedy = `Choose a time in it: the recording ends ${(lastMs / 1000).toFixed(3)} s after its session began.`
      throw new ConsoleError('RECORDING_INVALID', 'there is nothing in that time', isPart ? { remedy } : {})
    }
    return { entries: this.#count, damagedBytes: this.#trace.damagedBytes }
  }

  async #begin(fromMs: number): Promise<void> {
    this.#hasBegun = true
    const { told = [], transform } = this.#run
    await this.#draft.metadata('session', new Map([...this.#trace.facts, ['format', `${FORMAT_VERSION}`]]))
    const { redaction } = this.#trace
    const before = redaction === null ? [] : [[REDACTION_RECORD, redaction] as const]
    for (const [name, values] of new Map([...before, ...told, ...(transform?.told ?? [])]))
      await this.#draft.metadata(name, values)
    for (const event of this.#standing.events()) await this.#take({ ...event, atMs: fromMs })
  }

  async #entry({ entry, event }: ReadEntry): Promise<void> {
    if (event !== undefined) return this.#take(event)
    const { transform } = this.#run
    const name = placeOfChannel(entry.channelId)?.name
    if (name === undefined || MADE_AGAIN.has(name)) return
    const data = transform?.text === undefined ? entry.data : transform.text(name, entry.data)
    if (data !== null) await this.#add(entry.channelId, entry.timeNs, data)
  }

  async #take(event: TraceEvent): Promise<void> {
    const { transform } = this.#run
    for (const each of transform?.take(event) ?? [event]) await this.#event(each)
  }

  async #event(event: TraceEvent): Promise<void> {
    const timeNs = this.#trace.time.toNs(event.atMs)
    for (const { channelId, data } of this.#entries.of(event)) await this.#add(channelId, timeNs, data)
  }

  async #add(channelId: number, timeNs: bigint, data: Uint8Array): Promise<void> {
    this.#count += 1
    const written = this.#draft.add(channelId, timeNs, data)
    if (written !== undefined) await written
  }
}

/** Bodies and places in streams come with the events that they belong to. */
const MADE_AGAIN: ReadonlySet<string> = new Set([
  'body',
  'event',
  'chunk',
  'message',
  'clock',
  'task',
  'cache',
])
