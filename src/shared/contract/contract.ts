import { z } from 'zod'
import { MAX_ENTRY_NAME_LENGTH, MAX_WORKSPACE_FILE_BYTES } from '../workspace/entry-name'
import { MAX_HISTORY_PAGE, MAX_HISTORY_QUERY_LENGTH, MAX_SECRET_LENGTH } from '../model/drafts'
import { MAX_VARIABLE_NAME_LENGTH } from '../workspace/environment-file'
import {
  MAX_EXPECT_LENGTH,
  MAX_HEADER_LENGTH,
  MAX_HEADER_NAME_LENGTH,
  MAX_HEADERS,
  MAX_ROUTE_LENGTH,
  MAX_TIMEOUT_MS,
} from '../workspace/message-file'
import { WORKSPACE_KINDS } from '../workspace/workspace-types'
import { MAX_PASSWORD_LENGTH, MAX_PROFILE_NAME_LENGTH } from '../model/link-url'
import { MAX_RECORDING_NAME_LENGTH } from '../model/recording-name'
import { MAX_TAPE_SPEED, MIN_TAPE_SPEED, TAPE_STEPS } from '../model/tape'
import { MAX_PULSE_STEP_MS, MAX_PULSE_STEPS } from '../model/reset-recipe'
import {
  CACHE_FORMATS,
  MAX_CACHE_FILTER_LENGTH,
  MAX_CACHE_KEY_LENGTH,
  MAX_CACHE_WINDOW,
  MAX_CHANGED_KEYS,
  MAX_OPEN_FOLDERS,
  MAX_RULE_HEADERS,
  MAX_SERVED_MS,
} from '../model/cache'
import { MAX_EXTRA_COLUMNS, MAX_FILTER_LENGTH, MAX_LIST_ROWS, MAX_MARKS } from '../model/list-view'
import { MAX_NOTE_LENGTH } from '../model/notes'
import { MAX_PATTERN_LENGTH } from '../model/recorder'
import {
  MAX_COOLDOWN_MS,
  MAX_TRIGGER_ID_LENGTH,
  MAX_TRIGGER_NAME_LENGTH,
  MAX_TRIGGER_NOTE_LENGTH,
  MIN_COOLDOWN_MS,
  TRIGGER_MOMENTS,
} from '../model/triggers'
import {
  LIBRARY_ORDERS,
  MAX_CHOSEN_RECORDINGS,
  MAX_LIBRARY_QUERY_LENGTH,
  MAX_LIBRARY_WINDOW,
  MAX_RETENTION_BYTES,
  MAX_RETENTION_DAYS,
} from '../model/library'
import { MAX_RECORDING_NOTE_LENGTH, MAX_TAGS, tagProblem } from '../workspace/recording-file'
import { MAX_CHECKED_EXCHANGES, MAX_CHECKED_FIELDS } from '../model/recorded-check'
import {
  MAX_WHATIF_AHEAD_MS,
  MAX_WHATIF_BAUD,
  MAX_WHATIF_CHUNK_BYTES,
  MAX_WHATIF_PRIORITIES,
} from '../model/what-if'
import {
  MAX_COMPARE_ROWS,
  MAX_COMPARED_MESSAGES,
  MAX_IGNORED_CHARACTERS,
  MAX_IGNORED_FIELDS,
} from '../model/compare'
import { MAX_REPLAY_SEED, MAX_REPLAY_SPEED, MIN_REPLAY_SPEED, REPLAY_POLICIES } from '../model/replay'
import {
  EXPORT_FORMATS,
  MAX_EXPORTED_MESSAGES,
  MAX_IMPORT_BYTES,
  MAX_PIECE_BYTES,
  PCAPNG_BINDINGS,
} from '../model/exports'
import { COARSE_SERIES_MS, MAX_FIELD_POINTS, MAX_SERIES_BINS } from '../model/series'

/**
 * Every command and subscription between screen and core: typed once, checked once, at the core's door. Requests are
 * strict (unknown fields are refused) and bounded. Replies are built by our own typed code and are not checked again.
 */

z.config({ jitless: true }) // the page's security policy forbids building functions from text

