import { BytePool } from '../../../shared/bytes/byte-pool'
import type { BytesEvent, TraceEvent } from '../../../shared/model/trace'
import {
  type ChannelPlace,
  linkChannelId,
  MAX_RECORDED_LINKS,
  placeOfChannel,
  sessionChannelId,
} from './channels'
import { parseLossless, printLossless } from './lossless-json'

/** What is written of a trace event: one entry, or two when a message ends with its body. */
export interface TraceEntry {
  readonly channelId: number
  readonly data: Uint8Array
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/**
 * Turns trace events into entries. Bytes go as they are; where the stream of a direction does not go on where it ended,
 * because the recording began in its midst or a gap came between, an entry before them says where it is.
 */
export class TraceEntries {
  /** Where the next byte of a stream is, by `in 1`, `out 1`. */
  readonly #offsets = new Map<string, number>()
  readonly #texts = new TextPages()

  /**
   * The data is borrowed from the event. None for a link beyond `MAX_RECORDED_LINKS`.
   *
   * @param isStanding - It was written in the part before: told again, so that this one can be read by itself.
   */
  of(event: TraceEvent, isStanding = false): TraceEntry[] {
    if (event.linkId > MAX_RECORDED_LINKS) return []
    const entry = (fields: object): TraceEntry => ({
      channelId: channelOf(event),
      data: this.#texts.encode(printLossless(isStanding ? { ...fields, isStanding } : fields)),
    })
    const { linkId, ...fields } = event
    switch (fields.type) {
      case 'bytes': {
        const stream = `${fields.dir} ${linkId}`
        const { dir, streamOffset, byteCount } = fields
        const isExpected = (this.#offsets.get(stream) ?? 0) === streamOffset
        this.#offsets.set(stream, streamOffset + byteCount)
        // asked of the event itself: bytes that left in parts are joined for the first who asks
        const octets = { channelId: channelOf(event), data: (event as BytesEvent).bytes }
        const where = { type: 'stream', dir, streamOffset }
        return isExpected
          ? [octets]
          : [{ ...entry(where), channelId: linkChannelId(linkId, 'event') }, octets]
      }
      case 'message-closed': {
        const { body, ...rest } = fields
        if (body.length === 0) return [entry(rest)]
        return [{ channelId: linkChannelId(linkId, 'body'), data: body }, entry(rest)]
      }
      case 'clock-sample':
      case 'task-run':
      case 'cache':
        return [entry({ link: linkId, ...fields })]
      default:
        return [entry(fields)]
    }
  }
}

const PAGE_BYTES = 64 * 1024
/** UTF-8 has no more for each unit of UTF-16. */
const MOST_BYTES_OF_UNIT = 3

/** Texts as UTF-8, many in a page: a busy line has tens of thousands of short ones in a second. */
class TextPages {
  readonly #pages = new BytePool(PAGE_BYTES)

  encode(text: string): Uint8Array {
    const most = text.length * MOST_BYTES_OF_UNIT
    if (most * 8 > PAGE_BYTES) return encoder.encode(text)
    const piece = this.#pages.take(most)
    return this.#pages.trim(piece, encoder.encodeInto(text, piece).written)
  }
}

function channelOf(event: TraceEvent): number {
  const { linkId } = event
  switch (event.type) {
    case 'bytes':
      return linkChannelId(linkId, event.dir === 'in' ? 'rx' : 'tx')
    case 'frame':
    case 'queue':
      return linkChannelId(linkId, 'chunk')
    case 'message-opened':
    case 'message-closed':
    case 'request-settled':
      return linkChannelId(linkId, 'message')
    case 'clock-sample':
      return sessionChannelId('clock')
    case 'task-run':
      return sessionChannelId('task')
    case 'cache':
      return sessionChannelId('cache')
    default:
      return linkChannelId(linkId, 'event')
  }
}

const NO_BODY = new Uint8Array()

/**
 * Turns entries back into the trace events they were made of. Entries that make no sense are counted and left out; what a part
 * tells again is left out where the part before was read.
 */
export class TraceReader {
  readonly #offsets = new Map<string, number>()
  readonly #bodies = new Map<number, Uint8Array>()
  #misread = 0
  #hasBegun = false
  #isStanding = false

