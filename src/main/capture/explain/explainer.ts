import { ConsoleError } from '../../../shared/errors'
import {
  EXPLANATION_PARTS,
  type ExplainedBlocker,
  type Explanation,
  type ExplanationLane,
  type ExplanationPart,
  MAX_NAMED_BLOCKERS,
} from '../../../shared/model/explanation'
import type { LineRate } from '../../../shared/model/line-rate'
import type { LinkStateEvent, SessionEvent, SessionPhase } from '../../../shared/model/trace'
import type { ChunkStore } from '../chunk-store'
import { isFinal } from '../message-status'
import type { MessageStore } from '../message-store'
import { laneMessage } from '../message-views'
import { KINDS, OUTCOMES, STATUSES } from '../message-words'
import { explanationWords, type TurnTaking } from './explanation-words'
import { IntervalLog } from './interval-log'
import { type Facts, gatherEvidence } from './message-evidence'
import type { SpanLanes } from './span-lanes'
import type { BlockedTime, TimeTally } from './time-tally'
import { visitLine } from './visit-line'

/** Messages can go. */
const UP: ReadonlySet<SessionPhase> = new Set<SessionPhase>(['ready'])

/**
 * Says where the time of a message went.
 *
 * It is worked out when somebody asks, from the chunk store, instead of being kept per message (as `AccountBook` does for
 * the command line): frames then cost nothing more while they pass, which is where time matters; every message whose chunks are
 * kept can be explained, also one that was never expected to be asked for, with its blockers under the numbers the screen
 * knows; and a recording that fills a capture is explained by the same code. It costs one pass over the rows of the
 * time in question, some milliseconds for the largest capture. What it needs beside chunks is kept here: when a link was down, and
 * when its session was not ready. Chunks that went to make room leave a time that is called unknown.
 *
 * A trace does not tell when flow control held a message back: that time counts as queued.
 */
export class Explainer {
  readonly #chunks: ChunkStore
  readonly #messages: MessageStore
  readonly #down: IntervalLog
  readonly #quiet: IntervalLog

  /** @param capacity - Interruptions that are remembered. */
  constructor(chunks: ChunkStore, messages: MessageStore, capacity: number) {
    this.#chunks = chunks
    this.#messages = messages
    this.#down = new IntervalLog(capacity)
    this.#quiet = new IntervalLog(capacity)
  }

  /** Takes what happens to links. */
  note(event: LinkStateEvent | SessionEvent): void {
    if (event.type === 'session') this.#quiet.note(event.linkId, !UP.has(event.phase), event.atMs)
    else {
      const isUp = event.phase === 'connected' || event.phase === 'listening'
      this.#down.note(event.linkId, !isUp, event.atMs)
    }
  }

  forgetLink(linkId: number): void {
    this.#down.forgetLink(linkId)
    this.#quiet.forgetLink(linkId)
  }

