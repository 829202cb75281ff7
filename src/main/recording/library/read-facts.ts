import { setImmediate } from 'node:timers/promises'
import { MAX_MOMENTS, type RecordingStrip } from '../../../shared/model/library'
import type { TraceEvent } from '../../../shared/model/trace'
import { placeOfChannel } from '../format/channels'
import { parseLossless } from '../format/lossless-json'
import { SessionTime } from '../format/session-time'
import { TraceReader } from '../format/trace-entries'
import type { Entry } from '../read/block-entries'
import type { ByteSource } from '../read/byte-source'
import type { Decompress } from '../read/plain-block'
import { scanRecording } from '../read/record-scanner'
import { StripBins } from './strip-bins'
import { WordList } from './word-list'

/** What the library knows of one file, from the file alone. */
export interface RecordingFacts {
  /** Whether it ends as a finished recording does, with all checksums right. */
  readonly isWhole: boolean
  readonly isEnded: boolean
  readonly isRecovered: boolean
  readonly entries: number
  readonly damaged: number
  readonly missing: number
  /** Empty in a file that does not say. */
  readonly sessionId: string
  readonly part: number
  /** Milliseconds since 1970; null in a file without entries. */
  readonly startedAtMs: number | null
  /** Time in the session at which it begins. */
  readonly fromMs: number
  readonly lengthMs: number
  readonly messages: number
  readonly problems: number
  readonly inBytes: number
  readonly outBytes: number
  readonly urls: readonly string[]
  readonly routes: readonly string[]
  readonly words: readonly string[]
  readonly moments: readonly Moment[]
  readonly momentCount: number
  readonly session: Readonly<Record<string, string>>
  readonly strip: RecordingStrip
}

export interface Moment {
  readonly kind: 'marker' | 'note' | 'problem'
  readonly atMs: number
  readonly text: string
  /** Of a marker or a note, as the recording has it. */
  readonly noteId?: number | undefined
}

const MAX_URLS = 8
const MAX_ROUTES = 200
const MAX_WORDS = 400
const MAX_FACTS = 64
const MAX_FACT_LENGTH = 1024
const MAX_TEXT_LENGTH = 200
/** Others wait no longer than this for a file that is being read. */
const TURN_MS = 4

/** @param signal - Ends the reading early. @throws its reason; an error of the system. */
export async function readFacts(
  source: ByteSource,
  decompress: Decompress,
  signal?: AbortSignal,
): Promise<RecordingFacts> {
  const reading = new FactsReading()
  let turnEndsAt = performance.now() + TURN_MS
  for await (const scanned of scanRecording(source, { decompress })) {
    signal?.throwIfAborted()
    if (scanned.found === 'metadata') reading.metadata(scanned.name, scanned.values)
    if (scanned.found === 'damage') reading.damaged += 1
    if (scanned.found === 'end') reading.isEnded = scanned.isWhole
    if (scanned.found !== 'block') continue
    for (const entry of scanned.entries) {
      reading.entry(entry)
      if (performance.now() < turnEndsAt) continue
      await setImmediate()
      signal?.throwIfAborted()
      turnEndsAt = performance.now() + TURN_MS
    }
  }
  return reading.facts()
}

class FactsReading {
  damaged = 0
  isEnded = false
  readonly #reader = new TraceReader()
  readonly #bins = new StripBins()
  readonly #urls = new WordList(MAX_URLS, MAX_FACT_LENGTH)
  readonly #routes = new WordList(MAX_ROUTES, MAX_TEXT_LENGTH)
  readonly #words = new WordList(MAX_WORDS, 24)
  readonly #moments: Moment[] = []
  readonly #notes = new Map<number, number>()
  #momentCount = 0
  #session = new Map<string, string>()
  #isRecovered = false
  #time: SessionTime | null = null
  #firstNs: bigint | null = null
  #lastNs = 0n
  #entries = 0
  #missing = 0
  #lastNumber = 0
  #messages = 0
  #problems = 0
  #inBytes = 0
  #outBytes = 0

