import type { Clock } from '../../shared/model/clock'
import type { LinkStateEvent, MessageClosed, TraceEvent } from '../../shared/model/trace'
import { dialectNamed } from '../netcore/dialects'
import { Endpoint, type EndpointOptions } from '../netcore/endpoint/endpoint'
import type { EndpointPipe } from '../netcore/endpoint/endpoint-types'
import type { RequestServer } from '../netcore/stack-types'
import { Alarm } from './alarm'
import type { Link } from './link'
import { requestScope } from './request-scope'

/** An endpoint that lives by a real (or a virtual) clock, with `currentRequest()`. */
export function createEndpoint(
  options: Omit<EndpointOptions, 'nowMs' | 'onWakeAt' | 'scope'> & { readonly clock: Clock },
): Endpoint {
  const { clock, ...rest } = options
  const alarm = new Alarm(clock)
  const endpoint: Endpoint = new Endpoint({
    ...rest,
    nowMs: () => clock.nowMs(),
    scope: requestScope,
    onWakeAt: (atMs) => {
      if (atMs === null) alarm.cancel()
      else alarm.set(atMs, () => endpoint.wake(clock.nowMs()))
    },
  })
  return endpoint
}

export interface AttachedLink {
  /** Name of the pipe. */
  readonly name: string
  /** Takes the pipe away, and stops telling. The link itself goes on. */
  detach(): void
}

/**
 * Lets an endpoint serve a link and send on it, and tells the endpoint's events what happens to the link. The link of a
 * listener's peer is detached when it closes; others stay, since they may open again.
 *
 * @param name - Default: the name in the link's address, if it is free; else one is drawn.
 * @throws ConsoleError `PIPE_NAME_TAKEN`.
 */
export function attachEndpoint(endpoint: Endpoint, link: Link, name?: string): AttachedLink {
  const ownName = link.address.name ?? ''
  const isFree = ownName !== '' && !endpoint.pipes.includes(ownName)
  const pipe = new LinkPipe(link)
  const added = endpoint.addPipe(pipe, name ?? (isFree ? ownName : undefined))
  const teller = new EventTeller(endpoint, link, pipe)
  const stopTelling = link.observe((event) => {
    teller.observe(event)
    // Later, because the link still has to say what becomes of the messages in flight.
    if (event.type === 'link-state' && event.phase === 'closed' && link.isOfListener) queueMicrotask(detach)
  })
  let isAttached = true
  const detach = (): void => {
    if (isAttached) endpoint.removePipe(added) // later another pipe may have the name
    isAttached = false
    stopTelling()
  }
  return { name: added, detach }
}

class LinkPipe implements EndpointPipe {
  readonly #link: Link
  /** Message that is being cancelled from this side right now. */
  cancelling = 0

  constructor(link: Link) {
    this.#link = link
  }

  get linkId(): number {
    return this.#link.id
  }

  get isConnected(): boolean {
    return this.#link.phase === 'connected'
  }

  get hasCredit(): boolean {
    return dialectNamed(this.#link.address.dialect).traits.hasCredit ?? false
  }

  serveWith(server: RequestServer): void {
    this.#link.stack.serveWith(server)
  }

  send(...args: Parameters<EndpointPipe['send']>): ReturnType<EndpointPipe['send']> {
    return this.#link.send(...args)
  }

  request(...args: Parameters<EndpointPipe['request']>): ReturnType<EndpointPipe['request']> {
    return this.#link.request(...args)
  }

  subscribe(...args: Parameters<EndpointPipe['subscribe']>): ReturnType<EndpointPipe['subscribe']> {
    return this.#link.subscribe(...args)
  }

  consumed(messageKey: number, byteCount: number): void {
    this.#link.consumed(messageKey, byteCount)
  }

  cancel(messageKey: number): boolean {
    this.cancelling = messageKey
    try {
      return this.#link.cancel(messageKey)
    } finally {
      this.cancelling = 0
    }
  }
}

/** Turns the trace of one link into events of its endpoint. */
class EventTeller {
  readonly #endpoint: Endpoint
  readonly #link: Link
  readonly #pipe: LinkPipe
  /** Ids of the messages that are on their way, for those that will be cancelled. */
  readonly #refs = new Map<number, string>()
  #isUp = false

  constructor(endpoint: Endpoint, link: Link, pipe: LinkPipe) {
    this.#endpoint = endpoint
    this.#link = link
    this.#pipe = pipe
    if (link.phase === 'connected') this.#up(link.phaseSinceMs)
  }

  observe(event: TraceEvent): void {
    switch (event.type) {
      case 'message-opened':
        this.#refs.set(event.messageKey, event.ref)
        return
      case 'message-closed':
        this.#closed(event)
        return
      case 'link-state':
        if (event.phase === 'connected') this.#up(event.atMs)
        else if (this.#isUp) this.#down(event)
        return
      case 'fault': {
        const { atMs, code, detail } = event
        this.#endpoint.emit('fault', { atMs, linkId: this.#link.id, code, detail })
        return
      }
      default:
    }
  }

  #up(atMs: number): void {
    this.#isUp = true
    this.#endpoint.emit('linkUp', { atMs, linkId: this.#link.id })
  }

  #down({ atMs, code }: LinkStateEvent): void {
    this.#isUp = false
    this.#endpoint.emit('linkDown', { atMs, linkId: this.#link.id, code })
  }

  #closed({ atMs, messageKey, outcome, dir, code }: MessageClosed): void {
    const ref = this.#refs.get(messageKey) ?? ''
    this.#refs.delete(messageKey)
    if (outcome !== 'cancelled') return
    // A time that is over is our own doing too.
    const isOurs = this.#pipe.cancelling === messageKey || code === 'REQUEST_TIMEOUT'
    const by = dir === 'out' && isOurs ? 'us' : 'peer'
    this.#endpoint.emit('cancelled', { atMs, linkId: this.#link.id, messageKey, ref, dir, by })
  }
}
