import { createHash } from 'node:crypto'
import { ConsoleError } from '../../../shared/errors'
import type { LineRate } from '../../../shared/model/line-rate'
import type { TraceEvent } from '../../../shared/model/trace'
import {
  AS_RECORDED,
  type RecordedLine,
  type WhatIfCalibration,
  type WhatIfRow,
  type WhatIfSettings,
  type WhatIfSummary,
  type WhatIfTimes,
  waitOf,
} from '../../../shared/model/what-if'
import { Capture } from '../../capture/capture'
import { causesOf } from './causes'
import { type LineAsRecorded, lineOf, linksOf, recordedLine, rerunLine, trafficOf } from './line-as-recorded'
import { figuresOf, groupsOf } from './figures'
import {
  type LinkTraffic,
  type RecordedMessage,
  LATE_FRAMES_MS,
  RecordedTraffic,
  TRAFFIC_LIMITS,
  type TrafficLimits,
} from './recorded-traffic'
import { rerunTraffic, type RerunLine } from './rerun'
import { inTurns } from './turns'
import { type StripFrame, WhatIfPicture } from './what-if-picture'
import { findingOf } from './finding'

export type WhatIfStage = 'reading' | 'checking' | 'predicting'

export interface StudyProgress {
  readonly onProgress?: (stage: WhatIfStage, done: number, total: number) => void
  readonly signal?: AbortSignal
}

export interface WhatIfResult {
  readonly summary: WhatIfSummary
  readonly rows: readonly WhatIfRow[]
  readonly picture: WhatIfPicture
}

interface StudyParts {
  readonly traffic: LinkTraffic
  readonly capture: Capture
  readonly line: LineAsRecorded
  readonly recorded: RecordedLine
  readonly messages: readonly RecordedMessage[]
  readonly sent: readonly RecordedMessage[]
  readonly before: readonly WhatIfTimes[]
  readonly hueOf: (message: RecordedMessage) => number
}

/** Of a message that was sent, and whose answer never ended. */
const NO_TIMES: WhatIfTimes = {
  queuedMs: 0,
  startMs: 0,
  endMs: 0,
  idleMs: 0,
  blockedMs: 0,
  blocker: '',
  wireMs: 0,
  totalMs: 0,
}

/** Room for what the limits of the traffic admit. */
const CAPTURE_LIMITS = { chunks: 500_000, messages: 25_000, bodyBytes: 256 * 1024 * 1024 }

/** The part of a recording that is sent again, with where its time went, and how well sending it again tells that. */
export class WhatIfStudy {
  readonly line: RecordedLine
  readonly #line: LineAsRecorded
  readonly #traffic: LinkTraffic
  readonly #capture: Capture
  /** Complete ones of both directions, in the order in which they began. */
  readonly #messages: readonly RecordedMessage[]
  readonly #sent: readonly RecordedMessage[]
  readonly #before: readonly WhatIfTimes[]
  readonly #hues: readonly number[]
  #calibration: WhatIfCalibration | null | undefined

  private constructor(parts: StudyParts) {
    this.line = parts.recorded
    this.#line = parts.line
    this.#traffic = parts.traffic
    this.#capture = parts.capture
    this.#messages = parts.messages
    this.#sent = parts.sent
    this.#before = parts.before
    this.#hues = parts.sent.map(parts.hueOf)
  }

  /**
   * Reads what shall be sent again.
   *
   * @param events - Of the recording, in their order.
   * @param settings - Which link and which span.
   * @throws ConsoleError `WHATIF_EMPTY`, `WHATIF_TOO_LARGE`, `WHATIF_DIALECT`.
   */
  static async read(
    events: AsyncIterable<TraceEvent>,
    { linkId, fromMs, toMs }: Pick<WhatIfSettings, 'linkId' | 'fromMs' | 'toMs'>,
    limits: TrafficLimits = TRAFFIC_LIMITS,
  ): Promise<WhatIfStudy> {
    const span = { fromMs: fromMs ?? Number.NEGATIVE_INFINITY, toMs: toMs ?? Number.POSITIVE_INFINITY }
    const gathered = new RecordedTraffic(span, limits)
    const capture = new Capture(CAPTURE_LIMITS)
    for await (const event of events) {
      if (event.atMs > span.toMs + LATE_FRAMES_MS) break
      if (gathered.observe(event)) capture.observe(event)
    }
    const traffic = trafficOf(gathered.links, linkId)
    const line = lineOf(traffic)
    const messages = [...traffic.messages.values()]
      .filter(({ isComplete, startMs }) => isComplete && !Number.isNaN(startMs))
      .sort((a, b) => a.openedMs - b.openedMs || a.messageKey - b.messageKey)
    const sent = messages.filter(({ dir }) => dir === 'out')
    if (sent.length === 0) throw new ConsoleError('WHATIF_EMPTY', 'nothing was sent to its end in this span')
    const idOf = ({ messageKey }: RecordedMessage): number => capture.messageIdOf(traffic.linkId, messageKey)
    const hueOf = (message: RecordedMessage): number => capture.detail(idOf(message)).hue
    const explained = timesFrom(capture, line.rate ?? null)
    const before = await inTurns(sent, (message) => explained(idOf(message), 0) ?? NO_TIMES)
    const recorded = { ...recordedLine(traffic, line, messages, hueOf), links: linksOf(gathered.links) }
    return new WhatIfStudy({ traffic, capture, line, recorded, messages, sent, before, hueOf })
  }