const comparison = z.int().min(1)
const compareRow = z
  .int()
  .min(0)
  .max(2 * MAX_COMPARED_MESSAGES)
const linkId = z.int().min(1)
const messageId = z.int().min(1)
const text = (maxLength: number) => z.string().max(maxLength)
const nothing = z.strictObject({})
const profileName = z.string().min(1).max(MAX_PROFILE_NAME_LENGTH)
const line = z.boolean().optional()

/** An address with the longest password there is, each of its characters written as nine. */
const MAX_URL_CHARACTERS = 2048 + 9 * MAX_PASSWORD_LENGTH

export const MAX_BODY_IN_CONTRACT = 15 * 1024 * 1024

/** Messages that are copied by their numbers. */
export const MAX_COPIED_MESSAGES = 10_000
const MAX_FIELD_LENGTH = 256

const listView = z.strictObject({
  filter: text(MAX_FILTER_LENGTH),
  marks: z.array(text(MAX_FILTER_LENGTH)).max(MAX_MARKS),
  order: z.enum(['time', 'exchange']),
})
const position = z.int().min(0)
const listFields = z.array(text(MAX_FIELD_LENGTH)).max(MAX_EXTRA_COLUMNS)
const copied = {
  view: listView,
  shape: z.enum(['hex', 'c-array', 'base64', 'json', 'text', 'command', 'filter', 'markdown']),
  /** Further columns, where the shape has columns. */
  fields: listFields,
}
const triggerId = text(MAX_TRIGGER_ID_LENGTH).min(1)
const sessionMs = z.number().min(0).max(Number.MAX_SAFE_INTEGER)

const workspaceFile = { kind: z.enum(WORKSPACE_KINDS), name: text(MAX_ENTRY_NAME_LENGTH).min(1) }
const revision = text(64)
/** Longest body that is written, in characters; what is larger is sent as a file. */
const MAX_DRAFT_BODY_LENGTH = 4 * 1024 * 1024
const headerValue = z.union([text(MAX_HEADER_LENGTH), z.number(), z.boolean(), z.null()])
const draft = z.strictObject({
  route: text(MAX_ROUTE_LENGTH),
  kind: z.enum(['request', 'event', 'bytes']),
  priority: z.int().min(0).max(7),
  timeoutMs: z.int().min(1).max(MAX_TIMEOUT_MS),
  headers: z
    .record(text(MAX_HEADER_NAME_LENGTH), headerValue)
    .refine((headers) => Object.keys(headers).length <= MAX_HEADERS, 'too many headers'),
  body: z
    .strictObject({
      format: z.enum(['json', 'msgpack', 'text', 'hex', 'file']),
      text: text(MAX_DRAFT_BODY_LENGTH),
    })
    .nullable(),
  confirms: z.boolean(),
  expect: text(MAX_EXPECT_LENGTH),
})
/** Empty for none. */
const environment = text(MAX_ENTRY_NAME_LENGTH)
const secret = { environment: environment.min(1), name: text(MAX_VARIABLE_NAME_LENGTH).min(1) }
/** By number, by its name or that of its profile; empty for the one that is connected. */
const anyLink = z.union([linkId, text(MAX_PROFILE_NAME_LENGTH * 4)])
const historyPage = {
  query: text(MAX_HISTORY_QUERY_LENGTH),
  limit: z.int().min(1).max(MAX_HISTORY_PAGE),
}

const cacheKey = text(MAX_CACHE_KEY_LENGTH).min(1)
/** Null: for ever. */
const ttlMs = z.int().min(1).max(Number.MAX_SAFE_INTEGER).nullable()
const cacheListing = z.strictObject({
  shape: z.enum(['tree', 'table']),
  filter: text(MAX_CACHE_FILTER_LENGTH),
  order: z.enum(['key', 'left', 'size', 'hits', 'age']),
  isDescending: z.boolean(),
  open: z.array(text(MAX_CACHE_KEY_LENGTH)).max(MAX_OPEN_FOLDERS),
})
const cachingPlace = { route: text(1024).min(1), link: text(256) }

const taskName = text(MAX_ENTRY_NAME_LENGTH).min(1)

