import type { ErrorCode } from '../../../shared/errors'
import type {
  FrameEvent,
  LinkStateEvent,
  MessageClosed,
  MessageOpened,
  RequestSettled,
  TraceEvent,
} from '../../../shared/model/trace'
import { Fifo } from '../pipe/fifo'
import { type AccountPart, type MessageAccount, Tally } from './message-account'

export interface AccountBookOptions {
  /** Messages with an open account. Default 10,000; beyond it the oldest is dropped. */
  readonly maxOpen?: number
  /** Once per message, when nothing more can be added. */
  onClosed?(account: MessageAccount): void
  /** The account was given up unfinished (`ACCOUNTS_TOO_MANY`). */
  onDropped?(messageKey: number, code: ErrorCode): void
}

/** Frames on their way that are not through yet: as many as a driver takes, and more. */
const MAX_SPANS = 4096

type Phase =
  /** Has bytes to hand over or on the line (out). */
  | 'sending'
  /** All bytes have been on the line; nothing of the answer, or of the next one, has come (out). */
  | 'sent'
  /** An answer is coming (out), or the message itself (in). */
  | 'receiving'

interface Entry {
  readonly tally: Tally
  readonly isRequest: boolean
  phase: Phase
  /** When the pipe was done with it; its last frame may still be on the line. */
  closedMs: number | null
  hasLastFrame: boolean
  hasAnswer: boolean
  /** Answers that are coming. */
  readonly answerKeys: Set<number>
}

/** An outgoing frame on the line. */
interface Span {
  readonly startMs: number
  readonly endMs: number
  readonly messageKey: number
  readonly isRepeat: boolean
  readonly isLast: boolean
}

/**
 * Keeps the closed account of every message of one link (design.md §5): an observer of the link's trace, behind the
 * stamping of line times. Pure; what it knows it knows from events, so it works on a recording as well.
 *
 * A dialect that confirms nothing (`lso`) does not tell when a request arrived: from its last byte to the first of the
 * answer is the peer's time, and unknown when no answer came. An unawaited request stays open until the link closes.
 */
export class AccountBook {
  readonly #options: AccountBookOptions
  readonly #maxOpen: number
  /** In order of opening. */
  readonly #open = new Map<number, Entry>()
  readonly #sending = new Set<Entry>()
  readonly #receiving = new Set<Entry>()
  /** Requests by the keys of their answers. */
  readonly #requests = new Map<number, Entry>()
  readonly #spans = new Fifo<Span>()
  /** Closed by the event before this one, and its last frame was not seen: it comes next, or never. */
  #justClosed: Entry | undefined
  #isConnected = true
  #nowMs = 0
  #droppedAccounts = 0

  constructor(options: AccountBookOptions = {}) {
    this.#options = options
    this.#maxOpen = options.maxOpen ?? 10_000
  }

  get openAccounts(): number {
    return this.#open.size
  }

  get droppedAccounts(): number {
    return this.#droppedAccounts
  }

  /** The account so far, up to the last event; undefined when the message is not known or was closed. */
  accountOf(messageKey: number): MessageAccount | undefined {
    const entry = this.#open.get(messageKey)
    if (entry === undefined) return undefined
    const copy: Entry = { ...entry, tally: entry.tally.copy() }
    this.#catchUp(copy, this.#nowMs)
    return copy.tally.toAccount(false)
  }

  observe(event: TraceEvent): void {
    this.#nowMs = Math.max(this.#nowMs, event.atMs)
    this.#pass(this.#nowMs)
    this.#settleJustClosed(event)
    switch (event.type) {
      case 'message-opened':
        this.#opened(event)
        return
      case 'frame':
        if (event.dir === 'out') this.#handedOver(event)
        else this.#received(event)
        return
      case 'message-closed':
        if (event.dir === 'out') this.#closedOut(event)
        else this.#closedIn(event)
        return
      case 'request-settled':
        this.#settled(event)
        return
      case 'link-state':
        this.#linkChanged(event)
        return
      default: // the others take no time of any message
    }
  }

