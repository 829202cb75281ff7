import type { Link } from '../../src/main/link/link'
import { Links } from '../../src/main/link/links'
import { LARGEST_MESSAGE_BYTES } from '../../src/main/netcore/pipe/limits'
import type { BodySource, BodyWriter, ReceivedBody } from '../../src/main/netcore/pipe/message-body'
import type { IncomingRequest, RequestOutcome, RequestServer } from '../../src/main/netcore/stack-types'
import { seededRandom } from '../../src/main/transport/seeded-random'
import { SystemClock } from '../../src/main/transport/system-clock'
import { createTcp } from '../../src/main/transport/tcp'
import { createTcpListen } from '../../src/main/transport/tcp-listen'
import type { Clock } from '../../src/shared/model/clock'
import { patternAt } from '../pattern'
import type { BenchClient, BenchPeer, ServeOptions } from './peer'

/** Attaches something to the links of the client, the way the program does. Returns how to end it. */
export type Attach = (links: Links, clock: Clock) => Promise<() => Promise<void>>

/**
 * Our stack over one TCP connection: link, taps, send policy, dialect. Nobody observes the trace unless `attach` does.
 *
 * @param query - Options of the link addresses of both sides, such as `dialect=lso&chunk=65536`.
 */
export function oursPeer(name: string, query: string, attach?: Attach): BenchPeer {
  return {
    name,
    async serve(options) {
      const routes = new BenchRoutes(options)
      const links = makeLinks(1, (link) => link.stack.serveWith(routes))
      const handle = links.openLink(`tcp-listen://127.0.0.1:0?${query}`)
      await handle.listener!.open()
      const { address } = handle.listener!
      return { port: 'port' in address ? address.port : 0, close: () => links.closeAll() }
    },
    async connect(port) {
      const links = makeLinks(2, () => undefined)
      const detach = await attach?.(links, links.clock)
      const { link } = links.openLink(`tcp://127.0.0.1:${port}?${query}`)
      await link!.whenConnected()
      return clientOver(link!, async () => {
        await detach?.()
        await links.closeAll()
      })
    },
  }
}

function makeLinks(seed: number, onLink: (link: Link) => void): Links {
  return new Links({
    clock: new SystemClock(),
    random: seededRandom(seed),
    transportFor(address) {
      if (address.scheme === 'tcp') return createTcp(address)
      if (address.scheme === 'tcp-listen') return createTcpListen(address)
      throw new Error(`the benchmark runs on TCP, not on ${address.scheme}`)
    },
    onLink,
    limits: { messageBytes: LARGEST_MESSAGE_BYTES }, // bodies never lie in memory as a whole
  })
}

const SINK = 'sink'
const ECHO = 'echo'

/** Echoes requests, and swallows transfers as they come: their bodies never lie in memory as a whole. */
export class BenchRoutes implements RequestServer {
  readonly #options: ServeOptions

  constructor(options: ServeOptions) {
    this.#options = options
  }

  bodyWriter({
    route,
    headers,
  }: Parameters<NonNullable<RequestServer['bodyWriter']>>[0]): BodyWriter | undefined {
    return route === SINK ? new SinkBody(this.#options, Number(headers['transfer'])) : undefined
  }

  serve(request: IncomingRequest, outcome: RequestOutcome): boolean {
    const { route, body, bodyBytes } = request
    if (route === SINK) outcome.finished(request, { body: Buffer.from(String(bodyBytes)) })
    else if (route === ECHO) outcome.finished(request, { body: this.#options.echo(body), priority: 0 })
    else return false
    return true
  }
}

class SinkBody implements BodyWriter {
  readonly heldBytes = 0
  byteLength = 0
  readonly #ledger: ServeOptions['ledger']
  readonly #transfer: number

  constructor({ ledger }: ServeOptions, transfer: number) {
    this.#ledger = ledger
    this.#transfer = transfer
  }

  append(payload: Uint8Array): void {
    this.byteLength += payload.length
    this.#ledger.received(this.#transfer, payload)
  }

  finish(): ReceivedBody {
    return { byteLength: this.byteLength, bytes: new Uint8Array(0), stored: null }
  }

  abandon(): Uint8Array {
    return new Uint8Array(0)
  }
}

/** The pattern as a body that is made as it is sent. */
const patternBody = (byteLength: number): BodySource => ({ byteLength, read: patternAt })

function clientOver(link: Link, close: () => Promise<void>): BenchClient {
  return {
    async bulk(byteCount, transfer) {
      const body = patternBody(byteCount)
      const { answer } = link.request({ route: SINK, headers: { transfer }, body, priority: 7 })
      return Number(Buffer.from((await answer).body).toString())
    },
    async request(body) {
      return (await link.request({ route: ECHO, body, priority: 0 }).answer).body
    },
    close,
  }
}