  /**
   * @param nowMs - Up to here a message that is under way is explained.
   * @param rate - Speed of the line of its link, null where it is not known.
   * @param turns - How the dialect lets messages share a line.
   * @throws ConsoleError `MESSAGE_UNKNOWN`.
   */
  explain(messageId: number, nowMs: number, rate: LineRate | null, turns: TurnTaking): Explanation {
    if (!this.#messages.has(messageId)) {
      throw new ConsoleError('MESSAGE_UNKNOWN', `message #${messageId} is not in memory`, { messageId })
    }
    const facts = this.#factsOf(messageId, nowMs)
    const goneMs = Math.min(Math.max(this.#chunks.goneUntilMs, facts.fromMs), facts.untilMs)
    const evidence = gatherEvidence(this.#chunks, facts, {
      goneMs,
      down: this.#down.between(facts.linkId, facts.fromMs, facts.untilMs),
      quiet: this.#quiet.between(facts.linkId, facts.fromMs, facts.untilMs),
      isAnswer: (id) => this.#answers(id, messageId),
    })
    const parts = this.#partsOf(evidence.tally)
    const known = {
      messageId,
      linkId: facts.linkId,
      route: facts.route,
      dir: facts.dir,
      kind: facts.kind,
      priority: facts.priority,
      status: facts.status,
      hue: facts.hue,
      fromMs: facts.fromMs,
      untilMs: facts.untilMs,
      totalMs: facts.untilMs - facts.fromMs,
      isOver: facts.isOver,
      isLineTimed: evidence.isLineTimed,
      baud: evidence.isLineTimed ? (rate?.baud ?? null) : null,
      frames: evidence.frames,
      wireBytes: evidence.wireBytes,
      parts,
    }
    const words = explanationWords(known, { goneMs: goneMs - facts.fromMs, rate, turns })
    return { ...known, ...words, lanes: this.#lanesOf(facts, parts, evidence.spans) }
  }

  #factsOf(id: number, nowMs: number): Facts {
    const columns = this.#messages.columnsOf(id)
    const at = this.#messages.indexOf(id)
    const message = laneMessage(this.#messages, id)
    const outcome = OUTCOMES.word(columns.outcomes[at]!)
    const settledMs = columns.settledMs[at]!
    const isSettled = !Number.isNaN(settledMs)
    const isAwaited = columns.awaited[at] === 1
    const firstMs = columns.firstFrameMs[at]!
    const isIn = message.dir === 'in'
    const fromMs = isIn && firstMs < message.openedMs ? firstMs : message.openedMs
    let endMs = columns.closedMs[at]!
    if (isSettled) endMs = settledMs
    else if (isAwaited && !isFinal(STATUSES.word(columns.statuses[at]!))) endMs = Number.NaN
    else if (!isIn && outcome === 'complete') endMs = Math.max(endMs, this.#lastFrameEndMs(id, endMs))
    const isOver = endMs <= nowMs
    const untilMs = Math.max(fromMs, isOver ? endMs : nowMs)
    return { ...message, fromMs, untilMs, isOver, isAwaited, isSettled, isComplete: outcome === 'complete' }
  }

  /** The pipe is done with a message when it hands its last frame over: that frame may leave later. */
  #lastFrameEndMs(id: number, closedMs: number): number {
    const columns = this.#messages.columnsOf(id)
    const at = this.#messages.indexOf(id)
    const lastChunkMs = columns.lastChunkMs[at]!
    if (!Number.isNaN(lastChunkMs)) return lastChunkMs
    const firstMs = columns.firstFrameMs[at]!
    let lastMs = closedMs
    if (Number.isNaN(firstMs)) return lastMs
    visitLine(
      this.#chunks,
      { linkId: columns.linkIds[at]!, dir: 'out', fromMs: firstMs, toMs: firstMs },
      (frame) => {
        if (frame.messageId === id) lastMs = Math.max(lastMs, frame.endMs)
      },
    )
    return lastMs
  }

  #answers(messageId: number, requestId: number): boolean {
    if (messageId === 0 || messageId === requestId || !this.#messages.has(messageId)) return false
    const columns = this.#messages.columnsOf(messageId)
    const at = this.#messages.indexOf(messageId)
    return columns.partnerIds[at] === requestId && KINDS.word(columns.kinds[at]!) === 'response'
  }

  #partsOf(tally: TimeTally): ExplanationPart[] {
    return EXPLANATION_PARTS.flatMap((name): ExplanationPart[] => {
      const ms = tally.parts.get(name) ?? 0
      if (ms <= 0) return []
      const blocked =
        name === 'blocked' ? tally.blocked : name === 'answer-blocked' ? tally.answerBlocked : undefined
      if (blocked === undefined) return [{ name, ms, blockers: [], others: null }]
      const longestFirst = [...blocked.values()].sort((a, b) => b.ms - a.ms || a.messageId - b.messageId)
      const others = longestFirst.slice(MAX_NAMED_BLOCKERS)
      return [
        {
          name,
          ms,
          blockers: longestFirst.slice(0, MAX_NAMED_BLOCKERS).map((each) => this.#named(each)),
          others:
            others.length === 0
              ? null
              : {
                  messages: others.length,
                  ms: others.reduce((sum, each) => sum + each.ms, 0),
                  bytes: Math.round(others.reduce((sum, each) => sum + each.bytes, 0)),
                },
        },
      ]
    })
  }

  #named(blocked: BlockedTime): ExplainedBlocker {
    const { messageId, ms, bytes, frames, frameBytes } = blocked
    const message = this.#messages.has(messageId) ? laneMessage(this.#messages, messageId) : undefined
    return {
      messageId,
      route: message?.route ?? '',
      priority: message?.priority ?? null,
      hue: message?.hue ?? 0,
      ms,
      bytes: Math.round(bytes),
      frames,
      frameBytes,
    }
  }

  #lanesOf(facts: Facts, parts: readonly ExplanationPart[], spans: SpanLanes): ExplanationLane[] {
    const { id, partnerId } = facts
    const ids = new Map<number, ExplanationLane['role']>([[id, 'own']])
    if (facts.kind === 'request' && partnerId !== 0) ids.set(partnerId, 'answer')
    for (const { blockers } of parts) {
      for (const { messageId } of blockers) {
        if (messageId !== 0 && !ids.has(messageId)) ids.set(messageId, 'blocker')
      }
    }
    return [...ids].flatMap(([messageId, role]): ExplanationLane[] => {
      if (!this.#messages.has(messageId)) return []
      const { route, hue, dir } = laneMessage(this.#messages, messageId)
      return [{ messageId, route, hue, role, dir, spansMs: spans.spansOf(messageId) }]
    })
  }
}
