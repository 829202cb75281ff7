import { utf8 } from '../shared/bytes'
import type {
  ClockSample,
  FaultEvent,
  FrameEvent,
  LinkStateEvent,
  MessageClosed,
  MessageOpened,
  QueueEvent,
  RequestSettled,
  SessionEvent,
  TraceObserver,
} from '../shared/model/trace'

type Given<E, K extends keyof E> = Pick<E, K> & Partial<E>

/** Writes trace events by hand: what a test does not care about gets a plain value, `nowMs` is the time of all. */
export class TraceScript {
  nowMs = 0
  readonly #observe: TraceObserver
  readonly #linkId: number

  constructor(observe: TraceObserver, linkId = 1) {
    this.#observe = observe
    this.#linkId = linkId
  }

  // Field by field here and below: many tests write tens of thousands of events, and spreading objects is slow.
  opened(given: Given<MessageOpened, 'messageKey'>): void {
    this.#observe({
      type: 'message-opened',
      linkId: this.#linkId,
      atMs: this.nowMs,
      dir: given.dir ?? 'out',
      messageKey: given.messageKey,
      ref: given.ref ?? `ref${given.messageKey}`,
      route: given.route ?? 'echo',
      kind: given.kind ?? 'event',
      priority: given.priority ?? 3,
      headers: given.headers ?? {},
      correlationId: given.correlationId ?? '',
      declaredBytes: given.declaredBytes ?? null,
      answersKey: given.answersKey ?? 0,
    })
  }

  frame(given: Partial<FrameEvent>): void {
    const startMs = given.startMs ?? this.nowMs
    const payloadBytes = given.payloadBytes ?? 100
    this.#observe({
      type: 'frame',
      linkId: this.#linkId,
      atMs: this.nowMs,
      dir: given.dir ?? 'out',
      frameKind: given.frameKind ?? 'data',
      streamOffset: given.streamOffset ?? 0,
      wireBytes: given.wireBytes ?? payloadBytes + 10,
      payloadBytes,
      ref: given.ref ?? '',
      messageKey: given.messageKey ?? 0,
      chunkIndex: given.chunkIndex ?? (payloadBytes === 0 ? -1 : 0),
      bodyOffset: given.bodyOffset ?? 0,
      isLast: given.isLast ?? false,
      isRepeat: given.isRepeat ?? false,
      startMs,
      endMs: given.endMs ?? startMs,
    })
  }

  /** @param body - Text or bytes; `bodyBytes` follows from it unless given. */
  closed(given: Given<Omit<MessageClosed, 'body'>, 'messageKey'>, body: string | Uint8Array = ''): void {
    const bytes = typeof body === 'string' ? utf8(body) : body
    this.#observe({
      type: 'message-closed',
      linkId: this.#linkId,
      atMs: this.nowMs,
      dir: given.dir ?? 'out',
      messageKey: given.messageKey,
      outcome: given.outcome ?? 'complete',
      code: given.code ?? null,
      bodyBytes: given.bodyBytes ?? bytes.length,
      body: bytes,
    })
  }

  settled(given: Given<RequestSettled, 'requestKey'>): void {
    this.#observe({
      ...this.#base(),
      type: 'request-settled',
      answerKey: 0,
      code: null,
      roundTripMs: 0,
      ...given,
    })
  }

  fault(given: Partial<FaultEvent> = {}): void {
    this.#observe({
      ...this.#base(),
      type: 'fault',
      dir: 'in',
      code: 'LSO_BAD_JSON',
      streamOffset: 0,
      lostBytes: 0,
      ref: '',
      detail: '',
      ...given,
    })
  }

  state(phase: LinkStateEvent['phase'], given: Partial<LinkStateEvent> = {}): void {
    this.#observe({ ...this.#base(), type: 'link-state', phase, url: '', code: null, detail: '', ...given })
  }

  queue(queuedBytes: number, given: Partial<QueueEvent> = {}): void {
    this.#observe({ ...this.#base(), type: 'queue', queuedBytes, queuedMessages: 1, ...given })
  }

  session(phase: SessionEvent['phase'], given: Partial<SessionEvent> = {}): void {
    this.#observe({
      ...this.#base(),
      type: 'session',
      phase,
      code: null,
      detail: '',
      peerIdentity: '',
      isResumed: false,
      ...given,
    })
  }

  clockSample(given: Partial<ClockSample>): void {
    this.#observe({
      ...this.#base(),
      type: 'clock-sample',
      offsetMs: 0,
      uncertaintyMs: 0,
      roundTripMs: 0,
      driftPpm: null,
      ...given,
    })
  }

  bytes(dir: 'in' | 'out', byteCount: number): void {
    const bytes = new Uint8Array(byteCount)
    this.#observe({ ...this.#base(), type: 'bytes', dir, streamOffset: 0, byteCount: bytes.length, bytes })
  }

  /** A message that is opened, sent in one chunk and closed at once. */
  message(given: Given<MessageOpened, 'messageKey'>, body: string | Uint8Array = ''): void {
    const { messageKey, dir = 'out' } = given
    const payloadBytes = typeof body === 'string' ? utf8(body).length : body.length
    this.opened({ declaredBytes: payloadBytes, ...given })
    this.frame({ messageKey, dir, payloadBytes, isLast: true })
    this.closed({ messageKey, dir }, body)
  }

  #base(): { linkId: number; atMs: number } {
    return { linkId: this.#linkId, atMs: this.nowMs }
  }
}