const recording = text(MAX_RECORDING_NAME_LENGTH).min(1)
const recordings = z.array(recording).min(1).max(MAX_CHOSEN_RECORDINGS)
const tags = z.array(text(256).refine((tag) => tagProblem(tag) === null, 'is no tag')).max(MAX_TAGS)
const librarySearch = {
  query: text(MAX_LIBRARY_QUERY_LENGTH),
  order: z.enum(LIBRARY_ORDERS),
  isDescending: z.boolean(),
}

const whatIfRun = z.int().min(1)
const whatIfOrder = {
  order: z.enum(['time', 'wait-before', 'wait-after', 'change', 'total-change']),
  isDescending: z.boolean(),
}
const whatIfSettings = z.strictObject({
  linkId: z.int().min(0),
  baud: z.int().min(1).max(MAX_WHATIF_BAUD).nullable(),
  chunkBytes: z.int().min(1).max(MAX_WHATIF_CHUNK_BYTES).nullable(),
  aheadMs: z.number().min(0).max(MAX_WHATIF_AHEAD_MS).nullable(),
  priorities: z
    .record(text(1024), z.int().min(0).max(7))
    .refine((priorities) => Object.keys(priorities).length <= MAX_WHATIF_PRIORITIES, 'too many routes'),
  policy: z.enum(['reply', 'time']),
  fromMs: z.number().nullable(),
  toMs: z.number().nullable(),
})

const seriesBins = z.int().min(1).max(MAX_SERIES_BINS)

