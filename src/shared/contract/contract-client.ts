import { asConsoleError, ConsoleError, ERROR_CATALOGUE, fromWireError } from '../errors'
import type { CommandName, CommandRequest, SubscriptionName, SubscriptionRequest } from './contract'
import { type ByteChannel, type Downstream, LIVE_SOURCE, type Upstream } from './envelope'
import { decodeMessage, encodeMessage } from './message-codec'
import type { CommandReply, SubscriptionItem } from './replies'

/** The screen's side of the contract. */
export interface ContractClient {
  /**
   * Runs one command.
   *
   * @throws (rejects) ConsoleError with the code of the core; `CHANNEL_CLOSED` when the channel is or gets closed;
   *   `CONTRACT_FRAME_TOO_LARGE` when the request does not fit one frame.
   */
  call<C extends CommandName>(name: C, request: CommandRequest<C>): Promise<CommandReply<C>>
  /**
   * Gets items until the returned function is called, the core ends the subscription or the channel closes; the last two
   * are told through `onEnded`. An item counts as taken over when `onItem` returns: only then may the core send more.
   */
  subscribe<S extends SubscriptionName>(
    name: S,
    request: SubscriptionRequest<S>,
    onItem: (item: SubscriptionItem<S>) => void,
    onEnded?: (error: ConsoleError) => void,
  ): () => void
  /**
   * The same channel, looking at another source: what is called and subscribed through it concerns a recording that is open
   * (`LIVE_SOURCE` for the session that runs now). Closing either closes both.
   */
  at(source: number): ContractClient
  /** Called once when the channel is gone; at once (as a microtask) when it is gone already. */
  onClosed(listener: (error: ConsoleError) => void): void
  close(): void
}

interface PendingCall {
  resolve(value: unknown): void
  reject(error: ConsoleError): void
}

interface OpenSubscription {
  onItem(item: unknown): void
  onEnded(error: ConsoleError): void
}

/** @param channel - Owned from now on: nobody else may set its listeners. */
export function createContractClient(channel: ByteChannel): ContractClient {
  return new SourceClient(new ChannelClient(channel), LIVE_SOURCE)
}

class SourceClient implements ContractClient {
  readonly #channel: ChannelClient
  readonly #source: number

  constructor(channel: ChannelClient, source: number) {
    this.#channel = channel
    this.#source = source
  }

  call<C extends CommandName>(name: C, request: CommandRequest<C>): Promise<CommandReply<C>> {
    return this.#channel.call(this.#source, name, request)
  }

  subscribe<S extends SubscriptionName>(
    name: S,
    request: SubscriptionRequest<S>,
    onItem: (item: SubscriptionItem<S>) => void,
    onEnded?: (error: ConsoleError) => void,
  ): () => void {
    return this.#channel.subscribe(this.#source, name, request, onItem, onEnded)
  }

  at(source: number): ContractClient {
    return new SourceClient(this.#channel, source)
  }

  onClosed(listener: (error: ConsoleError) => void): void {
    this.#channel.onClosed(listener)
  }

  close(): void {
    this.#channel.close()
  }
}

class ChannelClient {
  readonly #channel: ByteChannel
  readonly #calls = new Map<number, PendingCall>()
  readonly #subscriptions = new Map<number, OpenSubscription>()
  readonly #closedListeners: ((error: ConsoleError) => void)[] = []
  #nextId = 1
  #closed: ConsoleError | undefined