  #opened({ messageKey, dir, kind, answersKey, atMs }: MessageOpened): void {
    const former = this.#open.get(messageKey)
    if (former !== undefined) this.#forget(former)
    const entry: Entry = {
      tally: new Tally(messageKey, dir, atMs),
      isRequest: dir === 'out' && kind === 'request',
      phase: dir === 'out' ? 'sending' : 'receiving',
      closedMs: null,
      hasLastFrame: false,
      hasAnswer: false,
      answerKeys: new Set(),
    }
    this.#open.set(messageKey, entry)
    ;(dir === 'out' ? this.#sending : this.#receiving).add(entry)
    const request = dir === 'in' ? this.#open.get(answersKey) : undefined
    if (request?.isRequest) {
      request.answerKeys.add(messageKey)
      this.#requests.set(messageKey, request)
    }
    if (this.#open.size > this.#maxOpen) this.#dropOldest()
  }

  #handedOver(frame: FrameEvent): void {
    const { startMs, endMs, messageKey, isLast, isRepeat = false } = frame
    this.#spans.push({ startMs, endMs, messageKey, isRepeat, isLast })
    const entry = this.#open.get(messageKey)
    if (entry !== undefined && isLast) entry.hasLastFrame = true
    if (entry !== undefined && isLast && entry.closedMs !== null && !entry.isRequest) {
      // Nothing can come before its last frame any more: the rest of the account is known now.
      this.#catchUp(entry, endMs)
      this.#close(entry, Math.max(endMs, entry.closedMs))
    }
    this.#pass(this.#nowMs)
  }

  #received(frame: FrameEvent): void {
    const { startMs, endMs, messageKey } = frame
    const own = this.#open.get(messageKey)
    if (own?.tally.dir === 'in') own.tally.startAt(startMs)
    const request = this.#requests.get(messageKey)
    if (request !== undefined) {
      request.hasAnswer = true
      if (request.phase === 'sent') {
        request.phase = 'receiving'
        this.#receiving.add(request)
      }
    }
    // On sockets nobody knows how long a frame took: it concerns only its own message.
    const concerned = endMs > startMs ? this.#receiving : [own, request]
    for (const entry of concerned) {
      if (entry === undefined || entry.phase !== 'receiving') continue
      entry.tally.add(this.#waitOf(entry), startMs)
      if (entry === own) entry.tally.add('wireMs', endMs)
      else if (entry === request) entry.tally.add('answerWireMs', endMs)
      else entry.tally.addBlocked(entry.isRequest ? 'answerBlockedMs' : 'blockedMs', messageKey, endMs)
    }
  }

