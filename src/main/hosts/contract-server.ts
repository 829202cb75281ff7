import {
  type ByteChannel,
  type Downstream,
  LIVE_SOURCE,
  MAX_CALL_BYTES_IN_FLIGHT,
  MAX_CALLS_IN_FLIGHT,
  MAX_SUBSCRIPTIONS,
} from '../../shared/contract/envelope'
import { decodeMessage, encodeMessage } from '../../shared/contract/message-codec'
import { asConsoleError, ConsoleError, toWireError } from '../../shared/errors'
import type { Clock } from '../../shared/model/clock'
import type { ConsolePort } from '../console/console-types'
import { type PumpOutlet, SubscriptionPump } from './subscription-pump'
import {
  checkCommandName,
  checkEnvelope,
  checkRequest,
  checkSubscription,
  checkSubscriptionName,
  type UncheckedUpstream,
} from './upstream-check'

/**
 * Serves the contract to one screen until its channel closes. Everything that arrives is checked here, once; the console
 * behind gets only requests that fit. A wrong request gets an error as its answer; bytes that are no message of the
 * contract end the channel, because nobody could be answered.
 *
 * @param channel - Owned from now on: nobody else may set its listeners.
 */
export function serveContract(channel: ByteChannel, console: ConsolePort, clock: Clock): void {
  new ContractSession(channel, console, clock)
}

class ContractSession {
  readonly #channel: ByteChannel
  readonly #console: ConsolePort
  readonly #clock: Clock
  /** Size of the request of each call that is not answered yet. */
  readonly #calls = new Map<number, number>()
  #callBytes = 0
  readonly #pumps = new Map<number, SubscriptionPump>()
  #isClosed = false

  constructor(channel: ByteChannel, console: ConsolePort, clock: Clock) {
    this.#channel = channel
    this.#console = console
    this.#clock = clock
    channel.onClosed(() => this.#closed())
    channel.onFrame((frame) => this.#frameArrived(frame))
  }

  #frameArrived(frame: Uint8Array): void {
    if (this.#isClosed) return
    try {
      this.#messageArrived(checkEnvelope(decodeMessage(frame)), frame.length)
    } catch (error) {
      this.#channel.close(asConsoleError(error).code)
      this.#closed()
    }
  }

  #messageArrived(message: UncheckedUpstream, frameBytes: number): void {
    switch (message.t) {
      case 'call':
        this.#checkUnused(message.id)
        void this.#run(message, frameBytes)
        return
      case 'subscribe':
        this.#checkUnused(message.id)
        this.#subscribe(message)
        return
      case 'unsubscribe':
        this.#pumps.get(message.id)?.close()
        this.#pumps.delete(message.id)
        return
      case 'ack':
        this.#pumps.get(message.id)?.acknowledge(message.seq)
    }
  }

  #checkUnused(id: number): void {
    if (!this.#calls.has(id) && !this.#pumps.has(id)) return
    throw new ConsoleError(
      'CONTRACT_BAD_FRAME',
      `number ${id} is in use: two answers could not be told apart`,
    )
  }

  async #run(message: UncheckedUpstream & { t: 'call' }, frameBytes: number): Promise<void> {
    const { id } = message
    if (this.#calls.size >= MAX_CALLS_IN_FLIGHT || this.#callBytes + frameBytes > MAX_CALL_BYTES_IN_FLIGHT) {
      const error = new ConsoleError('CONTRACT_TOO_MANY', `${this.#calls.size} calls wait for their answers`)
      this.#send({ t: 'reply', id, ok: false, error: toWireError(error) })
      return
    }
    this.#calls.set(id, frameBytes)
    this.#callBytes += frameBytes
    let reply: Downstream
    try {
      const name = checkCommandName(message.name)
      const value = await this.#console
        .at(message.source ?? LIVE_SOURCE)
        .call(name, checkRequest(name, message.args))
      reply = { t: 'reply', id, ok: true, value }
    } catch (error) {
      reply = { t: 'reply', id, ok: false, error: toWireError(error) }
    }
    this.#calls.delete(id)
    this.#callBytes -= frameBytes
    try {
      this.#send(reply)
    } catch (error) {
      this.#send({ t: 'reply', id, ok: false, error: toWireError(error) }) // the value fits no frame
    }
  }

  #subscribe(message: UncheckedUpstream & { t: 'subscribe' }): void {
    const { id } = message
    try {
      if (this.#pumps.size >= MAX_SUBSCRIPTIONS) {
        throw new ConsoleError('CONTRACT_TOO_MANY', `${this.#pumps.size} subscriptions are open`)
      }
      const name = checkSubscriptionName(message.name)
      const port = this.#console.at(message.source ?? LIVE_SOURCE)
      const feed = port.subscribe(name, checkSubscription(name, message.args))
      const pump = new SubscriptionPump(feed, this.#outlet(id), this.#clock)
      this.#pumps.set(id, pump) // before it starts: the first acknowledgement may come at once
      pump.start()
    } catch (error) {
      this.#ended(id, error)
    }
  }

  #outlet(id: number): PumpOutlet {
    const channel = this.#channel
    return {
      sendItem: (seq, value) => this.#send({ t: 'item', id, seq, value }),
      failed: (error) => this.#ended(id, error),
      get bufferedBytes() {
        return channel.bufferedBytes
      },
    }
  }

  #ended(id: number, error: unknown): void {
    this.#pumps.delete(id)
    this.#send({ t: 'ended', id, error: toWireError(error) })
  }

  #send(message: Downstream): void {
    if (!this.#isClosed) this.#channel.send(encodeMessage(message))
  }

  #closed(): void {
    this.#isClosed = true
    for (const pump of this.#pumps.values()) pump.close()
    this.#pumps.clear()
  }
}
