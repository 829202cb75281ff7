import { z } from 'zod'
import { MAX_EXTRA_COLUMNS, MAX_FILTER_LENGTH, MAX_LIST_ROWS, MAX_MARKS } from '../../model/list-view'
import { MAX_NOTE_LENGTH } from '../../model/notes'
import { COARSE_SERIES_MS, MAX_FIELD_POINTS, MAX_SERIES_BINS } from '../../model/series'
import { linkId, messageId, text, nothing, MAX_FIELD_LENGTH, position, sessionMs } from './fields'

/** Messages that are copied by their numbers. */
export const MAX_COPIED_MESSAGES = 10_000

const listView = z.strictObject({
  filter: text(MAX_FILTER_LENGTH),
  marks: z.array(text(MAX_FILTER_LENGTH)).max(MAX_MARKS),
  order: z.enum(['time', 'exchange']),
})
const listFields = z.array(text(MAX_FIELD_LENGTH)).max(MAX_EXTRA_COLUMNS)
const copied = {
  view: listView,
  shape: z.enum(['hex', 'c-array', 'base64', 'json', 'text', 'command', 'filter', 'markdown']),
  /** Further columns, where the shape has columns. */
  fields: listFields,
}
const seriesBins = z.int().min(1).max(MAX_SERIES_BINS)

/** Commands for looking at messages, lanes, terminals and figures. */
export const messageRequests = {
  /** Rows of the message list: `count` rows from list position `from` (0 = oldest kept). */
  'messages.rows': z.strictObject({ from: z.int().min(0), count: z.int().min(1).max(500) }),
  /** Rows of a list view from a position on: a view as in `list`, which need not be subscribed. */
  'list.rows': z.strictObject({
    view: listView,
    from: position,
    count: z.int().min(1).max(MAX_LIST_ROWS),
    fields: listFields,
  }),
  /** Where a message stands in a view. */
  'list.position': z.strictObject({ view: listView, messageId }),
  /** The next message of a view that matches a filter: after (1) or before (-1) a position. */
  'list.find': z.strictObject({
    view: listView,
    filter: text(MAX_FILTER_LENGTH),
    /** -1 to begin with the first of all. */
    fromPosition: z.int().min(-1),
    direction: z.literal([1, -1]),
  }),
  /** The row of a view whose time is nearest. */
  'list.at': z.strictObject({ view: listView, atMs: sessionMs }),
  /** Text of rows: positions `from` to `to` (exclusive), or messages by their numbers in the order given. */
  'list.copy': z.union([
    z.strictObject({ ...copied, from: position, to: position }),
    z.strictObject({ ...copied, messageIds: z.array(messageId).max(MAX_COPIED_MESSAGES) }),
  ]),
  /** Puts a marker or a note on a message or a moment; with `noteId` changes that one. */
  'note.set': z.strictObject({
    noteId: z.int().min(1).optional(),
    kind: z.enum(['marker', 'note']),
    atMs: sessionMs,
    messageId: messageId.nullable(),
    text: text(MAX_NOTE_LENGTH),
  }),
  'note.remove': z.strictObject({ noteId: z.int().min(1) }),
  /** Forgets the bytes kept for the terminals of a link. */
  'terminal.clear': z.strictObject({ linkId }),
  /** Writes what passes on a link into a file of the workspace; what is written then stays. */
  'terminal.log': z.strictObject({
    linkId,
    action: z.enum(['start', 'stop', 'status']),
    shape: z.enum(['text', 'hex', 'raw']),
    hasTimes: z.boolean(),
  }),
  'message.detail': z.strictObject({ messageId }),
  /** Where the time of a message went, so far when it is under way. */
  'message.explain': z.strictObject({ messageId }),
  'message.body': z.strictObject({
    messageId,
    offset: z.int().min(0),
    count: z
      .int()
      .min(1)
      .max(1024 * 1024),
  }),
  /** Where the body of a message was cut on the wire. */
  'message.chunks': z.strictObject({ messageId }),
  /** The message before this one with the same link, route, direction and kind. */
  'message.previous': z.strictObject({ messageId }),
  /** Bytes per time bin over everything kept, for the overview strip. */
  'capture.overview': z.strictObject({ bins: z.int().min(16).max(4096) }),
  'capture.clear': nothing,
  /** Figures over time in equal bins; without a link those of all. */
  'series.get': z.strictObject({
    linkId: linkId.nullable(),
    fromMs: sessionMs,
    toMs: sessionMs,
    bins: seriesBins,
  }),
  /** A number out of each matching message: the newest `limit` of a span, thinned to two per bin. */
  'series.field': z.strictObject({
    linkId: linkId.nullable(),
    filter: text(MAX_FILTER_LENGTH),
    field: text(MAX_FIELD_LENGTH),
    fromMs: sessionMs,
    toMs: sessionMs,
    limit: z.int().min(1).max(MAX_FIELD_POINTS),
    bins: seriesBins,
  }),
  /** Fields of bodies that have a number in recent messages which match. */
  'series.fields': z.strictObject({ filter: text(MAX_FILTER_LENGTH) }),
} as const

/** What can be followed of it. */
export const messageSubscriptions = {
  /** Chunks and the messages they belong to, in columns. */
  lanes: z.strictObject({
    backlogMs: z.number().min(0).max(86_400_000),
    /** Filters: every message tells which of them it matches. */
    marks: z.array(text(MAX_FILTER_LENGTH)).max(MAX_MARKS).optional(),
  }),
  /** Bounds of the message list and which rows changed. */
  messages: nothing,
  /** Bounds of a list view and which of its rows changed, at most 20 a second. */
  list: z.strictObject({ view: listView }),
  /** Bytes of a link as they passed the tap: those kept first, then what comes. */
  terminal: z.strictObject({ linkId }),
  /** All markers and notes, whenever one changed. */
  notes: nothing,
  /** The last figures over time, and what was added or changed since: at most 4 a second, none while nothing happens. */
  series: z.strictObject({
    linkId: linkId.nullable(),
    spanMs: z.number().min(1000).max(COARSE_SERIES_MS),
    bins: seriesBins,
  }),
} as const
