import { ConsoleError } from '../../../../../shared/errors'
import { memoryBytesOf } from '../../../pipe/message-body'
import type { Outgoing } from './exchange'

/** What a message costs beside its body while nothing of it was sent. */
const MESSAGE_BYTES = 16

/**
 * How much may wait to be sent: bytes in memory. One message that is larger than all room is taken beside the others, since
 * it could never be sent otherwise; bodies that do not lie in memory take no room.
 */
export class QueueRoom {
  readonly #limit: number
  #queuedBytes = 0
  #countedBytes = 0
  #large: Outgoing | null = null
  #messages = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Bytes that were not handed over, wherever they lie. */
  get queuedBytes(): number {
    return this.#queuedBytes
  }

  /** Messages that were not handed over whole. */
  get queuedMessages(): number {
    return this.#messages
  }

  hasRoomFor(bodyBytes: number, extraBytes: number): boolean {
    if (bodyBytes > this.#limit) return this.#large === null && extraBytes <= this.#limit
    return this.#countedBytes + extraBytes + bodyBytes <= this.#limit
  }

  /** @throws ConsoleError `QUEUE_FULL`: nothing was counted. */
  add(message: Outgoing): void {
    const ownBytes = headBytes(message)
    const neededBytes = ownBytes + memoryBytesOf(message.body)
    if (!this.hasRoomFor(neededBytes, 0)) {
      throw new ConsoleError(
        'QUEUE_FULL',
        `${message.body.byteLength} bytes do not fit: ${this.#countedBytes} of ${this.#limit} bytes wait already`,
        { queuedBytes: this.#countedBytes, bodyBytes: message.body.byteLength },
      )
    }
    if (neededBytes > this.#limit) this.#large = message
    this.#messages += 1
    this.#count(message, ownBytes + message.body.byteLength)
  }

  /** A frame of it was handed over. @param bodyBytes - Of them those that went for the first time. */
  handedOver(message: Outgoing, bodyBytes: number): void {
    this.#count(message, -bodyBytes - (message.frames === 1 ? headBytes(message) : 0))
    if (message.wasHandedWhole) this.#left(message)
  }

  /** It will not be handed over any more, as far as it was not. */
  remove(message: Outgoing): void {
    if (message.wasHandedWhole) return
    this.#count(message, -message.unsentBodyBytes - (message.frames === 0 ? headBytes(message) : 0))
    this.#left(message)
  }

  #left(message: Outgoing): void {
    if (message.isCountedOut) return
    message.isCountedOut = true
    this.#messages -= 1
    if (this.#large === message) this.#large = null
  }

  #count(message: Outgoing, bytes: number): void {
    this.#queuedBytes += bytes
    if (message !== this.#large && message.body instanceof Uint8Array) this.#countedBytes += bytes
  }
}

const headBytes = ({ prefix, head }: Outgoing): number => MESSAGE_BYTES + prefix.length + head.route.length