  metadata(name: string, values: ReadonlyMap<string, string>): void {
    if (name === 'recovered') this.#isRecovered = true
    if (name !== 'session' || this.#session.size > 0) return
    const kept = [...values].slice(0, MAX_FACTS)
    this.#session = new Map(kept.map(([key, value]) => [cut(key, 64), cut(value, MAX_FACT_LENGTH)]))
    const startedNs = values.get('started_ns')
    if (startedNs !== undefined && /^\d{1,20}$/.test(startedNs))
      this.#time = SessionTime.fromNs(BigInt(startedNs))
  }

  entry({ channelId, number, timeNs, data }: Entry): void {
    this.#entries += 1
    if (this.#lastNumber > 0 && number > this.#lastNumber + 1) this.#missing += number - this.#lastNumber - 1
    this.#lastNumber = number
    this.#time ??= SessionTime.fromNs(timeNs)
    this.#firstNs ??= timeNs
    if (timeNs > this.#lastNs) this.#lastNs = timeNs
    const place = placeOfChannel(channelId)
    if (place === undefined) return
    const fromStartMs = Number(timeNs - this.#firstNs) / 1e6
    switch (place.name) {
      case 'rx':
        this.#inBytes += data.length
        this.#bins.add('in', fromStartMs, data.length)
        return
      case 'tx':
        this.#outBytes += data.length
        this.#bins.add('out', fromStartMs, data.length)
        return
      case 'event':
      case 'message':
      case 'body': {
        const event = this.#reader.read(channelId, this.#time.toMs(timeNs), data)
        if (event !== undefined) this.#observe(event, fromStartMs)
        return
      }
      case 'note':
        this.#note(data, this.#time.toMs(timeNs))
        return
      case 'gap':
        this.#problem(this.#time.toMs(timeNs), fromStartMs, 'Entries are missing: the disk was too slow')
        return
      default: // nothing that a library tells of
    }
  }

  facts(): RecordingFacts {
    const time = this.#time ?? new SessionTime(0)
    const lengthMs = this.#firstNs === null ? 0 : Number(this.#lastNs - this.#firstNs) / 1e6
    const part = Number(this.#session.get('part') ?? '1')
    return {
      isWhole: this.isEnded && this.damaged === 0 && (this.#missing === 0 || this.#isRecovered),
      isEnded: this.isEnded,
      isRecovered: this.#isRecovered,
      entries: this.#entries,
      damaged: this.damaged,
      missing: this.#missing,
      sessionId: this.#session.get('session_id') ?? '',
      part: Number.isInteger(part) && part >= 1 && part <= 1e6 ? part : 1,
      startedAtMs: this.#firstNs === null ? null : Number(this.#firstNs / 1000n) / 1000,
      fromMs: this.#firstNs === null ? 0 : time.toMs(this.#firstNs),
      lengthMs,
      messages: this.#messages,
      problems: this.#problems,
      inBytes: this.#inBytes,
      outBytes: this.#outBytes,
      urls: this.#urls.words,
      routes: this.#routes.words,
      words: this.#words.words,
      moments: this.#moments.toSorted((left, right) => left.atMs - right.atMs),
      momentCount: this.#momentCount,
      session: Object.fromEntries(this.#session),
      strip: this.#bins.strip(lengthMs),
    }
  }

  #observe(event: TraceEvent, fromStartMs: number): void {
    switch (event.type) {
      case 'message-opened':
        if (!this.#reader.isStanding) this.#messages += 1
        this.#routes.add(event.route)
        return
      case 'message-closed':
        this.#words.addText(event.body)
        return
      case 'fault':
        this.#problem(
          event.atMs,
          fromStartMs,
          event.detail === '' ? event.code : `${event.code}: ${event.detail}`,
        )
        return
      case 'link-state':
        this.#urls.add(event.url)
        if (event.code !== null && !this.#reader.isStanding)
          this.#problem(
            event.atMs,
            fromStartMs,
            `${event.code}${event.detail === '' ? '' : `: ${event.detail}`}`,
          )
        return
      default: // nothing that a library tells of
    }
  }

  #problem(atMs: number, fromStartMs: number, text: string): void {
    this.#problems += 1
    this.#bins.add('faults', fromStartMs, 1)
    this.#moment({ kind: 'problem', atMs, text: cut(text, MAX_TEXT_LENGTH) })
  }

  #note(data: Uint8Array, entryMs: number): void {
    const note = noteIn(data)
    if (note === undefined) return
    const atMs = note.atMs ?? entryMs
    const moment = {
      kind: note.kind,
      atMs,
      noteId: note.noteId,
      text: cut(note.text, MAX_TEXT_LENGTH),
    } as const
    this.#words.addText(note.text)
    const before = this.#notes.get(note.noteId)
    if (before !== undefined) {
      this.#moments[before] = moment
      return
    }
    if (this.#moments.length < MAX_MOMENTS) this.#notes.set(note.noteId, this.#moments.length)
    this.#moment(moment)
  }

  #moment(moment: Moment): void {
    this.#momentCount += 1
    if (this.#moments.length < MAX_MOMENTS) this.#moments.push(moment)
  }
}

interface ReadNote {
  readonly noteId: number
  readonly kind: 'marker' | 'note'
  readonly text: string
  readonly atMs: number | undefined
}

function noteIn(data: Uint8Array): ReadNote | undefined {
  try {
    const fields = parseLossless(new TextDecoder().decode(data)) as Readonly<Record<string, unknown>> | null
    if (fields === null || typeof fields !== 'object') return undefined
    const { noteId, kind, text, atMs } = fields
    if (typeof noteId !== 'number' || typeof text !== 'string') return undefined
    const time = typeof atMs === 'number' && Number.isFinite(atMs) ? atMs : undefined
    return { noteId, kind: kind === 'note' ? 'note' : 'marker', text, atMs: time }
  } catch {
    return undefined
  }
}

const cut = (text: string, length: number): string => (text.length > length ? text.slice(0, length) : text)