export const requestChecks = {
  /** What is this program, and which host runs it. */
  'app.info': nothing,
  'ports.list': nothing,
  'recent.list': nothing,
  'recent.forget': z.strictObject({ url: text(2048) }),
  /** Opens a link; answers as soon as it exists, its state comes by `status`. */
  'link.open': z.strictObject({ url: text(MAX_URL_CHARACTERS) }),
  'link.close': z.strictObject({ linkId }),
  'link.reopen': z.strictObject({ linkId }),
  /** Sets DTR and RTS of a serial link; what is left out stays. */
  'link.lines': z.strictObject({ linkId, dtr: line, rts: line }),
  /** Sets DTR and RTS in timed steps; without steps those of the address (`reset=`), else DTR low for 100 ms. */
  'link.pulse': z.strictObject({
    linkId,
    steps: z
      .array(z.strictObject({ dtr: line, rts: line, ms: z.int().min(0).max(MAX_PULSE_STEP_MS) }))
      .max(MAX_PULSE_STEPS),
  }),
  'link.break': z.strictObject({ linkId, ms: z.int().min(1).max(MAX_PULSE_STEP_MS) }),
  /** Uses the different device that is on the port of a waiting link. */
  'link.accept': z.strictObject({ linkId }),
  /** Listen only: while it is on, nothing that anybody starts leaves on any link. */
  'lock.set': z.strictObject({ isLocked: z.boolean() }),
  /** Looks at what keeps serial ports and sockets of this computer from working. */
  'machine.check': nothing,
  /** Files of the workspace of one kind. */
  'workspace.list': z.strictObject({ kind: workspaceFile.kind }),
  'workspace.read': z.strictObject(workspaceFile),
  /** `revision` is the one that was read, null for a new file: a file that changed meanwhile is not overwritten. */
  'workspace.save': z.strictObject({
    ...workspaceFile,
    text: text(MAX_WORKSPACE_FILE_BYTES),
    revision: revision.nullable(),
  }),
  'workspace.remove': z.strictObject({ ...workspaceFile, revision }),
  'workspace.rename': z.strictObject({
    kind: workspaceFile.kind,
    from: workspaceFile.name,
    to: workspaceFile.name,
  }),
  'responders.list': nothing,
  /** The answers that a responder would give as its file reads, without giving them. */
  'responder.test': z.strictObject({
    name: workspaceFile.name,
    text: text(MAX_WORKSPACE_FILE_BYTES),
    /** The request that is taken as an example; null for the newest that its route takes. */
    messageId: messageId.nullable(),
  }),
  /** The text of a responder for the route of a received request, with the newest answer of that route where there is one. */
  'responder.draft': z.strictObject({ messageId }),
  'routes.list': nothing,
  'problems.list': nothing,
  /** How a message would leave, and what is wrong with it. */
  'draft.check': z.strictObject({ draft, environment, link: anyLink }),
  /** Fills in variables and sends; answers as soon as the message is on its way. */
  'draft.send': z.strictObject({
    draft,
    environment,
    link: anyLink,
    /** File in `messages` that it came from; empty for none. */
    name: text(MAX_ENTRY_NAME_LENGTH),
  }),
  /** What was sent by hand, the newest first; all words of the query must stand in it. */
  'history.list': z.strictObject(historyPage),
  'history.clear': nothing,
  /** Secrets that an environment names, and where their values are; never the values. */
  'secrets.list': z.strictObject({ environment }),
  'secret.set': z.strictObject({ ...secret, value: text(MAX_SECRET_LENGTH).min(1) }),
  'secret.forget': z.strictObject(secret),
  /** Choices of the screen, which all windows and hosts share. */
  'settings.read': nothing,
  'setting.set': z.strictObject({ name: text(200).min(1), value: text(64 * 1024).nullable() }),
  'profiles.list': nothing,
  'profile.save': z.strictObject({
    name: profileName,
    url: text(MAX_URL_CHARACTERS),
    note: text(4096),
    tags: z.array(text(64)).max(32).optional(),
    /** A recording is begun before a link of its address opens; left out: as it was. */
    isRecorded: z.boolean().optional(),
  }),
  'profile.remove': z.strictObject({ name: profileName }),
  'message.send': z.strictObject({
    linkId,
    route: text(1024),
    kind: z.enum(['request', 'event', 'bytes']),
    body: z
      .instanceof(Uint8Array)
      .refine((body) => body.length <= MAX_BODY_IN_CONTRACT, 'body is over 15 MiB'),
    headers: z.record(text(256), z.union([text(4096), z.number(), z.boolean(), z.null()])),
    priority: z.int().min(0).max(7),
    timeoutMs: z.int().min(1).max(3_600_000),
  }),
  'message.cancel': z.strictObject({ messageId }),
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
  'triggers.list': nothing,
  /** Without `triggerId` a new one. What is saved begins anew, with counts of 0, unless only its switch is another. */
  'trigger.save': z.strictObject({
    triggerId: triggerId.optional(),
    name: text(MAX_TRIGGER_NAME_LENGTH).min(1),
    filter: text(MAX_FILTER_LENGTH).min(1),
    moment: z.enum(TRIGGER_MOMENTS),
    actions: z.strictObject({
      marker: z.boolean(),
      note: text(MAX_TRIGGER_NOTE_LENGTH),
      notify: z.boolean(),
      pauseView: z.boolean(),
      sound: z.boolean(),
      /** Empty for none. */
      snippet: text(MAX_ENTRY_NAME_LENGTH),
    }),
    fires: z.enum(['always', 'once']),
    cooldownMs: z.int().min(MIN_COOLDOWN_MS).max(MAX_COOLDOWN_MS),
    isEnabled: z.boolean(),
  }),
  'trigger.remove': z.strictObject({ triggerId }),
  /** Which of the messages kept a trigger would have fired on. */
  'trigger.test': z.strictObject({ filter: text(MAX_FILTER_LENGTH).min(1), moment: z.enum(TRIGGER_MOMENTS) }),
  /** Begins a snippet of the workspace; how it goes is told by `snippet-runs`. */
  'snippet.run': z.strictObject({
    name: text(MAX_ENTRY_NAME_LENGTH).min(1),
    /** Number of the link, or the name of it or of its profile; empty for the one that is connected. */
    link: z.union([linkId, text(256)]),
    /** Empty for none. */
    environment: text(MAX_ENTRY_NAME_LENGTH),
    /** Go before those of snippet and environment. */
    variables: z.record(text(MAX_VARIABLE_NAME_LENGTH), text(4096)),
  }),
  'snippet.stop': z.strictObject({ runId: z.int().min(1) }),
  /** Tasks of the workspace, which are files of the kind `tasks`, as they stand. */
  'tasks.list': nothing,
  /** Keeps all tasks back, or lets them go. */
  'tasks.pause': z.strictObject({ isPaused: z.boolean() }),
  /** Runs a task besides its due times. */
  'task.run': z.strictObject({ name: taskName }),
  /** Leaves out the next due time. */
  'task.skip': z.strictObject({ name: taskName }),
  /** Switches a task on or off, in its file. */
  'task.enable': z.strictObject({ name: taskName, isEnabled: z.boolean() }),
  /** Makes a copy that is switched off. */
  'task.clone': z.strictObject({ name: taskName }),
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
  /** Rows of the cache as a listing shows them. */
  'cache.rows': z.strictObject({
    listing: cacheListing,
    from: position,
    count: z.int().min(1).max(MAX_CACHE_WINDOW),
  }),
  /** Where a key stands in a listing. */
  'cache.position': z.strictObject({ listing: cacheListing, key: cacheKey }),
  /** One entry with the beginning of its value. */
  'cache.entry': z.strictObject({ key: cacheKey }),
  'cache.set': z.strictObject({
    key: cacheKey,
    text: text(MAX_BODY_IN_CONTRACT),
    format: z.enum(CACHE_FORMATS),
    ttlMs,
  }),
  /** Changes entries, and all that lie in folders of the tree. */
  'cache.change': z.strictObject({
    action: z.enum(['touch', 'extend', 'pin', 'unpin', 'expire', 'delete']),
    keys: z.array(cacheKey).max(MAX_CHANGED_KEYS),
    folders: z.array(cacheKey).max(MAX_OPEN_FOLDERS),
    /** Of `extend`. */
    byMs: z.int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  }),
  'cache.clear': nothing,
  /** Adds a rule, or replaces that of the same route and link. */
  'cache.rule': z.strictObject({
    ...cachingPlace,
    serveMs: z.int().min(1).max(MAX_SERVED_MS),
    headers: z.array(text(256).min(1)).max(MAX_RULE_HEADERS),
    isEnabled: z.boolean(),
  }),
  'cache.rule.remove': z.strictObject(cachingPlace),
  /** Fields of bodies that have a number in recent messages which match. */
  'series.fields': z.strictObject({ filter: text(MAX_FILTER_LENGTH) }),

  /** Begins a recording of everything that passes, by a name, or by a pattern of names; else by that of the settings. */
  'recorder.start': z.strictObject({
    name: text(MAX_PATTERN_LENGTH).min(1).optional(),
    pattern: text(MAX_PATTERN_LENGTH).min(1).optional(),
  }),
  /** Ends it. Where none runs, somebody has seen why the last one ended. */
  'recorder.stop': nothing,
  /** Saves the newest minutes from memory; those of the settings where none are named. */
  'recorder.save-flight': z.strictObject({
    minutes: z
      .int()
      .min(1)
      .max(24 * 60)
      .optional(),
    name: text(MAX_PATTERN_LENGTH).min(1).optional(),
  }),

  /** Writes a recording in another form into the folder `exports` of the workspace; `exports` tells how far it is. */
  'export.start': z.strictObject({
    recording,
    format: z.enum(EXPORT_FORMATS),
    binding: z.enum(PCAPNG_BINDINGS).optional(),
    filter: text(MAX_FILTER_LENGTH),
    /** Messages by their numbers, counted from the beginning of the recording; none: all, or those of the filter. */
    messageIds: z.array(messageId).max(MAX_EXPORTED_MESSAGES),
  }),
  /** Writes what lies between two moments to a recording of its own. */
  'export.trim': z.strictObject({ recording, fromMs: sessionMs, toMs: sessionMs }),
  /** Packs the blocks of a finished recording; it stays as it is when that does not make it smaller. */
  'export.pack': z.strictObject({ recording }),
  /** Stops an export, import or trim; nothing is kept of it. */
  'export.cancel': z.strictObject({ id: z.int().min(1) }),
  /** Bytes of a file that an export made, from a place on: for pages that cannot reach the folder. */
  'export.piece': z.strictObject({
    id: z.int().min(1),
    file: z.int().min(0).max(64),
    at: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  }),
  /** Brings a file in, piece by piece and in order. Of `.bin` the dialect is needed; else it is empty. */
  'import.begin': z.strictObject({
    name: text(255).min(1),
    byteCount: z.int().min(1).max(MAX_IMPORT_BYTES),
    dialect: text(32),
  }),
  'import.piece': z.strictObject({
    id: z.int().min(1),
    at: z.int().min(0).max(MAX_IMPORT_BYTES),
    bytes: z
      .instanceof(Uint8Array)
      .refine((bytes) => bytes.length > 0 && bytes.length <= MAX_PIECE_BYTES, 'a piece has 1 byte to 4 MiB'),
  }),
  /** All pieces were sent: makes a recording of them. */
  'import.end': z.strictObject({ id: z.int().min(1) }),

  /** Recordings of the workspace that a search finds, in an order: `count` rows from a position on. */
  'library.list': z.strictObject({
    ...librarySearch,
    from: position,
    count: z.int().min(1).max(MAX_LIBRARY_WINDOW),
  }),
  /** Where a recording stands among those that a search finds. */
  'library.position': z.strictObject({ ...librarySearch, recording }),
  'library.detail': z.strictObject({ recording }),
  'library.tag': z.strictObject({ recordings, add: tags, remove: tags }),
  'library.note': z.strictObject({ recording, text: text(MAX_RECORDING_NOTE_LENGTH) }),
  /** Pinned recordings are never removed by themselves. */
  'library.pin': z.strictObject({ recordings, isPinned: z.boolean() }),
  /** Gives a recording, with all its parts and what stands beside it, another name. */
  'library.rename': z.strictObject({ recording, name: text(MAX_RECORDING_NAME_LENGTH) }),
  'library.remove': z.strictObject({ recordings, to: z.enum(['trash', 'system']) }),
  'library.restore': z.strictObject({ trashId: text(64).min(1) }),
  /** Deletes for good: one removal, or all. */
  'library.empty-trash': z.strictObject({ trashId: text(64).min(1).optional() }),
  /** Reads a recording to its end in the background; `library` tells how far it is and what came of it. */
  'library.verify': z.strictObject({ recording }),
  /** Writes what can be read of a recording to a new one. */
  'library.recover': z.strictObject({ recording }),
  'library.cancel': z.strictObject({ jobId: z.int().min(1) }),
  /** Shows the file in the file manager, where there is one, and says where it lies. */
  'library.reveal': z.strictObject({ recording }),
  /** What limits would remove now; with `isSet` they hold from now on. */
  'library.retention': z.strictObject({
    retention: z.strictObject({
      maxAgeDays: z.number().min(1).max(MAX_RETENTION_DAYS).nullable(),
      maxBytes: z.number().min(1e6).max(MAX_RETENTION_BYTES).nullable(),
    }),
    isSet: z.boolean(),
  }),

  /** Opens a recording as a source of its own. */
  /** A snippet made of messages of this source, and what of it can be chosen. Nothing is saved. */
  'snippet.from-messages': z.strictObject({
    messageIds: z
      .array(messageId)
      .min(1)
      .max(MAX_CHECKED_EXCHANGES * 2),
    chosen: z
      .record(text(MAX_FIELD_LENGTH * 4), z.boolean())
      .refine(
        (chosen) => Object.keys(chosen).length <= MAX_CHECKED_EXCHANGES * MAX_CHECKED_FIELDS,
        'too many fields',
      ),
    keepsWaits: z.boolean(),
    title: text(200),
  }),
  /** Sends a recording again with other settings; how it goes comes by `whatif`. */
  'whatif.run': z.strictObject({ recording: text(MAX_RECORDING_NAME_LENGTH), settings: whatIfSettings }),
  'whatif.stop': z.strictObject({ run: whatIfRun }),
  'whatif.rows': z.strictObject({
    run: whatIfRun,
    ...whatIfOrder,
    from: position,
    count: z.int().min(0).max(MAX_LIST_ROWS),
  }),
  /** Where a row stands in an order. */
  'whatif.place': z.strictObject({ run: whatIfRun, row: position, ...whatIfOrder }),
  /** The row of a route that was sent closest to a time; -1 for none. */
  'whatif.nearest': z.strictObject({ run: whatIfRun, atMs: z.number(), route: text(1024) }),
  /** What was on the line in a window; frames closer than `columnMs` are one block. */
  'whatif.strip': z.strictObject({
    run: whatIfRun,
    fromMs: z.number(),
    toMs: z.number(),
    columnMs: z.number().min(0),
  }),
  'whatif.markdown': z.strictObject({ run: whatIfRun }),
  /** Begins to compare two recordings; how far it is, and the result in numbers, is told by `compare`. The oldest of several goes. */
  'compare.open': z.strictObject({
    a: text(MAX_RECORDING_NAME_LENGTH),
    b: text(MAX_RECORDING_NAME_LENGTH),
    /** Fields that may differ: `body.timestamp`, `reply.rev`, `header.id`, `status`. */
    ignore: z.array(text(MAX_IGNORED_CHARACTERS)).max(MAX_IGNORED_FIELDS),
    /** A shift of an answer below this is none. */
    shiftMs: z.number().min(0).max(3_600_000),
  }),
  /** Ends it, also while it is still at work. */
  'compare.close': z.strictObject({ comparison }),
  'compare.summary': z.strictObject({ comparison }),
  /** Rows that the filter lets pass; it may use `diff.kind`, `diff.field` and `diff.latency`. */
  'compare.rows': z.strictObject({
    comparison,
    filter: text(MAX_FILTER_LENGTH),
    from: compareRow,
    count: z.int().min(1).max(MAX_COMPARE_ROWS),
  }),
  'compare.position': z.strictObject({ comparison, filter: text(MAX_FILTER_LENGTH), row: compareRow }),
  'compare.detail': z.strictObject({ comparison, row: compareRow }),
  /** What was on both lines in a window of the first recording's time. */
  'compare.strip': z.strictObject({
    comparison,
    fromMs: z.number(),
    toMs: z.number(),
    anchor: compareRow.nullable(),
  }),
  'compare.markdown': z.strictObject({ comparison, filter: text(MAX_FILTER_LENGTH) }),
  /** Plays one side of a recording to a live peer. Answers when it has begun, or waits for `replay.confirm`. */
  'replay.start': z.strictObject({
    recording,
    /** Number of the link in the recording; null for the one with the most messages. */
    recordedLink: linkId.nullable(),
    target: z.union([
      z.strictObject({ kind: z.literal('simulator') }),
      z.strictObject({ kind: z.literal('link'), linkId }),
      z.strictObject({ kind: z.literal('listen'), url: text(MAX_URL_CHARACTERS) }),
    ]),
    policy: z.enum(REPLAY_POLICIES),
    /** Null: as fast as possible. */
    speed: z.number().min(MIN_REPLAY_SPEED).max(MAX_REPLAY_SPEED).nullable(),
    seed: z.int().min(0).max(MAX_REPLAY_SEED),
    stopAtDifference: z.boolean(),
    /** Makes a recording of the run, to be compared with the one that is played. */
    record: z.boolean(),
  }),
  /** Yes: what is recorded goes to hardware. */
  'replay.confirm': z.strictObject({ runId: z.int().min(1) }),
  /** Lets the next message go, with the policy `step`. */
  'replay.step': z.strictObject({ runId: z.int().min(1) }),
  'replay.stop': z.strictObject({ runId: z.int().min(1) }),
  'tape.open': z.strictObject({ recording: text(MAX_RECORDING_NAME_LENGTH) }),
  /** Recordings that are open. */
  'tape.list': nothing,
  /** These concern the recording that is looked at, and fail for the live session. */
  'tape.close': nothing,
  'tape.play': z.strictObject({ isPlaying: z.boolean() }),
  /** Null: as fast as possible. */
  'tape.speed': z.strictObject({ speed: z.number().min(MIN_TAPE_SPEED).max(MAX_TAPE_SPEED).nullable() }),
  /** Session time of the recording, in milliseconds; beyond an end: to that end. */
  'tape.seek': z.strictObject({ atMs: z.number() }),
  'tape.step': z.strictObject({ by: z.enum(TAPE_STEPS), direction: z.union([z.literal(1), z.literal(-1)]) }),
  'tape.loop': z.strictObject({
    loop: z.strictObject({ fromMs: z.number(), toMs: z.number() }).nullable(),
  }),
} as const

