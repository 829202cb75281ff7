import { ConsoleError } from '../../../shared/errors'
import { tryUtf8 } from '../../../shared/bytes'
import {
  encodingOf,
  LINK_CHANNELS,
  linkChannelId,
  MAX_RECORDED_LINKS,
  SESSION_CHANNELS,
  sessionChannelId,
  type LinkChannel,
  type SessionChannel,
} from '../format/channels'
import { parseLossless, printLossless } from '../format/lossless-json'
import { FORMAT_VERSION } from '../format/schemas'
import type { ByteSource } from '../read/byte-source'
import type { RecordingDraft } from '../write/rewrite-recording'

/** A body of 64 MiB as base64, with what stands around it. */
export const MAX_LINE_BYTES = 96 * 1024 * 1024
const READ_BYTES = 1024 * 1024
const LINE_FEED = 0x0a
const MAX_NUMBER = 0xffff_ffff

export interface LinesImported {
  readonly entries: number
  /** Lines that make no sense. */
  readonly misread: number
}

/**
 * Brings in JSON lines as `netcore export --format jsonl` writes them: the same entries with the same numbers, times and
 * bytes. Lines that make no sense are counted and left out.
 *
 * @throws ConsoleError `IMPORT_INVALID` when nothing makes sense, `IMPORT_TOO_LARGE` for a line beyond all measure.
 */
export async function importJsonl(
  source: ByteSource,
  draft: RecordingDraft,
  onProgress: (doneBytes: number) => void,
): Promise<LinesImported> {
  let [entries, misread, hasBegun] = [0, 0, false]
  for await (const { line, endOffset } of linesOf(source)) {
    onProgress(endOffset)
    const fields = fieldsOf(line)
    if (!hasBegun) {
      const session = fields?.['session']
      hasBegun = true
      const facts = isObject(session)
        ? Object.entries(session).map(([key, value]) => [key, String(value)] as const)
        : []
      await draft.metadata(
        'session',
        new Map([...facts, ['imported', 'jsonl'], ['format', `${FORMAT_VERSION}`]]),
      )
      if (facts.length > 0) continue
    }
    const entry = fields && entryOf(fields)
    if (entry === undefined) {
      if (line.length > 0) misread += 1
      continue
    }
    entries += 1
    const written = draft.add(entry.channelId, entry.timeNs, entry.data, entry.number)
    if (written !== undefined) await written
  }
  if (entries === 0)
    throw new ConsoleError('IMPORT_INVALID', 'no line of the file is an entry of a recording')
  return { entries, misread }
}

interface ReadLine {
  readonly channelId: number
  readonly timeNs: bigint
  readonly number: number
  readonly data: Uint8Array
}

function entryOf(fields: Readonly<Record<string, unknown>>): ReadLine | undefined {
  const { t, ch, n, ...rest } = fields
  const place = channelOf(ch)
  const timeNs = typeof t === 'string' ? nsOf(t) : undefined
  if (place === undefined || timeNs === undefined || !isNumber(n)) return undefined
  const { channelId, name } = place
  if (encodingOf(name) === 'octets' || typeof rest['unreadable'] === 'string') {
    const base64 = rest['bytes'] ?? rest['unreadable']
    if (typeof base64 !== 'string') return undefined
    return { channelId, timeNs, number: n, data: Buffer.from(base64, 'base64') }
  }
  return { channelId, timeNs, number: n, data: Buffer.from(jsonOf(name, rest)) }
}

/** Events were written with their link, which most entries have in their channel; all else stands there as it was. */
function jsonOf(name: LinkChannel | SessionChannel, fields: Readonly<Record<string, unknown>>): string {
  if (!EVENT_CHANNELS.has(name) || fields['type'] === 'stream') return JSON.stringify(fields)
  const { link, ...event } = fields
  return printLossless(LINKED.has(name) ? { link, ...event } : event)
}

const EVENT_CHANNELS: ReadonlySet<string> = new Set(['event', 'chunk', 'message', 'clock', 'task', 'cache'])
const LINKED: ReadonlySet<string> = new Set(['clock', 'task', 'cache'])

function channelOf(
  topic: unknown,
): { readonly channelId: number; readonly name: LinkChannel | SessionChannel } | undefined {
  const found = typeof topic === 'string' ? /^\/(?:link\/(\d{1,5})\/)?([a-z]+)$/.exec(topic) : null
  if (found === null) return undefined
  const [, link, word] = found
  if (link === undefined) {
    const name = SESSION_CHANNELS.find((each) => each === word)
    return name && { channelId: sessionChannelId(name), name }
  }
  const linkId = Number(link)
  const name = LINK_CHANNELS.find((each) => each === word)
  if (name === undefined || linkId < 1 || linkId > MAX_RECORDED_LINKS) return undefined
  return { channelId: linkChannelId(linkId, name), name }
}

/** Nanoseconds since 1970 of `2026-11-21T10:42:07.123456789Z`. */
function nsOf(text: string): bigint | undefined {
  const found = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{9})Z$/.exec(text)
  const ms = found === null ? Number.NaN : Date.parse(`${found[1]!}Z`)
  return Number.isNaN(ms) || ms < 0 ? undefined : BigInt(ms) * 1_000_000n + BigInt(found![2]!)
}

const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_NUMBER

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function fieldsOf(line: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  const text = tryUtf8(line)
  if (text === undefined || text === '') return undefined
  try {
    const value = parseLossless(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

interface Line {
  readonly line: Uint8Array
  readonly endOffset: number
}

async function* linesOf(source: ByteSource): AsyncGenerator<Line> {
  let rest: Uint8Array[] = []
  let restBytes = 0
  for (let at = 0; at < source.size; ) {
    const bytes = await source.read(at, READ_BYTES)
    if (bytes.length === 0) break
    let from = 0
    for (let to = bytes.indexOf(LINE_FEED); to >= 0; to = bytes.indexOf(LINE_FEED, from)) {
      yield { line: joined(rest, bytes.subarray(from, to)), endOffset: at + to + 1 }
      rest = []
      restBytes = 0
      from = to + 1
    }
    rest.push(bytes.subarray(from))
    restBytes += bytes.length - from
    if (restBytes > MAX_LINE_BYTES)
      throw new ConsoleError('IMPORT_TOO_LARGE', `a line has more than ${MAX_LINE_BYTES} bytes`)
    at += bytes.length
  }
  if (restBytes > 0) yield { line: joined(rest, new Uint8Array()), endOffset: source.size }
}

function joined(parts: readonly Uint8Array[], last: Uint8Array): Uint8Array {
  const line = parts.length === 0 ? last : Buffer.concat([...parts, last])
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line
}
