import type { FieldRef, SubjectValues } from '../../../shared/filter/filter-types'
import { peerErrorOf, STATUS_ERROR, STATUS_HEADER } from '../../../shared/model/peer-error'
import { bodyBytesOf, queuedMsOf } from '../message-views'
import { codeWord, DIRECTIONS, KINDS, STATUSES } from '../message-words'
import { headerValues } from './body-values'
import { chunkValues } from './chunk-values'
import type { MessageCursor } from './message-cursor'

/** Reads one field of the message that a cursor stands at. */
export type FieldReader = (cursor: MessageCursor, ref: FieldRef) => SubjectValues

const MS_PER_DAY = 86_400_000
const TAG = /#([\p{L}\p{N}_-]+)/gu
const RESPONSE = KINDS.number('response')
const BYTES = KINDS.number('bytes')

/** Undefined for what is not known (yet). */
const known = (value: number | null): number | undefined =>
  value === null || Number.isNaN(value) ? undefined : value

const kind: FieldReader = ({ columns, at }) => KINDS.word(columns.kinds[at]!)

const READERS: ReadonlyMap<string, FieldReader> = new Map<string, FieldReader>([
  ['msg.route', ({ columns, at }) => columns.routes[at]],
  ['msg.kind', kind],
  ['msg.type', (cursor, ref) => (cursor.columns.kinds[cursor.at] === BYTES ? 'stream' : kind(cursor, ref))],
  ['msg.subscription', ({ columns, at }) => columns.subscriptions[at] === 1],
  ['msg.status', ({ columns, at }) => STATUSES.word(columns.statuses[at]!)],
  ['msg.dir', ({ columns, at }) => DIRECTIONS.word(columns.dirs[at]!)],
  ['msg.code', ({ columns, at }) => codeWord(columns.codes[at]!) ?? undefined],
  ['msg.prio', ({ columns, at }) => columns.priorities[at]],
  ['msg.size', ({ source, id }) => bodyBytesOf(source.messages, id)],
  ['msg.chunks', ({ columns, at }) => columns.chunks[at]],
  ['msg.rtt', ({ columns, at }) => known(columns.roundTripMs[at]!)],
  ['msg.duration', ({ columns, at }) => known(columns.closedMs[at]! - columns.openedMs[at]!)],
  ['msg.queue', ({ source, id }) => known(queuedMsOf(source.messages, id))],
  ['msg.blocked', (cursor) => waitedMs(cursor)],
  ['msg.wire', ({ columns, at }) => (columns.wireMs[at]! > 0 ? columns.wireMs[at] : undefined)],
  ['msg.codec', ({ tree }) => tree?.format],
  ['msg.id', ({ id }) => id],
  ['msg.ref', ({ columns, at }) => columns.refs[at] || undefined],
  ['link.name', ({ source, columns, at }) => source.linkOf(columns.linkIds[at]!)?.name],
  ['link.kind', ({ source, columns, at }) => source.linkOf(columns.linkIds[at]!)?.kind],
  ['link.proto', ({ source, columns, at }) => source.linkOf(columns.linkIds[at]!)?.proto],
  ['rpc.method', ({ columns, at }) => /^rpc[:/](.+)$/s.exec(columns.routes[at]!)?.[1]],
  ['rpc.error', (cursor) => errorCode(cursor)],
  ['cache.key', ({ columns, at }) => columns.cacheKeys[at] || undefined],
  ['task.name', ({ columns, at }) => columns.tasks[at] || undefined],
  ['body', (cursor, { path }) => cursor.bodyValues(path)],
  ['header', ({ columns, at }, { path }) => headerValues(columns.headers[at]!, path)],
  ['text', ({ text }) => text],
  ['bytes', ({ body }) => body],
  ['time', ({ source, columns, at }) => timeOfDay(source.dayStartMs + columns.openedMs[at]!)],
  ['age', ({ source, columns, at }) => source.nowMs() - columns.openedMs[at]!],
  ['marked', ({ source, id }) => source.notesOf(id).some((note) => note.kind === 'marker')],
  ['note', ({ source, id }) => notes(source.notesOf(id).map(({ text }) => text))],
  ['tag', ({ source, id }) => notes(source.notesOf(id).flatMap(({ text }) => tagsIn(text)))],
  ['rep', ({ columns, at }) => hasPartner(columns.partnerIds[at]!, columns.kinds[at] !== RESPONSE)],
  ['req', ({ columns, at }) => hasPartner(columns.partnerIds[at]!, columns.kinds[at] === RESPONSE)],
])

const chunks: FieldReader = (cursor, { name }) => chunkValues(cursor, name)
const nothing: FieldReader = () => undefined

/** The reader of a field of the message itself. What is no such field has no value. */
export const fieldReader = (name: string): FieldReader =>
  READERS.get(name) ?? (name.startsWith('chunk.') || name === 'msg.retries' ? chunks : nothing)

/** In the queue, and between its own chunks while others held the line; undefined where neither is known. */
function waitedMs({ source, id, columns, at }: MessageCursor): number | undefined {
  const queuedMs = queuedMsOf(source.messages, id)
  const wireMs = columns.wireMs[at]!
  if (wireMs <= 0) return known(queuedMs)
  return (queuedMs ?? 0) + Math.max(0, columns.busyAfterMs[at]! - columns.busyBeforeMs[at]! - wireMs)
}

/** In the peer's words. */
function errorCode(cursor: MessageCursor): string | undefined {
  const { columns, at } = cursor
  const headers = columns.headers[at]!
  if (columns.kinds[at] !== RESPONSE || headers[STATUS_HEADER] !== STATUS_ERROR) return undefined
  return peerErrorOf({ headers, body: cursor.body ?? new Uint8Array(0) })?.code
}

const timeOfDay = (ms: number): number => ((ms % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY

const tagsIn = (text: string): string[] => Array.from(text.matchAll(TAG), (match) => match[1]!)

function notes(texts: readonly string[]): SubjectValues {
  const written = texts.filter((text) => text !== '')
  return written.length === 0 ? undefined : written
}

/** Also when the partner itself is no longer kept. */
const hasPartner = (partnerId: number, isRightKind: boolean): true | undefined =>
  partnerId !== 0 && isRightKind ? true : undefined