  #closedOut({ messageKey, outcome, atMs }: MessageClosed): void {
    const entry = this.#open.get(messageKey)
    if (entry?.tally.dir !== 'out') return
    if (outcome !== 'complete') {
      this.#close(entry, atMs)
      return
    }
    entry.closedMs = atMs
    // The pipe closes a message when it hands its last frame over, just before that frame is seen.
    if (!entry.hasLastFrame) this.#justClosed = entry
    else if (!entry.isRequest) this.#close(entry, atMs)
  }

  #closedIn({ messageKey, outcome, atMs }: MessageClosed): void {
    const isWhole = outcome === 'complete'
    const request = this.#requests.get(messageKey)
    request?.answerKeys.delete(messageKey)
    if (request?.phase === 'receiving') {
      request.tally.add(isWhole ? 'decodeMs' : this.#waitOf(request), atMs)
      request.phase = 'sent'
      this.#receiving.delete(request)
    }
    const entry = this.#open.get(messageKey)
    if (entry?.tally.dir !== 'in') return
    if (isWhole) entry.tally.add('decodeMs', atMs)
    this.#close(entry, atMs)
  }

  #settled({ requestKey, atMs }: RequestSettled): void {
    const entry = this.#open.get(requestKey)
    if (entry !== undefined) this.#close(entry, atMs)
  }

  #linkChanged({ phase, atMs }: LinkStateEvent): void {
    const isConnected = phase === 'connected' || phase === 'listening'
    if (isConnected !== this.#isConnected) {
      for (const entry of this.#open.values()) this.#catchUp(entry, atMs)
      this.#isConnected = isConnected
      // What was handed over and not on the line will never be.
      this.#spans.clear()
    }
    if (phase === 'closed') for (const entry of [...this.#open.values()]) this.#close(entry, atMs)
  }

  /** A message that is closed without a last frame had nothing for the line (a dialect without heads). */
  #settleJustClosed(event: TraceEvent): void {
    const entry = this.#justClosed
    if (entry === undefined || event.type === 'queue') return
    this.#justClosed = undefined
    if (event.type === 'frame' && event.dir === 'out' && event.messageKey === entry.tally.messageKey) return
    if (entry.isRequest) {
      this.#catchUp(entry, entry.closedMs!)
      this.#sent(entry)
    } else this.#close(entry, entry.closedMs!)
  }

  /** Books what has been on the line by `nowMs` with everybody who waited for it. */
  #pass(nowMs: number): void {
    for (let span = this.#spans.peek(); span !== undefined; span = this.#spans.peek()) {
      if (span.endMs > nowMs && this.#spans.length <= MAX_SPANS) return
      this.#spans.shift()
      const own = this.#open.get(span.messageKey)
      if (span.endMs > span.startMs) for (const entry of this.#sending) this.#book(entry, span, span.endMs)
      if (own !== undefined && own.tally.dir === 'out') this.#book(own, span, span.endMs)
      if (own?.phase === 'sending' && span.isLast) this.#sent(own)
    }
  }

  /** @param untilMs - The part of the span before this time. */
  #book(entry: Entry, span: Span, untilMs: number): void {
    const { tally } = entry
    const isOwn = span.messageKey === tally.messageKey
    if (entry.phase !== 'sending' && !isOwn) return
    tally.add(
      isOwn && entry.phase !== 'sending' ? 'unknownMs' : this.#waitOf(entry),
      Math.min(span.startMs, untilMs),
    )
    if (!isOwn) tally.addBlocked('blockedMs', span.messageKey, Math.min(span.endMs, untilMs))
    else tally.add(span.isRepeat ? 'repeatedMs' : 'wireMs', Math.min(span.endMs, untilMs))
  }

  #sent(entry: Entry): void {
    this.#sending.delete(entry)
    entry.phase = 'sent'
    if (entry.hasAnswer && entry.answerKeys.size > 0) {
      entry.phase = 'receiving'
      this.#receiving.add(entry)
    }
  }

  /** Books everything up to `untilMs`, frames that are on the line included. */
  #catchUp(entry: Entry, untilMs: number): void {
    if (entry.tally.dir === 'out') for (const span of this.#spans) this.#book(entry, span, untilMs)
    entry.tally.add(this.#waitOf(entry), untilMs)
  }

  /** What a time is in which nothing of it is on the line. */
  #waitOf(entry: Entry): AccountPart {
    if (!this.#isConnected) return 'offlineMs'
    if (entry.phase === 'sending') return 'queuedMs'
    return entry.phase === 'sent' && !entry.isRequest ? 'unknownMs' : 'peerMs'
  }

  #close(entry: Entry, atMs: number): void {
    this.#catchUp(entry, atMs)
    if (entry.isRequest && !entry.hasAnswer) entry.tally.disownPeer()
    this.#forget(entry)
    this.#options.onClosed?.(entry.tally.toAccount(true))
  }

  #forget(entry: Entry): void {
    if (this.#justClosed === entry) this.#justClosed = undefined
    this.#open.delete(entry.tally.messageKey)
    this.#sending.delete(entry)
    this.#receiving.delete(entry)
    this.#requests.delete(entry.tally.messageKey)
    for (const key of entry.answerKeys) this.#requests.delete(key)
  }

  #dropOldest(): void {
    for (const entry of this.#open.values()) {
      this.#forget(entry)
      this.#droppedAccounts += 1
      this.#options.onDropped?.(entry.tally.messageKey, 'ACCOUNTS_TOO_MANY')
      return
    }
  }
}
