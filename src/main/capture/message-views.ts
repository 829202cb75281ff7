import { ERROR_CATALOGUE } from '../../shared/errors'
import type { Priority } from '../../shared/model/trace'
import type { LaneMessage, MessageDetail, MessageRow, MessageTiming } from '../../shared/model/views'
import type { MessageStore } from './message-store'
import { codeWord, DIRECTIONS, KINDS, STATUSES } from './message-words'
import { previewOf } from './preview'

/** Bytes of a body that come with the details of a message. */
export const DETAIL_BODY_BYTES = 64 * 1024
/** Routes come from the peer and may be long: lists and lanes get the beginning, the details all of it. */
const ROW_ROUTE_CHARACTERS = 1024
const LANE_ROUTE_CHARACTERS = 96
const NO_BYTES = new Uint8Array(0)

const known = (value: number): number | null => (Number.isNaN(value) ? null : value)

const shortened = (text: string, characters: number): string =>
  text.length <= characters ? text : `${text.slice(0, characters - 1)}…`

/** Length of the body: as it ended, else as announced, else as far as it is known. */
export function bodyBytesOf(store: MessageStore, id: number): number {
  const columns = store.columnsOf(id)
  const at = store.indexOf(id)
  return known(columns.closedBytes[at]!) ?? known(columns.declaredBytes[at]!) ?? columns.doneBytes[at]!
}

/** A kept message as a row of the list. */
export function messageRow(store: MessageStore, id: number): MessageRow {
  const columns = store.columnsOf(id)
  const at = store.indexOf(id)
  const body = store.bodyOf(id)
  return {
    id,
    linkId: columns.linkIds[at]!,
    openedMs: columns.openedMs[at]!,
    dir: DIRECTIONS.word(columns.dirs[at]!),
    route: shortened(columns.routes[at]!, ROW_ROUTE_CHARACTERS),
    kind: KINDS.word(columns.kinds[at]!),
    isSubscription: columns.subscriptions[at] === 1,
    priority: columns.priorities[at]! as Priority,
    bodyBytes: bodyBytesOf(store, id),
    doneBytes: columns.doneBytes[at]!,
    chunks: columns.chunks[at]!,
    status: STATUSES.word(columns.statuses[at]!),
    code: codeWord(columns.codes[at]!),
    roundTripMs: known(columns.roundTripMs[at]!),
    hue: columns.hues[at]!,
    partnerId: columns.partnerIds[at]!,
    preview: body === undefined ? '' : previewOf(body),
  }
}

/** A kept message as lanes need it. */
export function laneMessage(store: MessageStore, id: number): LaneMessage {
  const columns = store.columnsOf(id)
  const at = store.indexOf(id)
  return {
    id,
    linkId: columns.linkIds[at]!,
    dir: DIRECTIONS.word(columns.dirs[at]!),
    route: shortened(columns.routes[at]!, LANE_ROUTE_CHARACTERS),
    kind: KINDS.word(columns.kinds[at]!),
    priority: columns.priorities[at]! as Priority,
    hue: columns.hues[at]!,
    status: STATUSES.word(columns.statuses[at]!),
    openedMs: columns.openedMs[at]!,
    closedMs: known(columns.closedMs[at]!),
    partnerId: columns.partnerIds[at]!,
    bodyBytes: bodyBytesOf(store, id),
    matches: 0,
  }
}

/** Everything about a kept message. The body is borrowed: encode or copy it at once. */
export function messageDetail(store: MessageStore, id: number): MessageDetail {
  const columns = store.columnsOf(id)
  const at = store.indexOf(id)
  const row = messageRow(store, id)
  const body = store.bodyOf(id)
  return {
    ...row,
    route: columns.routes[at]!,
    ref: columns.refs[at]!,
    correlationId: columns.correlationIds[at]!,
    headers: columns.headers[at]!,
    declaredBytes: known(columns.declaredBytes[at]!),
    overheadBytes: columns.overheadBytes[at]!,
    timing: messageTiming(store, id),
    remedy: row.code === null ? '' : ERROR_CATALOGUE[row.code].remedy,
    task: columns.tasks[at]!,
    body: body?.subarray(0, DETAIL_BODY_BYTES) ?? NO_BYTES,
    hasBody: body !== undefined,
    keptBytes: body?.length ?? 0,
    partner: store.has(row.partnerId) ? messageRow(store, row.partnerId) : null,
  }
}

/** Out: from being queued to the first byte handed over; null while unknown. */
export function queuedMsOf(store: MessageStore, id: number): number | null {
  const columns = store.columnsOf(id)
  const at = store.indexOf(id)
  const firstFrameMs = known(columns.firstFrameMs[at]!)
  const isOut = DIRECTIONS.word(columns.dirs[at]!) === 'out'
  return isOut && firstFrameMs !== null ? Math.max(0, firstFrameMs - columns.openedMs[at]!) : null
}

/** The account of a message's time. Where frames have no length in time (sockets), wire time is unknown, not zero. */
function messageTiming(store: MessageStore, id: number): MessageTiming {
  const columns = store.columnsOf(id)
  const at = store.indexOf(id)
  const openedMs = columns.openedMs[at]!
  const wireMs = columns.wireMs[at]!
  const busyMs = columns.busyAfterMs[at]! - columns.busyBeforeMs[at]!
  return {
    openedMs,
    firstChunkMs: known(columns.firstChunkMs[at]!),
    lastChunkMs: known(columns.lastChunkMs[at]!),
    closedMs: known(columns.closedMs[at]!),
    queuedMs: queuedMsOf(store, id),
    wireMs: wireMs > 0 ? wireMs : null,
    interleavedMs: wireMs > 0 ? Math.max(0, busyMs - wireMs) : null,
  }
}