export const subscriptionChecks = {
  /** The run with a peer that was asked for last, whenever something about it changed, at most 10 a second. */
  replay: nothing,
  /** The recording that is written, and how far back memory reaches; at most 5 a second, when something changed. */
  recorder: nothing,
  /** The library in short, whenever something about it changed, at most 5 a second. */
  library: nothing,
  /** Links, rates, queue, losses: one snapshot on subscribing, then at most 5 a second, when something changed. */
  status: nothing,
  /** Chunks and the messages they belong to, in columns. */
  lanes: z.strictObject({
    backlogMs: z.number().min(0).max(86_400_000),
    /** Filters: every message tells which of them it matches. */
    marks: z.array(text(MAX_FILTER_LENGTH)).max(MAX_MARKS).optional(),
  }),
  /** Bounds of the message list and which rows changed. */
  messages: nothing,
  /** Serial ports of this computer: all of them on subscribing and whenever something about them changed. */
  ports: nothing,
  /** Profiles of the workspace: all of them on subscribing and whenever one changed, by whomever. */
  profiles: nothing,
  /** What was sent by hand: the newest that match, whenever something was sent or ended. */
  history: z.strictObject(historyPage),
  /** Choices of the screen: all of them on subscribing and whenever one changed, by whomever. */
  settings: nothing,
  /** Files of the workspace of one kind: all of them on subscribing and whenever one changed, by whomever. */
  workspace: z.strictObject({ kind: workspaceFile.kind }),
  /** Responders with their counts, whenever something about them changed, at most 5 a second. */
  responders: nothing,
  /** What passed on the routes of all links, whenever something did, at most twice a second. */
  routes: nothing,
  /** What happened to the program and to its links: what is kept first, then what comes. */
  events: nothing,
  /** What is wrong now: all of it on subscribing and whenever it changed. */
  problems: nothing,
  /** Bounds of a list view and which of its rows changed, at most 20 a second. */
  list: z.strictObject({ view: listView }),
  /** Bytes of a link as they passed the tap: those kept first, then what comes. */
  terminal: z.strictObject({ linkId }),
  /** A what-if run: how far it is, then its summary. */
  whatif: z.strictObject({ run: whatIfRun }),
  /** All markers and notes, whenever one changed. */
  notes: nothing,
  /** Triggers with their counts, whenever something about them changed, at most 5 a second. */
  triggers: nothing,
  /** Totals of the cache, whenever it changed, at most 10 a second. */
  cache: nothing,
  /** What happened to entries of the cache: the newest first, then what comes. */
  'cache-changes': nothing,
  /** Rules by which answers are served from the cache, whenever they changed, by whomever. */
  'caching-rules': nothing,
  /** Tasks: all of them on subscribing, then those that changed, with their firings; at most 5 a second. */
  tasks: nothing,
  /**
   * The runs of snippets, newest first, and one of them in full: that of the number, else the newest of the name, or of all
   * where the name is empty. At most 10 a second.
   */
  'snippet-runs': z.strictObject({
    runId: z.int().min(1).nullable(),
    name: text(MAX_ENTRY_NAME_LENGTH),
  }),
  /** Runs of one task: those kept, then what is new. */
  'task-runs': z.strictObject({ task: taskName }),
  /** What triggers ask of screens: firings from now on. */
  firings: nothing,
  /** The last figures over time, and what was added or changed since: at most 4 a second, none while nothing happens. */
  series: z.strictObject({
    linkId: linkId.nullable(),
    spanMs: z.number().min(1000).max(COARSE_SERIES_MS),
    bins: seriesBins,
  }),
  /** Exports, imports and trims: those that run, and those that ended last, whenever something changed, at most 5 a second. */
  exports: nothing,
  /** How far a comparison is, and what came of it. */
  compare: z.strictObject({ comparison }),
  /** Where the tape stands, at most 20 a second while it moves. */
  tape: nothing,
} as const

export type CommandName = keyof typeof requestChecks
export type SubscriptionName = keyof typeof subscriptionChecks
export type CommandRequest<C extends CommandName> = z.infer<(typeof requestChecks)[C]>
export type SubscriptionRequest<S extends SubscriptionName> = z.infer<(typeof subscriptionChecks)[S]>
