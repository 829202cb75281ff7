import type { Priority } from '../../../shared/model/trace'
import {
  AS_RECORDED,
  MAX_WHATIF_AHEAD_MS,
  MAX_WHATIF_BAUD,
  MAX_WHATIF_CHUNK_BYTES,
  type WhatIfGroup,
  type WhatIfSettings,
  waitOf,
} from '../../../shared/model/what-if'
import { whatIfMarkdown } from '../../../shared/model/what-if-markdown'
import { RecordingFiles } from '../../recording/read/recording-files'
import { RecordingTrace } from '../../recording/read/recording-trace'
import { loadDecompress } from '../../recording/read/unpack-block'
import { recordedEvents } from '../../recording/what-if/recorded-events'
import { WhatIfStudy } from '../../recording/what-if/what-if-study'
import { type Arguments, usageError } from '../arguments'
import type { Command } from '../command'
import { rounded } from '../rounded'

const LONGEST_MS = Number.MAX_SAFE_INTEGER

export const whatIf: Command = {
  name: 'what-if',
  summary:
    'Sends what was recorded again on a simulated line with other settings, and says what would have changed.',
  positionals: ['FILE.mcap'],
  options: {
    baud: { value: 'N', help: 'speed of the line' },
    chunk: { value: 'N', help: 'largest chunk, in bytes' },
    ahead: { value: 'MS', help: 'line time kept with the driver besides a frame' },
    priority: {
      value: 'ROUTE=N',
      help: 'another priority for a route, 0 to 7',
      isList: true,
    },
    policy: {
      value: 'reply|time',
      help: 'what followed an answer follows it again (default), or all is sent when it was',
    },
    link: { value: 'N', help: 'which link of the recording; default: the one with most messages' },
    from: { value: 'MS', help: 'only messages from this time of the session on' },
    to: { value: 'MS', help: 'only messages up to this time of the session' },
    rows: { help: 'a line for each message' },
  },
  notes: [
    'Writes Markdown, with --jsonl one line for the run.',
    'Assumes a line without faults, and a peer that answers as fast as it did.',
  ],
  async run({ args, io, out }) {
    const path = args.positional(0)
    const settings = readSettings(args)
    const source = await RecordingFiles.open(path)
    try {
      const trace = new RecordingTrace(source, await loadDecompress())
      const study = await WhatIfStudy.read(recordedEvents(trace, io.signal), settings)
      const { summary, rows } = await study.predict(settings, { signal: io.signal })
      if (args.has('rows')) {
        for (const { route, messageKey, priority, newPriority, before, after } of rows) {
          out.line({
            event: 'what-if-message',
            key: messageKey,
            route,
            priority: newPriority,
            ...(newPriority !== priority && { oldPriority: priority }),
            queuedMs: rounded(before.queuedMs),
            waitMs: [rounded(waitOf(before)), after && rounded(waitOf(after))],
            totalMs: [rounded(before.totalMs), after && rounded(after.totalMs)],
            blocker: after?.blocker ?? '',
          })
        }
      }
      const { baud, chunkBytes } = summary.used
      out.line(
        {
          event: 'what-if',
          path,
          baud,
          chunk: chunkBytes,
          messages: summary.messages,
          leftOut: summary.leftOut,
          unfinished: summary.unfinished,
          all: plainGroup(summary.all),
          routes: summary.routes.map((group) => ({ route: group.route, ...plainGroup(group) })),
          offMs: summary.calibration && rounded(summary.calibration.total.p95),
          sentence: summary.sentence,
          digest: summary.digest,
        },
        whatIfMarkdown(path, summary),
      )
    } finally {
      await source.close()
    }
  },
}

const plainGroup = ({ count, waitBefore, waitAfter, totalBefore, totalAfter }: WhatIfGroup) => ({
  count,
  waitP95Ms: [rounded(waitBefore.p95), rounded(waitAfter.p95)] as const,
  waitMaxMs: [rounded(waitBefore.max), rounded(waitAfter.max)] as const,
  totalP50Ms: [rounded(totalBefore.p50), rounded(totalAfter.p50)] as const,
  totalP95Ms: [rounded(totalBefore.p95), rounded(totalAfter.p95)] as const,
})

/** @throws ConsoleError `OPTION_INVALID`. */
function readSettings(args: Arguments): WhatIfSettings {
  const policy = args.text('policy') ?? 'reply'
  if (policy !== 'reply' && policy !== 'time') throw usageError(`--policy ${policy} is not reply or time`)
  return {
    ...AS_RECORDED,
    linkId: args.integer('link', 1, 1_000_000) ?? 0,
    baud: args.integer('baud', 1, MAX_WHATIF_BAUD) ?? null,
    chunkBytes: args.integer('chunk', 1, MAX_WHATIF_CHUNK_BYTES) ?? null,
    aheadMs: args.integer('ahead', 0, MAX_WHATIF_AHEAD_MS) ?? null,
    fromMs: args.integer('from', 0, LONGEST_MS) ?? null,
    toMs: args.integer('to', 0, LONGEST_MS) ?? null,
    priorities: Object.fromEntries(args.list('priority').map(readPriority)),
    policy,
  }
}

function readPriority(text: string): readonly [string, Priority] {
  const [, route, digit] = /^(.*)=([0-7])$/.exec(text) ?? []
  if (route === undefined || digit === undefined)
    throw usageError(`--priority ${text} is not ROUTE=N with N from 0 to 7`)
  return [route, Number(digit) as Priority]
}
