import type { ErrorCode } from '../../../../shared/errors'
import { DEFAULT_PRIORITY } from '../../../../shared/model/trace'
import { type IncomingTrace, NO_BODY } from '../../pipe/incoming-trace'
import type { PipeOwner } from '../../pipe/pipe'
import type { IncomingHead } from '../codec'
import type { Asked } from './asked'
import { alarmDraft, answerOfAlarm } from './content/alarms'
import { headersOfMeta, type MetaEscape, pieceOfMeta } from './content/headers'
import type { ControlLine } from './control-line'
import { type Beginning, extentOf, type Joining } from './joining'
import type { OurRequests } from './our-requests'
import { PRESSURE_CODE } from './session/close-codes'
import type { WireFrame } from './wire/frame-decoder'

export interface ReceivedFramesParts {
  readonly isReading: boolean
  readonly metaEscape: MetaEscape
  /** Path of the session; empty for whoever only reads. */
  path(): string
  readonly owner: PipeOwner
  readonly trace: IncomingTrace
  readonly joining: Joining
  readonly control: ControlLine
  readonly asked: Asked
  readonly ours: OurRequests
  /** The peer wants us to hold on for a moment. */
  pressed(wire: WireFrame, text: string): void
}

/** What the messages of an open session mean: who asks, who answers, and what went wrong at the peer. */
export class ReceivedFrames {
  readonly #parts: ReceivedFramesParts

  constructor(parts: ReceivedFramesParts) {
    this.#parts = parts
  }

  /** False: it is none of these, but a frame of the session. */
  take(wire: WireFrame): boolean {
    switch (wire.frame.kind) {
      case 'message':
      case 'request':
      case 'subscribe':
        this.#asking(wire, wire.frame.kind)
        return true
      case 'reply':
      case 'reply-end':
        this.#answered(wire)
        return true
      case 'alarm':
      case 'pressure':
        this.#alarmed(wire)
        return true
      default:
        return false
    }
  }

  /** The frame concerns no message. */
  noted(wire: WireFrame): void {
    const { kind, sid } = wire.frame
    this.#parts.trace.frame({ frameKind: kind, ...extentOf(wire) }, sid, 0, NO_BODY)
  }

  #asking(wire: WireFrame, kind: 'message' | 'request' | 'subscribe'): void {
    const { asked, isReading } = this.#parts
    const { sid, event, meta } = wire.frame
    const isSubscription = kind === 'subscribe'
    if (kind === 'message') {
      this.#deliver(wire, { head: this.#headOf(wire, 'event', '') })
      return
    }
    const head = { ...this.#headOf(wire, 'request', sid), isSubscription }
    if (isReading) {
      this.#deliver(wire, { head })
      return
    }
    this.#deliver(wire, {
      head,
      began: (messageKey) => {
        asked.add(messageKey, { sid, event, meta, isSubscription })
      },
      over: (_messageKey, _answersKey, code) => {
        if (code !== null && code !== 'MESSAGE_INTERRUPTED') this.#refuse(sid, event, code)
      },
    })
  }

  /** Who asked should not wait for an answer that can not come. */
  #refuse(sid: string, event: string, code: ErrorCode): void {
    const { kind, meta, data } = alarmDraft(code, 'the request did not arrive whole', '')
    this.#parts.control.add(kind, sid, event, meta, data)
  }

  #answered(wire: WireFrame): void {
    const { owner, trace, ours } = this.#parts
    const { sid, kind, data, meta } = wire.frame
    const open = ours.get(sid)
    const isEnd = kind === 'reply-end'
    if (isEnd && data.length === 0 && meta === '' && open?.isSubscription === true) {
      this.noted(wire)
      ours.done(open.messageKey)
      owner.answersEnded(open.messageKey, null, trace.nowMs)
      return
    }
    this.#deliver(wire, {
      head: this.#headOf(wire, 'response', sid),
      over: (_messageKey, answersKey, code) => {
        if (answersKey === 0) return
        if (isEnd || open?.isSubscription !== true) ours.done(answersKey)
        if (isEnd && code === null) owner.answersEnded(answersKey, null, trace.nowMs)
      },
    })
  }

  #alarmed(wire: WireFrame): void {
    const { isReading, owner, trace, joining, ours } = this.#parts
    const { sid, meta, data, kind } = wire.frame
    const { number, headers, body, text } = answerOfAlarm(meta, data)
    const isPressure = kind === 'pressure' || number === String(PRESSURE_CODE)
    if (isPressure && !isReading) this.#parts.pressed(wire, text)
    if (!isReading && ours.get(sid) === undefined) {
      this.noted(wire)
      if (isPressure) return
      const detail = `${number === '' ? 'no code' : number}: ${text.slice(0, 500)}`
      trace.fault('SOCKETD_ALARM', wire.streamOffset, 0, sid, detail)
      return
    }
    const head = { ...this.#headOf(wire, 'response', sid), headers, declaredBytes: body.length }
    const over = (_messageKey: number, answersKey: number): void => {
      if (answersKey === 0) return
      ours.done(answersKey)
      owner.answersEnded(answersKey, null, trace.nowMs)
    }
    joining.whole({ head, over }, wire, body)
  }

  #headOf({ frame }: WireFrame, kind: IncomingHead['kind'], correlationId: string): IncomingHead {
    const { sid: ref, event: route, data, meta } = frame
    const headers = headersOfMeta(meta, this.#parts.metaEscape)
    const declaredBytes = data.length
    const path = this.#parts.path()
    return { ref, route, kind, priority: DEFAULT_PRIORITY, correlationId, headers, declaredBytes, path }
  }

  #deliver(wire: WireFrame, beginning: Beginning): void {
    const { joining } = this.#parts
    const { meta, data } = wire.frame
    const piece = pieceOfMeta(meta)
    // Some peers give back a message with the metas of its first piece, and all of its data.
    if (piece === undefined || (piece.index === 1 && piece.dataLength === data.length)) {
      joining.whole(beginning, wire, data)
    } else joining.piece(beginning, piece, wire)
  }
}
