import { parseLinkUrl } from '../../../shared/model/link-url'
import type { BytesEvent, LinkStateEvent, TraceEvent } from '../../../shared/model/trace'
import { FORMAT_VERSION } from '../format/schemas'
import { SessionTime } from '../format/session-time'
import { TraceEntries } from '../format/trace-entries'
import { DIALECT_NAMES } from '../../netcore/dialects'
import type { RecordingDraft } from '../write/rewrite-recording'
import { BytesDecoder } from './bytes-decoder'

/** Entries that wait for the disk are few: one event makes some, and after each the disk is waited for. */
interface Waiting {
  readonly channelId: number
  readonly timeNs: bigint
  readonly data: Uint8Array
}

/** Writes bytes with their times as a recording, with what the real stack sees in them. */
export class ImportWriter {
  readonly #draft: RecordingDraft
  readonly #time: SessionTime
  readonly #entries = new TraceEntries()
  readonly #decoders = new Map<number, BytesDecoder>()
  readonly #offsets = new Map<string, number>()
  readonly #dialects = new Map<number, string>()
  #waiting: Waiting[] = []
  #lastMs = 0
  #entryCount = 0

  /** @param startNs - Nanoseconds since 1970 at which the session began. */
  constructor(draft: RecordingDraft, startNs: bigint) {
    this.#draft = draft
    this.#time = SessionTime.fromNs(startNs)
  }

  get entries(): number {
    return this.#entryCount
  }

  get time(): SessionTime {
    return this.#time
  }

  /** What the file says about itself, and where it came from. To be written first. */
  async session(facts: ReadonlyMap<string, string>, from: string): Promise<void> {
    const told = {
      ...Object.fromEntries(facts),
      format: `${FORMAT_VERSION}`,
      part: facts.get('part') ?? '1',
      started_ns: `${this.#time.toNs(0)}`,
      imported: from,
    }
    await this.#draft.metadata('session', new Map(Object.entries(told)))
  }

  /** How a link stood; its address says the dialect. */
  linkState(event: Omit<LinkStateEvent, 'atMs'>, timeNs: bigint): Promise<void> | undefined {
    this.#dialects.set(event.linkId, this.#dialects.get(event.linkId) ?? dialectOf(event.url))
    this.#put({ ...event, atMs: this.#time.toMs(timeNs) }, timeNs)
    return this.#flush()
  }

  /**
   * Bytes as they passed.
   *
   * @param streamOffset - Left out: they go on where the last ones of their direction ended.
   * @param bytes - Borrowed until the promise resolves, if there is one.
   */
  bytes(
    linkId: number,
    dir: BytesEvent['dir'],
    timeNs: bigint,
    bytes: Uint8Array,
    streamOffset?: number,
  ): Promise<void> | undefined {
    const stream = `${linkId} ${dir}`
    const offset = streamOffset ?? this.#offsets.get(stream) ?? 0
    this.#offsets.set(stream, offset + bytes.length)
    const atMs = this.#time.toMs(timeNs)
    this.#lastMs = Math.max(this.#lastMs, atMs)
    const event: BytesEvent = {
      type: 'bytes',
      linkId,
      dir,
      atMs,
      streamOffset: offset,
      byteCount: bytes.length,
      bytes,
    }
    this.#put(event, timeNs)
    this.#decoderOf(linkId).bytes({ ...event, bytes: bytes.slice() })
    return this.#flush()
  }

  /** What was on its way is interrupted. */
  async end(): Promise<void> {
    for (const decoder of this.#decoders.values()) decoder.end(this.#lastMs)
    await this.#flush()
  }

  #put(event: TraceEvent, timeNs = this.#time.toNs(event.atMs)): void {
    for (const { channelId, data } of this.#entries.of(event)) this.#waiting.push({ channelId, timeNs, data })
  }

  #flush(): Promise<void> | undefined {
    const waiting = this.#waiting
    this.#waiting = []
    for (const [at, { channelId, timeNs, data }] of waiting.entries()) {
      this.#entryCount += 1
      const written = this.#draft.add(channelId, timeNs, data)
      if (written === undefined) continue
      this.#waiting = waiting.slice(at + 1)
      return written.then(() => this.#flush())
    }
    return undefined
  }

  #decoderOf(linkId: number): BytesDecoder {
    let decoder = this.#decoders.get(linkId)
    if (decoder === undefined) {
      const dialect = this.#dialects.get(linkId) ?? 'raw'
      decoder = new BytesDecoder(linkId, dialect, (event) => this.#put(event))
      this.#decoders.set(linkId, decoder)
    }
    return decoder
  }
}

/** Files may name what there is not: then the bytes are shown as they are. */
function dialectOf(url: string): string {
  const named = /[?&]dialect=([a-z0-9-]+)/.exec(url)?.[1]
  if (named !== undefined) return DIALECT_NAMES.includes(named) ? named : 'raw'
  try {
    return parseLinkUrl(url).dialect
  } catch {
    return 'raw'
  }
}
