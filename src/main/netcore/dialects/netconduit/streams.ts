import { concatBytes, utf8 } from '../../../../shared/bytes'
import { jsonToMsgpack } from '../../../../shared/body/json-to-msgpack'
import type { PipeOwner } from '../../pipe/pipe'
import { packedBody } from './content/body-value'
import { callParts, messageParts, packMap, type Parts, readMap } from './content/envelope'
import type { ControlLine } from './control-line'
import type { OpenCall, OpenCalls } from './open-calls'
import { mapHead, PACKED_TRUE, packText } from './wire/pack-writer'

export const SUBSCRIBE = 'stream_subscribe'
export const UNSUBSCRIBE = 'stream_unsubscribe'
export const STREAM_DATA = 'stream_data'
export const STREAM_CLOSED = 'stream_closed'

/** Subscriptions of one peer at a time. */
const MOST_SERVED = 1024

interface Served {
  readonly incomingKey: number
  readonly name: string
  readonly callId: bigint
  /** The call that asked was answered. */
  isConfirmed: boolean
  /** Items that wait to leave: the end goes behind them. */
  waitingItems: number
  isEnding: boolean
}

/**
 * Streams, a convention over calls and messages: subscribing is a call, items are messages that name their stream. Python
 * sends items to everybody and unsubscribes nobody; here both mean what they say.
 */
export class Streams {
  readonly #owner: PipeOwner
  readonly #control: ControlLine
  readonly #calls: OpenCalls
  /** Ours, by the name of the stream. */
  readonly #taken = new Map<string, OpenCall[]>()
  /** The peer's, by the message that asked. */
  readonly #served = new Map<number, Served>()

  constructor(owner: PipeOwner, control: ControlLine, calls: OpenCalls) {
    this.#owner = owner
    this.#control = control
    this.#calls = calls
  }

  clear(): void {
    this.#taken.clear()
    this.#served.clear()
  }

  // What we take.

  subscribed(name: string, open: OpenCall): void {
    this.#taken.set(name, [...(this.#taken.get(name) ?? []), open])
  }

  /** Who takes the items of this stream. */
  takersOf(name: string): readonly OpenCall[] {
    return this.#taken.get(name) ?? []
  }

  isTaker(messageKey: number): boolean {
    return this.#nameOf(messageKey) !== undefined
  }

  /** The call that asks for the items of a stream; what the body says goes along, for servers that take more than a name. */
  askingParts(name: string, body: Uint8Array): Parts {
    const said = body.length === 0 ? {} : readMap(concatBytes(packedBody(body)))
    return callParts(SUBSCRIBE, utf8(JSON.stringify({ ...said, stream_name: name })))
  }

  /** We do not want further items. */
  unsubscribe(messageKey: number): void {
    const name = this.#drop(messageKey)
    if (name === undefined || this.takersOf(name).length > 0) return
    const parts = callParts(UNSUBSCRIBE, utf8(JSON.stringify({ stream_name: name })))
    this.#control.add('rpc-request', parts, this.#calls.silentId())
  }

  /** The peer will send no further items. */
  ended(name: string, nowMs: number): void {
    for (const { messageKey } of this.takersOf(name)) this.#owner.answersEnded(messageKey, null, nowMs)
    this.#taken.delete(name)
  }

  refused(messageKey: number, nowMs: number): void {
    this.#drop(messageKey)
    this.#owner.answersEnded(messageKey, 'ROUTE_UNKNOWN', nowMs)
  }

  // What we give.

  get hasRoom(): boolean {
    return this.#served.size < MOST_SERVED
  }

  asked(incomingKey: number, name: string, callId: bigint): void {
    this.#served.set(incomingKey, {
      incomingKey,
      name,
      callId,
      isConfirmed: false,
      waitingItems: 0,
      isEnding: false,
    })
  }

  isServed(incomingKey: number): boolean {
    return this.#served.has(incomingKey)
  }

  /** Subscriptions that were not refused in the same breath are confirmed. */
  confirm(): void {
    for (const served of this.#served.values()) this.#confirm(served)
  }

  /** An item as the message it becomes. @throws ConsoleError `BODY_NOT_ENCODABLE`. */
  itemParts(incomingKey: number, body: Uint8Array, unixMs: number): Parts {
    const served = this.#served.get(incomingKey)!
    this.#confirm(served)
    served.waitingItems += 1
    const seconds = unixMs / 1000
    return [
      mapHead(2),
      packText('type'),
      packText(STREAM_DATA),
      packText('data'),
      mapHead(3),
      packText('stream'),
      packText(served.name),
      packText('data'),
      ...packedBody(body),
      packText('timestamp'),
      jsonToMsgpack(Number.isInteger(seconds) ? `${seconds}.0` : String(seconds)),
    ]
  }

  /** An item left, or never will. */
  itemLeft(incomingKey: number): void {
    const served = this.#served.get(incomingKey)
    if (served === undefined) return
    served.waitingItems -= 1
    if (served.isEnding && served.waitingItems === 0) this.#close(served)
  }

  /** The handler failed, or there is none: the answer to the call that asked, or the end of what began. */
  failure(incomingKey: number): { readonly kind: 'rpc-response' | 'message'; readonly parts: Parts } {
    const { name, isConfirmed } = this.#served.get(incomingKey)!
    this.#served.delete(incomingKey)
    return isConfirmed
      ? { kind: 'message', parts: closedParts(name) }
      : { kind: 'rpc-response', parts: wrapped(packMap({ error: `Stream not found: ${name}` })) }
  }

  ends(incomingKey: number): void {
    const served = this.#served.get(incomingKey)
    if (served === undefined) return
    this.#confirm(served)
    served.isEnding = true
    if (served.waitingItems === 0) this.#close(served)
  }

  /** The peer wants no further items of this stream. */
  declined(name: string, nowMs: number): void {
    for (const served of [...this.#served.values()]) {
      if (served.name !== name) continue
      this.#served.delete(served.incomingKey)
      this.#owner.answersDeclined(served.incomingKey, nowMs)
    }
  }

  #confirm(served: Served): void {
    if (served.isConfirmed) return
    served.isConfirmed = true
    this.#answer(served, packMap({ subscribed: true, stream: served.name }))
  }

  #answer({ callId }: Served, data: Uint8Array): void {
    this.#control.add('rpc-response', wrapped(data), callId)
  }

  #close({ name, incomingKey }: Served): void {
    this.#served.delete(incomingKey)
    this.#control.add('message', closedParts(name))
  }

  #nameOf(messageKey: number): string | undefined {
    for (const [name, takers] of this.#taken) {
      if (takers.some((open) => open.messageKey === messageKey)) return name
    }
    return undefined
  }

  #drop(messageKey: number): string | undefined {
    const name = this.#nameOf(messageKey)
    if (name === undefined) return undefined
    const left = this.takersOf(name).filter((open) => open.messageKey !== messageKey)
    if (left.length === 0) this.#taken.delete(name)
    else this.#taken.set(name, left)
    return name
  }
}

const closedParts = (name: string): Parts =>
  messageParts(STREAM_CLOSED, utf8(JSON.stringify({ stream: name })))

/** Data of an answer in the double wrapper. */
export const wrapped = (data: Uint8Array): Parts => [
  mapHead(2),
  packText('success'),
  PACKED_TRUE,
  packText('result'),
  mapHead(2),
  packText('success'),
  PACKED_TRUE,
  packText('data'),
  data,
]