  /** A reader that goes on from here, and leaves this one as it is. Its count begins anew. */
  fork(): TraceReader {
    const fork = new TraceReader()
    for (const [stream, offset] of this.#offsets) fork.#offsets.set(stream, offset)
    for (const [linkId, body] of this.#bodies) fork.#bodies.set(linkId, body)
    fork.#hasBegun = this.#hasBegun
    return fork
  }

  /** Entries that could not be read. */
  get misread(): number {
    return this.#misread
  }

  /** Whether the event that was read last tells again what the part before has. */
  get isStanding(): boolean {
    return this.#isStanding
  }

  /**
   * @param atMs - Time of the entry in the session.
   * @param data - Borrowed by the event.
   * @returns undefined for an entry that is no trace event by itself.
   */
  read(channelId: number, atMs: number, data: Uint8Array): TraceEvent | undefined {
    this.#isStanding = false
    const event = this.#parse(channelId, atMs, data)
    if (event === 'nonsense') {
      this.#misread += 1
      return undefined
    }
    if (this.isStanding && this.#hasBegun) return undefined
    this.#hasBegun ||= event !== undefined && !this.isStanding
    return event
  }

  #parse(channelId: number, atMs: number, data: Uint8Array): TraceEvent | undefined | 'nonsense' {
    const place = placeOfChannel(channelId)
    if (place === undefined) return 'nonsense'
    const { linkId, name } = place
    if (name === 'rx' || name === 'tx') return this.#bytes(linkId, name === 'rx' ? 'in' : 'out', atMs, data)
    if (name === 'body') {
      this.#bodies.set(linkId, data)
      return undefined
    }
    if (!TRACED.has(name)) return undefined
    const fields = readFields(data)
    if (fields === undefined) return 'nonsense'
    const { type, link, isStanding } = fields
    if (type === 'stream') {
      this.#offsets.set(`${String(fields['dir'])} ${linkId}`, Number(fields['streamOffset']))
      return undefined
    }
    if (typeof type !== 'string' || !isWhole(type, fields)) return 'nonsense'
    // the fields are ours alone, and a recording has very many of them: they become the event
    if (link !== undefined) delete fields['link']
    if (isStanding !== undefined) delete fields['isStanding']
    this.#isStanding = isStanding === true
    fields['atMs'] = atMs
    fields['linkId'] = linkId === 0 && typeof link === 'number' ? link : linkId
    if (type === 'message-closed') {
      fields['body'] = this.#bodies.get(linkId) ?? NO_BODY
      this.#bodies.delete(linkId)
    }
    return fields as unknown as TraceEvent
  }

  #bytes(linkId: number, dir: 'in' | 'out', atMs: number, bytes: Uint8Array): TraceEvent {
    const stream = `${dir} ${linkId}`
    const streamOffset = this.#offsets.get(stream) ?? 0
    this.#offsets.set(stream, streamOffset + bytes.length)
    return { type: 'bytes', linkId, atMs, dir, streamOffset, byteCount: bytes.length, bytes }
  }
}

const TRACED: ReadonlySet<ChannelPlace['name']> = new Set([
  'event',
  'chunk',
  'message',
  'clock',
  'task',
  'cache',
])

function readFields(data: Uint8Array): Record<string, unknown> | undefined {
  try {
    const fields = parseLossless(decoder.decode(data))
    return typeof fields === 'object' && fields !== null ? (fields as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** What must be there, and of which kind, for observers that trust types: a file may come from anybody. */
const NEEDED: Readonly<Record<string, Readonly<Record<string, 'string' | 'number' | 'boolean' | 'object'>>>> =
  {
    frame: {
      dir: 'string',
      frameKind: 'string',
      streamOffset: 'number',
      wireBytes: 'number',
      payloadBytes: 'number',
      ref: 'string',
      messageKey: 'number',
      chunkIndex: 'number',
      bodyOffset: 'number',
      isLast: 'boolean',
      startMs: 'number',
      endMs: 'number',
    },
    queue: { queuedBytes: 'number', queuedMessages: 'number' },
    'message-opened': {
      dir: 'string',
      messageKey: 'number',
      ref: 'string',
      route: 'string',
      kind: 'string',
      priority: 'number',
      headers: 'object',
      correlationId: 'string',
      answersKey: 'number',
    },
    'message-closed': { dir: 'string', messageKey: 'number', outcome: 'string', bodyBytes: 'number' },
    'request-settled': { requestKey: 'number', answerKey: 'number', roundTripMs: 'number' },
    fault: {
      dir: 'string',
      code: 'string',
      streamOffset: 'number',
      lostBytes: 'number',
      ref: 'string',
      detail: 'string',
    },
    'link-state': { phase: 'string', url: 'string', detail: 'string' },
    session: { phase: 'string', detail: 'string', peerIdentity: 'string', isResumed: 'boolean' },
    'clock-sample': { offsetMs: 'number', uncertaintyMs: 'number', roundTripMs: 'number' },
    lines: {},
    'task-run': { runId: 'number', task: 'string', outcome: 'string', detail: 'string', dueMs: 'number' },
    cache: { change: 'string', key: 'string', by: 'string', messageId: 'number' },
  }

const NEEDED_FIELDS = new Map(
  Object.entries(NEEDED).map(([type, fields]) => [type, Object.entries(fields)] as const),
)

function isWhole(type: string, fields: Readonly<Record<string, unknown>>): boolean {
  const needed = NEEDED_FIELDS.get(type)
  if (needed === undefined) return false
  for (const [field, kind] of needed) {
    const value = fields[field]
    if (typeof value !== kind || value === null || (kind === 'number' && !Number.isFinite(value)))
      return false
  }
  return true
}
