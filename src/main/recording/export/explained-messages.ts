import type { Explanation } from '../../../shared/model/explanation'
import type { LineRate } from '../../../shared/model/line-rate'
import type { MessageClosed, MessageOpened, RequestSettled, TraceEvent } from '../../../shared/model/trace'
import { Capture } from '../../capture/capture'
import { lineRateOfUrl } from './line-rate-of-url'

/** A message is explained when it ends: of what came before it, no more than this can have been in its way. */
const KEPT = { messages: 4096, chunks: 65_536, bodyBytes: 1024 * 1024 }
/** Requests whose answer is awaited at most. */
const MAX_WAITING = 65_536

export interface ExplainedMessage {
  readonly message: number
  readonly route: string
  readonly kind: string
  readonly dir: string
  readonly priority: number
  readonly ref: string
  readonly bytes: number
  readonly status: string
  readonly code: string | null
  readonly duration_ms: number
  readonly rtt_ms: number | null
  readonly blocked_ms: number | null
  /** Number of the message that answered, or 0. */
  readonly partner: number
}

/** Numbers messages as the console does, and says of each where its time went. */
export class ExplainedMessages {
  readonly #capture = new Capture(KEPT)
  readonly #rates = new Map<number, LineRate | null>()
  readonly #waiting = new Map<
    string,
    { readonly opened: MessageOpened; readonly closed: MessageClosed | null }
  >()

  /** Takes every event, in order, before it is asked about. */
  observe(event: TraceEvent): void {
    if (event.type === 'link-state') this.#rates.set(event.linkId, lineRateOfUrl(event.url))
    this.#capture.observe(event)
    const key = event.type === 'message-opened' || event.type === 'message-closed' ? keyOf(event) : ''
    if (event.type === 'message-opened' && event.kind === 'request' && event.dir === 'out') {
      this.#waiting.set(key, { opened: event, closed: null })
      const oldest = this.#waiting.size > MAX_WAITING ? this.#waiting.keys().next().value : undefined
      if (oldest !== undefined) this.#waiting.delete(oldest)
    }
    const waiting = event.type === 'message-closed' ? this.#waiting.get(key) : undefined
    if (event.type === 'message-closed' && waiting) this.#waiting.set(key, { ...waiting, closed: event })
  }

  /** Number of the message in the console; 0 when it is not known. */
  numberOf(linkId: number, messageKey: number): number {
    return this.#capture.messageIdOf(linkId, messageKey)
  }

  /** Where its time went; null when it is not kept. */
  explain(messageId: number, linkId: number, nowMs: number): Explanation | null {
    if (messageId === 0) return null
    try {
      return this.#capture.explain(messageId, nowMs, this.#rates.get(linkId) ?? null)
    } catch {
      return null
    }
  }

  /** A message that ended and that nobody waits for. */
  ended(closed: MessageClosed, opened: MessageOpened): ExplainedMessage {
    return this.#told(opened, closed, closed.atMs, null)
  }

  /** A request whose answer came, or did not; null when it is not known. */
  settled(event: RequestSettled): ExplainedMessage | null {
    const key = `${event.linkId} ${event.requestKey}`
    const waiting = this.#waiting.get(key)
    this.#waiting.delete(key)
    return waiting === undefined ? null : this.#told(waiting.opened, waiting.closed, event.atMs, event)
  }

  #told(
    opened: MessageOpened,
    closed: MessageClosed | null,
    untilMs: number,
    settled: RequestSettled | null,
  ): ExplainedMessage {
    const { linkId, messageKey, route, kind, dir, priority, ref, atMs } = opened
    const message = this.numberOf(linkId, messageKey)
    const blocked = this.explain(message, linkId, untilMs)?.parts.filter(({ name }) => name === 'blocked')
    return {
      message,
      route,
      kind,
      dir,
      priority,
      ref,
      bytes: closed?.bodyBytes ?? 0,
      status: settled !== null && settled.code !== null ? 'unanswered' : (closed?.outcome ?? 'unfinished'),
      code: settled?.code ?? closed?.code ?? null,
      duration_ms: untilMs - atMs,
      rtt_ms: settled === null || settled.answerKey === 0 ? null : settled.roundTripMs,
      blocked_ms: blocked === undefined ? null : blocked.reduce((sum, { ms }) => sum + ms, 0),
      partner: settled === null ? 0 : this.numberOf(linkId, settled.answerKey),
    }
  }
}

const keyOf = ({ linkId, messageKey }: { readonly linkId: number; readonly messageKey: number }): string =>
  `${linkId} ${messageKey}`
