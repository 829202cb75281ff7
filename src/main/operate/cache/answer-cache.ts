import { createHash } from 'node:crypto'
import type { CachedAnswer } from '../../../shared/model/cache'
import { peerErrorOf } from '../../../shared/model/peer-error'
import type { Headers, LosslessJson } from '../../../shared/model/trace'
import type { Clock } from '../../../shared/model/clock'
import type { CachingRules } from './caching-rules'
import { formatOfBody, shortValue } from './cache-value'
import type { OperatedCache } from './operated-cache'

/** Requests under way that others may join. */
const MAX_JOINABLE = 10_000
/** Larger answers are not kept by a rule. */
export const MAX_KEPT_ANSWER_BYTES = 4 * 1024 * 1024
const DIGEST_DIGITS = 12

export interface AskedRequest {
  /** Name of the link, as filters say it. */
  readonly linkName: string
  readonly route: string
  readonly body: Uint8Array
  readonly headers: Headers
}

export interface GivenAnswer {
  readonly messageId: number
  readonly headers: Headers
  readonly body: Uint8Array
}

/** What a rule makes of a request. */
export type AnswerPlan =
  /** A fresh answer is there; nothing needs to go over the wire. */
  | { readonly kind: 'served'; readonly answer: CachedAnswer; readonly body: Uint8Array }
  /** The same request is under way. */
  | { readonly kind: 'joined'; readonly requestId: number }
  /** It has to be sent; say with which number, and how it ended. Both must be called. */
  | {
      readonly kind: 'send'
      readonly began: (requestId: number) => void
      /** Null: there was no answer, and nothing is kept. */
      readonly ended: (answer: GivenAnswer | null) => void
    }

/** Serves answers by the rules of the workspace, and sees to it that equal requests at the same time are one on the wire. */
export class AnswerCache {
  readonly #cache: OperatedCache
  readonly #rules: CachingRules
  readonly #clock: Clock
  /** Requests under way by the digest of what is asked. */
  readonly #flights = new Map<string, { requestId: number }>()

  constructor(cache: OperatedCache, rules: CachingRules, clock: Clock) {
    this.#cache = cache
    this.#rules = rules
    this.#clock = clock
  }

  /** Null: no rule is for this request. @param reader - Who asks, in words. */
  plan(request: AskedRequest, reader: string): AnswerPlan | null {
    const rule = this.#rules.ruleFor(request.route, request.linkName)
    if (rule === undefined) return null
    const chosen = rule.headers.map((name) => [name, plain(request.headers[name])] as const)
    const digest = createHash('sha256')
      .update(JSON.stringify([request.linkName, request.route, chosen]))
      .update(request.body)
      .digest('hex')
    const key = keyOf(request, chosen.length > 0, digest)
    const kept = this.#cache.read(key, reader)
    if (kept !== undefined && (kept.requestDigest === digest || kept.requestDigest === '')) {
      const ageMs = this.#clock.nowMs() - kept.setAtMs
      const { messageId, bytes } = kept
      const answer = { key, ageMs, messageId, bytes: bytes.length, preview: shortValue(kept) }
      return { kind: 'served', answer, body: bytes }
    }
    const flight = this.#flights.get(digest)
    if (flight !== undefined && flight.requestId > 0) return { kind: 'joined', requestId: flight.requestId }
    const own = { requestId: 0 }
    return {
      kind: 'send',
      began: (requestId) => {
        own.requestId = requestId
        if (this.#flights.size < MAX_JOINABLE) this.#flights.set(digest, own)
      },
      ended: (answer) => {
        if (this.#flights.get(digest) === own) this.#flights.delete(digest)
        if (answer === null || answer.body.length > MAX_KEPT_ANSWER_BYTES) return
        if (peerErrorOf(answer) !== undefined) return // a failure is asked for again
        this.#cache.set(key, {
          bytes: answer.body,
          format: formatOfBody(answer.body),
          ttlMs: rule.serveMs,
          writer: { kind: 'rule', name: rule.route, messageId: answer.messageId },
          requestDigest: digest,
        })
      },
    }
  }
}

/** A header as text that no other value has. */
const plain = (value: LosslessJson | undefined): string | null =>
  value === undefined
    ? null
    : JSON.stringify(value, (_name, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part))

/** `answers/demo/sys.info`; with the digest of what else was asked where there is more than link and route. */
function keyOf({ linkName, route, body }: AskedRequest, hasHeaders: boolean, digest: string): string {
  const place = `answers/${linkName.replaceAll('/', '_').slice(0, 200)}/${route.replaceAll('/', '_').slice(0, 700)}`
  return body.length === 0 && !hasHeaders ? place : `${place}/${digest.slice(0, DIGEST_DIGITS)}`
}
