import type { Direction } from '../../../shared/model/trace'

/**
 * Where the time of a message went, in ms. Every instant is in exactly one part, the first that applies, so the parts add
 * up to `untilMs - openedMs`. What cannot be known is called unknown.
 */
export interface AccountParts {
  /** There was no connection. */
  offlineMs: number
  /** It waited here although nothing else was on the line: our lateness. On sockets, where nobody sees the line, all of its wait. */
  queuedMs: number
  /** It waited (or, incoming, was not whole yet) while frames of others were on the line, see `blockedBy`. */
  blockedMs: number
  /** Its own frames were on the line for the first time. 0 on sockets. */
  wireMs: number
  /** Its own frames were on the line again, because they had got lost. */
  repeatedMs: number
  /**
   * Of a request: from its last byte on the line to the first byte of the answer, and pauses of the answer; on sockets
   * with the way there and back. Of an incoming message: pauses between its frames.
   */
  peerMs: number
  /** Frames of the answer were on the line. */
  answerWireMs: number
  /** Frames of others were on the line while the answer had begun and was not whole. */
  answerBlockedMs: number
  /** From the last byte on the line to the moment when somebody was told: reading late, decoding. */
  decodeMs: number
  /** The request was out, and nothing ever came back: lost there, at the peer, or on the way back. */
  unknownMs: number
}

export type AccountPart = keyof AccountParts

export interface Blocker {
  /** 0: frames that belong to no message, and those of further messages when more than `MAX_BLOCKERS` were in the way. */
  readonly messageKey: number
  readonly ms: number
}

export interface MessageAccount {
  readonly messageKey: number
  readonly dir: Direction
  readonly openedMs: number
  /**
   * Up to here everything is accounted for: the end of the message when it is closed (of a request: when it was settled; of
   * another outgoing message: the end of its last frame on the line, or later when it was confirmed).
   */
  readonly untilMs: number
  readonly isClosed: boolean
  readonly parts: Readonly<AccountParts>
  /** Longest first. Adds up to `blockedMs` and `answerBlockedMs`. */
  readonly blockedBy: readonly Blocker[]
}

/** Messages named as blockers of one message. */
export const MAX_BLOCKERS = 64

/** Parts by name, in the order in which they should be drawn. */
export const ACCOUNT_PARTS: readonly AccountPart[] = [
  'offlineMs',
  'queuedMs',
  'blockedMs',
  'wireMs',
  'repeatedMs',
  'peerMs',
  'answerBlockedMs',
  'answerWireMs',
  'decodeMs',
  'unknownMs',
]

/** An account in the making: time is only ever added at its end, so nothing is counted twice or left out. */
export class Tally {
  readonly messageKey: number
  readonly dir: Direction
  #openedMs: number
  #untilMs: number
  readonly #parts: AccountParts
  readonly #blockers: Map<number, number>

  constructor(messageKey: number, dir: Direction, openedMs: number, copyOf?: Tally) {
    this.messageKey = messageKey
    this.dir = dir
    this.#openedMs = openedMs
    this.#untilMs = copyOf?.untilMs ?? openedMs
    this.#parts = copyOf ? { ...copyOf.#parts } : emptyParts()
    this.#blockers = new Map(copyOf ? copyOf.#blockers : [])
  }

  get untilMs(): number {
    return this.#untilMs
  }

  copy(): Tally {
    return new Tally(this.messageKey, this.dir, this.#openedMs, this)
  }

  /** It began earlier than it was noticed. Only before anything was added. */
  startAt(openedMs: number): void {
    if (this.#untilMs !== this.#openedMs || openedMs >= this.#openedMs) return
    this.#openedMs = openedMs
    this.#untilMs = openedMs
  }

  /** Everything from where the account stands up to `untilMs` was this. Nothing when that lies behind it. */
  add(part: AccountPart, untilMs: number): void {
    if (untilMs <= this.#untilMs) return
    this.#parts[part] += untilMs - this.#untilMs
    this.#untilMs = untilMs
  }

  addBlocked(part: 'blockedMs' | 'answerBlockedMs', byKey: number, untilMs: number): void {
    if (untilMs <= this.#untilMs) return
    const blockers = this.#blockers
    const key = blockers.has(byKey) || blockers.size < MAX_BLOCKERS ? byKey : 0
    blockers.set(key, (blockers.get(key) ?? 0) + untilMs - this.#untilMs)
    this.add(part, untilMs)
  }

  /** What looked like the peer's time was not: nothing shows that the peer had anything to do with it. */
  disownPeer(): void {
    this.#parts.unknownMs += this.#parts.peerMs
    this.#parts.peerMs = 0
  }

  toAccount(isClosed: boolean): MessageAccount {
    const blockedBy = [...this.#blockers].map(([messageKey, ms]) => ({ messageKey, ms }))
    return {
      messageKey: this.messageKey,
      dir: this.dir,
      openedMs: this.#openedMs,
      untilMs: this.#untilMs,
      isClosed,
      parts: { ...this.#parts },
      blockedBy: blockedBy.sort((a, b) => b.ms - a.ms),
    }
  }
}

const emptyParts = (): AccountParts => ({
  offlineMs: 0,
  queuedMs: 0,
  blockedMs: 0,
  wireMs: 0,
  repeatedMs: 0,
  peerMs: 0,
  answerWireMs: 0,
  answerBlockedMs: 0,
  decodeMs: 0,
  unknownMs: 0,
})
