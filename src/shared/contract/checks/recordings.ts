import { z } from 'zod'
import { MAX_RECORDING_NAME_LENGTH } from '../../model/recording-name'
import { MAX_TAPE_SPEED, MIN_TAPE_SPEED, TAPE_STEPS } from '../../model/tape'
import { MAX_FILTER_LENGTH } from '../../model/list-view'
import { MAX_PATTERN_LENGTH } from '../../model/recorder'
import {
  LIBRARY_ORDERS,
  MAX_LIBRARY_QUERY_LENGTH,
  MAX_LIBRARY_WINDOW,
  MAX_RETENTION_BYTES,
  MAX_RETENTION_DAYS,
} from '../../model/library'
import { MAX_RECORDING_NOTE_LENGTH, MAX_TAGS, tagProblem } from '../../workspace/recording-file'
import {
  EXPORT_FORMATS,
  MAX_EXPORTED_MESSAGES,
  MAX_IMPORT_BYTES,
  MAX_PIECE_BYTES,
  MAX_RULES_LENGTH,
  PCAPNG_BINDINGS,
} from '../../model/exports'
import { messageId, text, nothing, position, sessionMs, recording, recordings } from './fields'

const tags = z.array(text(256).refine((tag) => tagProblem(tag) === null, 'is no tag')).max(MAX_TAGS)
const librarySearch = {
  query: text(MAX_LIBRARY_QUERY_LENGTH),
  order: z.enum(LIBRARY_ORDERS),
  isDescending: z.boolean(),
}

/** Commands for recordings: making, keeping, bringing in and out, opening. */
export const recordingRequests = {
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
  /** Writes it without its secrets to a recording of its own. Rules left out: those of `redact.yaml` of the workspace. */
  'export.redact': z.strictObject({ recording, rules: text(MAX_RULES_LENGTH).optional() }),
  /** What that would mask, by rule. A newer one ends this one. */
  'export.preview-redaction': z.strictObject({ recording, rules: text(MAX_RULES_LENGTH).optional() }),
  /** The text of `redact.yaml` of the workspace. */
  'export.rules': nothing,
  /** Packs the blocks of a finished recording; it stays as it is when that does not make it smaller. */
  'export.pack': z.strictObject({ recording }),
  /** Stops an export, import, trim or redaction; nothing is kept of it. */
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

/** What can be followed of it. */
export const recordingSubscriptions = {
  /** The recording that is written, and how far back memory reaches; at most 5 a second, when something changed. */
  recorder: nothing,
  /** The library in short, whenever something about it changed, at most 5 a second. */
  library: nothing,
  /** Exports, imports and trims: those that run, and those that ended last, whenever something changed, at most 5 a second. */
  exports: nothing,
  /** Where the tape stands, at most 20 a second while it moves. */
  tape: nothing,
} as const
