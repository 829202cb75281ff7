import { utf8 } from '../../../../shared/bytes'
import { STATUS_ERROR, STATUS_HEADER } from '../../../../shared/model/peer-error'
import type { Headers, MessageKind } from '../../../../shared/model/trace'
import {
  bodyOfValue,
  memberOf,
  packedData,
  packMap,
  readAnswer,
  readCall,
  readMessage,
  readMessageAnswer,
  textMember,
} from './content/envelope'
import type { ControlLine } from './control-line'
import type { OpenCalls } from './open-calls'
import { answeredType, messageRoute, rpcRoute, streamRoute } from './routes'
import { STREAM_CLOSED, STREAM_DATA, SUBSCRIBE, type Streams, UNSUBSCRIBE, wrapped } from './streams'
import type { WireFrame } from './wire/frame-decoder'

/** A message as it came, before the stack knows it. */
export interface NewMessage {
  readonly ref: string
  readonly route: string
  readonly kind: MessageKind
  readonly correlationId: string
  readonly headers: Headers
  readonly body: Uint8Array
  readonly isSubscription?: boolean
  /** Answers a subscription that has no other answer. */
  readonly isOneAnswerOfMany?: boolean
  /** Its key is known, and nobody has seen it yet. */
  readonly began?: (messageKey: number) => void
}

export interface ReceivedFramesPort {
  readonly isReading: boolean
  readonly isServer: boolean
  readonly control: ControlLine
  readonly calls: OpenCalls
  readonly streams: Streams
  deliver(message: NewMessage, frame: WireFrame): void
  /** The frame concerns no message. */
  noted(frame: WireFrame): void
  answerBegan(messageKey: number): void
  paused(isPaused: boolean): void
  pong(nowMs: number): void
}

const NO_HEADERS: Headers = Object.freeze(Object.create(null) as Headers)

/** What frames mean once both sides know each other. */
export class ReceivedFrames {
  readonly #port: ReceivedFramesPort
  #messages = 0

  constructor(port: ReceivedFramesPort) {
    this.#port = port
  }

  take(frame: WireFrame, nowMs: number): void {
    switch (frame.header.kind) {
      case 'message':
        this.#message(frame, nowMs)
        return
      case 'rpc-request':
        this.#call(frame, nowMs)
        return
      case 'rpc-response':
      case 'rpc-error':
        this.#answer(frame, nowMs)
        return
      default:
        this.#port.noted(frame)
        this.#control(frame, nowMs)
    }
  }