  constructor(channel: ByteChannel) {
    this.#channel = channel
    channel.onFrame((frame) => this.#frameArrived(frame))
    channel.onClosed((reason) => this.#channelClosed(reason))
  }

  call<C extends CommandName>(source: number, name: C, request: CommandRequest<C>): Promise<CommandReply<C>> {
    return new Promise((resolve, reject) => {
      if (this.#closed !== undefined) {
        reject(this.#closed)
        return
      }
      const id = this.#nextId++
      // the core builds replies from typed code; the contract says the reply of this name has this type
      this.#calls.set(id, { resolve: (value) => resolve(value as CommandReply<C>), reject })
      try {
        this.#send({ t: 'call', id, name, args: request, ...of(source) })
      } catch (error) {
        this.#calls.delete(id)
        reject(asConsoleError(error))
      }
    })
  }

  subscribe<S extends SubscriptionName>(
    source: number,
    name: S,
    request: SubscriptionRequest<S>,
    onItem: (item: SubscriptionItem<S>) => void,
    onEnded: (error: ConsoleError) => void = () => undefined,
  ): () => void {
    const closed = this.#closed
    if (closed !== undefined) {
      queueMicrotask(() => onEnded(closed))
      return () => undefined
    }
    const id = this.#nextId++
    this.#subscriptions.set(id, { onItem: (item) => onItem(item as SubscriptionItem<S>), onEnded })
    this.#send({ t: 'subscribe', id, name, args: request, ...of(source) })
    return () => {
      if (!this.#subscriptions.delete(id) || this.#closed !== undefined) return
      this.#send({ t: 'unsubscribe', id })
    }
  }

  onClosed(listener: (error: ConsoleError) => void): void {
    const closed = this.#closed
    if (closed === undefined) this.#closedListeners.push(listener)
    else queueMicrotask(() => listener(closed))
  }

  close(): void {
    this.#channel.close()
    this.#channelClosed('closed by the screen')
  }

  #send(message: Upstream): void {
    this.#channel.send(encodeMessage(message))
  }

  #frameArrived(frame: Uint8Array): void {
    if (this.#closed !== undefined) return
    let message: Downstream
    try {
      message = checkDownstream(decodeMessage(frame))
    } catch (error) {
      // nothing after a damaged frame can be trusted: better a visible end than a screen that shows half
      this.#channel.close()
      this.#channelClosed(asConsoleError(error).message)
      return
    }
    switch (message.t) {
      case 'reply':
        this.#replied(message)
        return
      case 'item':
        this.#itemArrived(message)
        return
      case 'ended': {
        const subscription = this.#subscriptions.get(message.id)
        this.#subscriptions.delete(message.id)
        subscription?.onEnded(fromWireError(message.error))
      }
    }
  }

  #replied(message: Downstream & { t: 'reply' }): void {
    const call = this.#calls.get(message.id)
    this.#calls.delete(message.id)
    if (message.ok) call?.resolve(message.value)
    else call?.reject(fromWireError(message.error))
  }

  #itemArrived(message: Downstream & { t: 'item' }): void {
    const subscription = this.#subscriptions.get(message.id)
    if (subscription === undefined) return // crossed our unsubscribe on the way
    try {
      subscription.onItem(message.value)
    } finally {
      // also when the listener failed: a defect of one view must not stop the stream for good
      if (this.#closed === undefined && this.#subscriptions.has(message.id)) {
        this.#send({ t: 'ack', id: message.id, seq: message.seq })
      }
    }
  }

  #channelClosed(reason: string): void {
    if (this.#closed !== undefined) return
    const error = new ConsoleError('CHANNEL_CLOSED', `the connection to the core ended: ${reason}`, {
      reason,
    })
    this.#closed = error
    const calls = [...this.#calls.values()]
    const subscriptions = [...this.#subscriptions.values()]
    this.#calls.clear()
    this.#subscriptions.clear()
    for (const call of calls) call.reject(error)
    for (const subscription of subscriptions) subscription.onEnded(error)
    for (const listener of this.#closedListeners.splice(0)) listener(error)
  }
}

/** The live session goes without saying. */
const of = (source: number): { source?: number } => (source === LIVE_SOURCE ? {} : { source })

/** The shape of the envelope only: values come from our own core. */
function checkDownstream(message: unknown): Downstream {
  if (isRecord(message) && Number.isSafeInteger(message['id'])) {
    if (message['t'] === 'reply' && message['ok'] === true) return message as unknown as Downstream
    if (message['t'] === 'reply' && isWireError(message['error'])) return message as unknown as Downstream
    if (message['t'] === 'ended' && isWireError(message['error'])) return message as unknown as Downstream
    if (message['t'] === 'item' && Number.isSafeInteger(message['seq']))
      return message as unknown as Downstream
  }
  throw new ConsoleError('CONTRACT_BAD_FRAME', 'the core sent a message of unknown shape')
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const isWireError = (value: unknown): boolean =>
  isRecord(value) &&
  typeof value['code'] === 'string' &&
  Object.hasOwn(ERROR_CATALOGUE, value['code']) &&
  typeof value['message'] === 'string' &&
  typeof value['remedy'] === 'string'
