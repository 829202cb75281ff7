import { z } from 'zod'
import { MAX_RECORDING_NAME_LENGTH } from '../../model/recording-name'
import { MAX_FILTER_LENGTH, MAX_LIST_ROWS } from '../../model/list-view'
import { MAX_CHECKED_EXCHANGES, MAX_CHECKED_FIELDS } from '../../model/recorded-check'
import {
  MAX_WHATIF_AHEAD_MS,
  MAX_WHATIF_BAUD,
  MAX_WHATIF_CHUNK_BYTES,
  MAX_WHATIF_PRIORITIES,
} from '../../model/what-if'
import {
  MAX_COMPARE_ROWS,
  MAX_COMPARED_MESSAGES,
  MAX_IGNORED_CHARACTERS,
  MAX_IGNORED_FIELDS,
} from '../../model/compare'
import { MAX_REPLAY_SEED, MAX_REPLAY_SPEED, MIN_REPLAY_SPEED, REPLAY_POLICIES } from '../../model/replay'
import {
  linkId,
  messageId,
  text,
  nothing,
  MAX_URL_CHARACTERS,
  MAX_FIELD_LENGTH,
  position,
  recording,
} from './fields'

const comparison = z.int().min(1)
const compareRow = z
  .int()
  .min(0)
  .max(2 * MAX_COMPARED_MESSAGES)
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

/** Commands for working with recordings: checks, what-if, comparisons, replays. */
export const recordedRequests = {
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
} as const

/** What can be followed of it. */
export const recordedSubscriptions = {
  /** The run with a peer that was asked for last, whenever something about it changed, at most 10 a second. */
  replay: nothing,
  /** A what-if run: how far it is, then its summary. */
  whatif: z.strictObject({ run: whatIfRun }),
  /** How far a comparison is, and what came of it. */
  compare: z.strictObject({ comparison }),
} as const