  #control({ header }: WireFrame, nowMs: number): void {
    const port = this.#port
    if (port.isReading) return
    if (header.kind === 'ping') port.control.add('pong')
    else if (header.kind === 'pong') port.pong(nowMs)
    else if (header.kind === 'pause') port.paused(true)
    else if (header.kind === 'resume') port.paused(false)
    // The others mean nothing here, as in the library.
  }

  #message(frame: WireFrame, nowMs: number): void {
    const { body } = frame
    const { type, data } = readMessage(body)
    if (type === undefined) {
      // Nobody can have a handler for it.
      this.#deliver(frame, { route: messageRoute(''), kind: 'event', body: data })
      return
    }
    if (type === STREAM_DATA && this.#item(frame)) return
    if (type === STREAM_CLOSED) this.#port.streams.ended(textMember(packedData(body), 'stream') ?? '', nowMs)
    const answered = answeredType(type)
    const open = answered === undefined ? undefined : this.#port.calls.answeredMessage(answered)
    const route = messageRoute(type)
    if (open !== undefined) {
      const { correlationId, isSubscription: isOneAnswerOfMany } = open
      this.#deliver(frame, {
        isOneAnswerOfMany,
        route,
        kind: 'response',
        correlationId,
        ...readMessageAnswer(packedData(body)),
      })
      return
    }
    // The library sends back what a server's handler returns, and drops what a client's does. An answer is never answered.
    const isRequest = this.#port.isServer && answered === undefined && type !== STREAM_CLOSED
    const correlationId = isRequest ? `${type}#${this.#messages + 1}` : ''
    this.#deliver(frame, { route, kind: isRequest ? 'request' : 'event', correlationId, body: data })
  }

  /** False when nobody here subscribed to its stream. */
  #item(frame: WireFrame): boolean {
    const data = packedData(frame.body)
    const name = textMember(data, 'stream') ?? ''
    const takers = this.#port.streams.takersOf(name)
    const item = memberOf(data, 'data')
    for (const [index, { correlationId }] of takers.entries()) {
      const body = item === undefined ? utf8('null') : bodyOfValue(item)
      // Its bytes came once, whoever takes them.
      const own = index === 0 ? frame : { ...frame, wireBytes: 0 }
      this.#deliver(own, { route: streamRoute(name), kind: 'response', correlationId, body })
    }
    return takers.length > 0
  }

  #call(frame: WireFrame, nowMs: number): void {
    const { isReading, streams, control } = this.#port
    const { correlationId: id } = frame.header
    const { method, params } = readCall(frame.body)
    const correlationId = `p${id}`
    const isOfStream = !isReading && (method === SUBSCRIBE || method === UNSUBSCRIBE)
    const name = isOfStream ? streamName(params) : ''
    if (method === SUBSCRIBE && name !== '' && streams.hasRoom) {
      const began = (messageKey: number): void => streams.asked(messageKey, name, id)
      const route = streamRoute(name)
      this.#deliver(frame, {
        route,
        kind: 'request',
        correlationId,
        body: params,
        isSubscription: true,
        began,
      })
    } else if (method === UNSUBSCRIBE && name !== '') {
      this.#port.noted(frame)
      streams.declined(name, nowMs)
      control.add('rpc-response', wrapped(packMap({ unsubscribed: true })), id)
    } else {
      this.#deliver(frame, { route: rpcRoute(method), kind: 'request', correlationId, body: params })
    }
  }

  #answer(frame: WireFrame, nowMs: number): void {
    const { calls, streams, isReading } = this.#port
    const { correlationId: id } = frame.header
    const said = readAnswer(frame.body)
    const open = calls.answeredCall(id)
    if (open === undefined) {
      if (calls.isSilent(id)) this.#port.noted(frame)
      else
        this.#deliver(frame, {
          route: '',
          kind: 'response',
          correlationId: isReading ? `p${id}` : '',
          ...said,
        })
      return
    }
    const { messageKey, correlationId, route, isSubscription: isOneAnswerOfMany } = open
    if (!streams.isTaker(messageKey)) {
      this.#deliver(frame, { route, kind: 'response', correlationId, isOneAnswerOfMany, ...said })
      return
    }
    this.#port.noted(frame)
    // Python answers a stream that it does not know with success, and an error in it.
    const isRefused =
      said.headers[STATUS_HEADER] === STATUS_ERROR ||
      new TextDecoder().decode(said.body).startsWith('{"error"')
    if (isRefused) streams.refused(messageKey, nowMs)
    else this.#port.answerBegan(messageKey)
  }

  #deliver(
    frame: WireFrame,
    message: Omit<NewMessage, 'ref' | 'headers' | 'correlationId'> &
      Partial<Pick<NewMessage, 'headers' | 'correlationId'>>,
  ): void {
    this.#messages += 1
    const ref = `p${this.#messages}`
    this.#port.deliver({ headers: NO_HEADERS, correlationId: '', ...message, ref }, frame)
  }
}

/** Empty where there is none. */
function streamName(params: Uint8Array): string {
  let given: unknown
  try {
    given = JSON.parse(new TextDecoder().decode(params))
  } catch {
    return ''
  }
  const name = (given as { readonly stream_name?: unknown } | null)?.stream_name
  return typeof name === 'string' ? name : ''
}