  /**
   * Sends it again on another line.
   *
   * @throws ConsoleError `WHATIF_NEEDS_RATE`, `CHUNK_SIZE_RANGE`, or the reason of the signal.
   */
  async predict(settings: WhatIfSettings, { onProgress, signal }: StudyProgress = {}): Promise<WhatIfResult> {
    const line = rerunLine(this.#line, settings)
    this.#calibration ??= await this.#calibrated({
      ...(signal && { signal }),
      onProgress: (_, done, total) => onProgress?.('checking', done, total),
    })
    return this.#run(line, settings, this.#calibration, {
      ...(signal && { signal }),
      onProgress: (_, done, total) => onProgress?.('predicting', done, total),
    })
  }

  /** How far the recording, sent again as it was, is from itself. Null for a socket, which has no line to send it on. */
  async #calibrated(progress: StudyProgress): Promise<WhatIfCalibration | null> {
    if (this.#line.rate === undefined) return null
    const settings = { ...AS_RECORDED, linkId: this.line.linkId }
    const { rows } = await this.#run(rerunLine(this.#line, settings), settings, null, progress)
    const got = rows.filter((row): row is WhatIfRow & { after: WhatIfTimes } => row.after !== null)
    return {
      messages: got.length,
      wait: figuresOf(got.map(({ before, after }) => Math.abs(waitOf(after) - waitOf(before)))),
      total: figuresOf(got.map(({ before, after }) => Math.abs(after.totalMs - before.totalMs))),
    }
  }

  async #run(
    line: RerunLine,
    settings: WhatIfSettings,
    calibration: WhatIfCalibration | null,
    { onProgress, signal }: StudyProgress,
  ): Promise<WhatIfResult> {
    const capture = new Capture(CAPTURE_LIMITS)
    const frames: { messageKey: number; frame: StripFrame }[] = []
    let largestOut = 0
    const { keys, shiftMs, unfinished } = await rerunTraffic({
      messages: this.#messages,
      causes: settings.policy === 'reply' ? causesOf(this.#messages) : new Map(),
      line,
      fromMs: this.line.fromMs,
      toMs: this.line.toMs,
      onTrace: (event) => {
        capture.observe(event)
        if (event.type !== 'frame') return
        const { dir, messageKey, startMs, endMs, payloadBytes } = event
        if (dir === 'out') largestOut = Math.max(largestOut, payloadBytes)
        frames.push({ messageKey, frame: { dir, startMs, endMs, row: -1, hue: 0 } })
      },
      ...(onProgress && { onProgress: (done, total) => onProgress('predicting', done, total) }),
      ...(signal && { signal }),
    })
    const explained = timesFrom(capture, line.rate)
    const rows = await inTurns(
      this.#sent,
      (message, index): WhatIfRow => {
        const key = keys.get(message.messageKey)
        const id = key === undefined ? 0 : capture.messageIdOf(1, key)
        const { messageKey, route, kind, priority, body } = message
        return {
          index,
          messageKey,
          route,
          kind,
          hue: this.#hues[index]!,
          bytes: body.length,
          priority,
          newPriority: id === 0 ? priority : capture.detail(id).priority,
          before: this.#before[index]!,
          after: id === 0 ? null : explained(id, shiftMs),
        }
      },
      signal,
    )
    const picture = this.#picture(frames, keys, shiftMs)
    const groups = groupsOf(rows)
    const spanAfterMs = rows.reduce(
      (ms, { after }) => Math.max(ms, (after?.endMs ?? 0) - this.line.fromMs),
      0,
    )
    const used = { baud: line.rate.baud, chunkBytes: largestOut, aheadMs: line.aheadMs }
    return {
      rows,
      picture,
      summary: {
        line: this.line,
        settings,
        used,
        messages: rows.length,
        leftOut: this.#traffic.messages.size - this.#messages.length,
        unfinished,
        spanBeforeMs: this.line.toMs - this.line.fromMs,
        spanAfterMs,
        calibration,
        ...groups,
        sentence: findingOf({ settings, line: this.line, used, groups, rows, calibration, unfinished }),
        digest: digestOf(rows, picture),
      },
    }
  }

  #picture(
    frames: readonly { messageKey: number; frame: StripFrame }[],
    keys: ReadonlyMap<number, number>,
    shiftMs: number,
  ): WhatIfPicture {
    const idOf = (key: number): number => this.#capture.messageIdOf(this.line.linkId, key)
    const hueOf = (key: number): number => (idOf(key) === 0 ? 0 : this.#capture.detail(idOf(key)).hue)
    const rowOf = new Map(this.#sent.map(({ messageKey }, index) => [messageKey, index]))
    const hues = new Map(this.#messages.map(({ messageKey }) => [messageKey, hueOf(messageKey)]))
    const recordedOf = new Map([...keys].map(([recorded, key]) => [key, recorded]))
    const placed = (key: number | undefined, frame: Omit<StripFrame, 'row' | 'hue'>): StripFrame => ({
      ...frame,
      row: (key === undefined ? undefined : rowOf.get(key)) ?? -1,
      hue: (key === undefined ? undefined : hues.get(key)) ?? 0,
    })
    const before = this.#traffic.frames.map(({ dir, startMs, endMs, messageKey }) =>
      placed(messageKey, { dir, startMs, endMs }),
    )
    const after = frames.flatMap(({ messageKey, frame: { dir, startMs, endMs } }) => {
      const from = startMs + shiftMs
      // shaking hands and the like, before the recording begins
      if (from < this.line.fromMs && !recordedOf.has(messageKey)) return []
      return [placed(recordedOf.get(messageKey), { dir, startMs: from, endMs: endMs + shiftMs })]
    })
    return new WhatIfPicture(before, after)
  }
}

/** Where the time of messages of a capture went; null for what was not through. Times get `shiftMs` added. */
function timesFrom(
  capture: Capture,
  rate: LineRate | null,
): (id: number, shiftMs: number) => WhatIfTimes | null {
  return (id, shiftMs) => {
    const explanation = capture.explain(id, Number.MAX_SAFE_INTEGER, rate)
    if (!explanation.isOver) return null
    const { parts, lanes, fromMs, untilMs } = explanation
    const msOf = (...names: readonly string[]): number =>
      parts.reduce((sum, { name, ms }) => sum + (names.includes(name) ? ms : 0), 0)
    const blocked = parts.find(({ name }) => name === 'blocked')
    const own = lanes.filter(({ role }) => role === 'own').flatMap(({ spansMs }) => spansMs)
    return {
      queuedMs: fromMs + shiftMs,
      startMs: (own[0] ?? fromMs) + shiftMs,
      endMs: untilMs + shiftMs,
      idleMs: msOf('queued', 'session', 'link-down'),
      blockedMs: blocked?.ms ?? 0,
      blocker: blocked?.blockers[0]?.route ?? '',
      wireMs: msOf('wire', 'overhead', 'repeated'),
      totalMs: untilMs - fromMs,
    }
  }
}

function digestOf(rows: readonly WhatIfRow[], picture: WhatIfPicture): string {
  const hash = createHash('sha256')
  const shown = (ms: number): string => ms.toFixed(6)
  for (const { messageKey, newPriority, after } of rows) {
    const times = after && [
      after.queuedMs,
      after.startMs,
      after.endMs,
      after.idleMs,
      after.blockedMs,
      after.wireMs,
    ]
    hash.update(`${messageKey} ${newPriority} ${times?.map(shown).join(' ') ?? '-'}\n`)
  }
  for (const { dir, row, startMs, endMs } of picture.after) {
    hash.update(`${dir} ${row} ${shown(startMs)} ${shown(endMs)}\n`)
  }
  return hash.digest('hex').slice(0, 16)
}
