import { utf8 } from '../shared/bytes'
import type {
  FaultEvent,
  FrameEvent,
  LinkStateEvent,
  MessageClosed,
  MessageOpened,
  QueueEvent,
  RequestSettled,
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

  opened(given: Given<MessageOpened, 'messageKey'>): void {
    this.#observe({
      ...this.#base(),
      type: 'message-opened',
      dir: 'out',
      ref: `ref${given.messageKey}`,
      route: 'echo',
      kind: 'event',
      priority: 3,
      headers: {},
      correlationId: '',
      declaredBytes: null,
      answersKey: 0,
      ...given,
    })
  }

  frame(given: Partial<FrameEvent>): void {
    const startMs = given.startMs ?? this.nowMs
    const payloadBytes = given.payloadBytes ?? 100
    this.#observe({
      ...this.#base(),
      type: 'frame',
      dir: 'out',
      frameKind: 'data',
      streamOffset: 0,
      wireBytes: payloadBytes + 10,
      ref: '',
      messageKey: 0,
      chunkIndex: payloadBytes === 0 ? -1 : 0,
      bodyOffset: 0,
      isLast: false,
      endMs: startMs,
      ...given,
      startMs,
      payloadBytes,
    })
  }

  /** @param body - Text or bytes; `bodyBytes` follows from it unless given. */
  closed(given: Given<Omit<MessageClosed, 'body'>, 'messageKey'>, body: string | Uint8Array = ''): void {
    const bytes = typeof body === 'string' ? utf8(body) : body
    this.#observe({
      ...this.#base(),
      type: 'message-closed',
      dir: 'out',
      outcome: 'complete',
      code: null,
      bodyBytes: bytes.length,
      ...given,
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

  bytes(dir: 'in' | 'out', byteCount: number): void {
    const bytes = new Uint8Array(byteCount)
    this.#observe({ ...this.#base(), type: 'bytes', dir, streamOffset: 0, bytes })
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
