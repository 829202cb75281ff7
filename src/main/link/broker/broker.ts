import { asConsoleError, ConsoleError } from '../../../shared/errors'
import { STATUS_ERROR, STATUS_HEADER } from '../../../shared/model/peer-error'
import type { TraceEvent } from '../../../shared/model/trace'
import { utf8 } from '../../../shared/bytes'
import type { IncomingHead } from '../../netcore/dialects/dialect'
import { BodyParts } from '../../netcore/pipe/body-parts'
import type { BodyWriter } from '../../netcore/pipe/message-body'
import type { SessionRequest } from '../../netcore/pipe/pipe'
import type { IncomingRequest, RequestGate, RequestOutcome, RequestServer } from '../../netcore/stack-types'
import type { Link } from '../link'
import { parseBrokerTarget } from './broker-target'
import { Forwarding } from './forwarding'
import { NamedSessions } from './named-sessions'

/** The meta that says whom a message is for, and the parameter of the handshake that says who is there. */
const ADDRESS = '@'
/** What decides among sessions of one name; without it, where the sender sits. */
const HASH_HEADER = 'X-Hash'
/** Sessions that one message may go to. */
const MAX_FAN_OUT = 256

/**
 * Passes messages on between the peers of one listener (socketd.md §8): to one of a name, to all of it, to all that have
 * one. What one peer sends reaches each other peer in the order in which it came. What names nobody is left to the
 * listener's own routes.
 *
 * Refusals are alarms to the sender: `BROKER_NO_ADDRESS`, `BROKER_NO_TARGET`, `BROKER_FAN_OUT`, and why nobody took it.
 */
export class Broker {
  readonly #sessions = new NamedSessions<Seat>()
  readonly #maxFanOut: number

  constructor({ maxFanOut = MAX_FAN_OUT }: { readonly maxFanOut?: number } = {}) {
    this.#maxFanOut = maxFanOut
  }

  /** For a peer that has just come. */
  seat(): Seat {
    return new Seat(this)
  }

  /** What `Seat` calls. */
  enter(seat: Seat): void {
    this.#sessions.add(seat.name, seat)
  }

  leave(seat: Seat): void {
    this.#sessions.remove(seat.name, seat)
  }

  /** @throws ConsoleError, see above. */
  targetsOf(word: string, request: IncomingRequest, sender: Seat): readonly Seat[] {
    const target = parseBrokerTarget(word)
    const { [HASH_HEADER]: hash } = request.headers
    const hashed = typeof hash === 'string' ? hash : sender.address
    const targets = target === undefined ? [] : this.#sessions.choose(target, sender, hashed)
    if (targets.length === 0) {
      throw new ConsoleError('BROKER_NO_TARGET', `don't have '@${word.slice(0, 100)}' session`)
    }
    if (targets.length > this.#maxFanOut) {
      const text = `${targets.length} sessions are meant, ${this.#maxFanOut} are allowed`
      throw new ConsoleError('BROKER_FAN_OUT', text)
    }
    return targets
  }
}

/** The place of one peer at the broker. */
class Seat implements RequestGate {
  readonly #broker: Broker
  #link: Link | undefined
  #name = ''
  #isIn = false

  constructor(broker: Broker) {
    this.#broker = broker
  }

  get name(): string {
    return this.#name
  }

  get link(): Link {
    return this.#link!
  }

  /** Where the peer sits, whichever port it came from; empty before it has a link. */
  get address(): string {
    return this.#link?.peerName.replace(/:\d+$/, '') ?? ''
  }

  /** For the handshake, which everybody passes. */
  learnName({ params }: SessionRequest): void {
    this.#leave()
    this.#name = params.get(ADDRESS) ?? ''
  }

  /** Takes its place in front of what serves the link. */
  attach(link: Link): void {
    this.#link = link
    link.stack.serveThrough(this)
    link.observe((event) => this.#observe(event))
  }

  serve(request: IncomingRequest, outcome: RequestOutcome, behind: RequestServer): boolean {
    const { [ADDRESS]: word } = request.headers
    try {
      if (typeof word !== 'string' || word === '') {
        if (behind.serve(request, outcome)) return true
        throw new ConsoleError('BROKER_NO_ADDRESS', "require '@' meta")
      }
      const targets = this.#broker.targetsOf(word, request, this)
      if (request.isAnswerable) {
        const forwarding = new Forwarding(request, outcome, targets.length)
        for (const { link } of targets) forwarding.ask(link)
      } else {
        this.#pass(request, targets)
        outcome.finished(request, undefined)
      }
    } catch (error) {
      if (request.isAnswerable) outcome.failed(request, error)
      else {
        this.#alarm(request, asConsoleError(error))
        outcome.finished(request, undefined)
      }
    }
    return true
  }

  /** In memory, so that it can be with several links at once; the limits of the link that it comes on hold. */
  bodyWriter({ headers }: IncomingHead): BodyWriter | undefined {
    return typeof headers[ADDRESS] === 'string' ? new BodyParts() : undefined
  }

  /** @throws the first reason where somebody did not take it. */
  #pass({ route, body, headers, priority }: IncomingRequest, targets: readonly Seat[]): void {
    const failures: ConsoleError[] = []
    for (const { link } of targets) {
      try {
        link.send({ route, kind: 'event', body, headers, priority })
      } catch (error) {
        failures.push(asConsoleError(error))
      }
    }
    const [first] = failures
    if (first === undefined) return
    throw new ConsoleError(
      first.code,
      `${failures.length} of ${targets.length} did not take it: ${first.message}`,
    )
  }

  /** A message has no answer; an alarm names it all the same. */
  #alarm({ route, ref }: IncomingRequest, { code, message }: ConsoleError): void {
    try {
      this.link.send({
        route,
        kind: 'response',
        correlationId: ref,
        headers: { [STATUS_HEADER]: STATUS_ERROR },
        body: utf8(JSON.stringify({ error: message, code })),
      })
    } catch {
      // who asked is gone, or nothing may leave: then there is nobody to tell
    }
  }

  #observe(event: TraceEvent): void {
    if (event.type === 'session') {
      // One that is going to close is told nothing new.
      if (event.phase === 'ready' && event.code === null) this.#enter()
      else this.#leave()
    } else if (event.type === 'link-state' && event.phase !== 'connected') this.#leave()
  }

  #enter(): void {
    if (this.#isIn || this.#name === '') return
    this.#isIn = true
    this.#broker.enter(this)
  }

  #leave(): void {
    if (!this.#isIn) return
    this.#isIn = false
    this.#broker.leave(this)
  }
}
