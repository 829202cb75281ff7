import { randomInt } from 'node:crypto'
import { Link } from '../../src/main/link/link'
import { Links } from '../../src/main/link/links'
import { LARGEST_MESSAGE_BYTES } from '../../src/main/netcore/pipe/limits'
import type { BodySource, BodyWriter, ReceivedBody } from '../../src/main/netcore/pipe/message-body'
import type { IncomingRequest, RequestOutcome, RequestServer } from '../../src/main/netcore/stack-types'
import { SystemClock } from '../../src/main/transport/system-clock'
import { createTcp } from '../../src/main/transport/tcp'
import { createTcpListen } from '../../src/main/transport/tcp-listen'
import type { RealAddress } from '../../src/main/transport/open-transport'
import type { ListeningTransport, Transport } from '../../src/main/transport/transport'
import type { Checksum } from '../../src/shared/bytes/crc32c'
import type { Clock } from '../../src/shared/model/clock'
import { type LinkAddress, parseLinkUrl } from '../../src/shared/model/link-url'
import { patternAt, patternBytes } from '../pattern'
import type { BenchClient, BenchPeer, BenchServer, ServeOptions } from './peer'

/** Attaches something to the links of the client, the way the program does. Returns how to end it. */
export type Attach = (links: Links, clock: Clock) => Promise<() => Promise<void>>

export interface OurOptions {
  /** Options of the link addresses of both sides, such as `dialect=lso&chunk=65536`. */
  readonly query: string
  /** What it goes over. Default: TCP. */
  readonly carrier?: 'ws'
  /** A checksum on every frame, by this function, also where the transport damages nothing. */
  readonly checksum?: () => Checksum
  /** Makes the client one of the links of a program, and watches it. Without it nobody observes anything. */
  readonly attach?: Attach
  /** How this dialect says what is measured, where it is not the usual. */
  readonly words?: Words
}

/** What stands on the wire for a transfer and for an echo. */
export interface Words {
  readonly sink: string
  readonly echo: string
  /** Headers of a transfer; its number is 1 where they can not tell it. */
  readonly headersOf: (transfer: number) => Record<string, string | number>
  /** A request's body, and what was in the answer's. */
  readonly wrap: (body: Uint8Array) => Uint8Array
  /** A transfer is one frame, which needs its content in one piece; else it is made as it is sent. */
  readonly isInOnePiece: boolean
  readonly unwrap: (answer: Uint8Array) => Uint8Array
}

const USUAL_WORDS: Words = {
  sink: 'sink',
  echo: 'echo',
  headersOf: (transfer) => ({ transfer }),
  isInOnePiece: false,
  wrap: (body) => body,
  unwrap: (answer) => answer,
}

/** Our stack over one connection: link, taps, send policy, dialect. */
export const oursPeer = (name: string, options: OurOptions): BenchPeer => ({
  name,
  serve: (serving) => serveOurs(options, serving),
  connect: (port) => connectOurs(options, port),
})

async function serveOurs(ours: OurOptions, options: ServeOptions): Promise<BenchServer> {
  const { query, checksum, carrier = 'tcp' } = ours
  const routes = new BenchRoutes(options, ours.words)
  const address = parseLinkUrl(`${carrier}-listen://127.0.0.1:0?${query}`)
  const transport = carrier === 'tcp' ? createTcpListen({ host: '127.0.0.1', port: 0 }) : await other(address)
  let lastId = 0
  const listener = await (transport as ListeningTransport).listen((connection) => {
    lastId += 1
    const link = makeLink(lastId, address, null, checksum?.())
    link.stack.serveWith(routes)
    return link.accept(connection)
  })
  return { port: Number(new URL(listener.url).port), close: () => listener.close() }
}

async function connectOurs(options: OurOptions, port: number): Promise<BenchClient> {
  const { query, checksum, attach, carrier = 'tcp' } = options
  const url = `${carrier}://127.0.0.1:${port}?${query}`
  if (attach !== undefined) return connectWatched(url, attach)
  const address = parseLinkUrl(url)
  const transport = carrier === 'tcp' ? createTcp({ host: '127.0.0.1', port }) : await other(address)
  const link = makeLink(1, address, transport as Transport, checksum?.())
  link.open()
  await link.whenConnected()
  return clientOver(link, () => link.close(), options.words)
}

/** Loaded only where it is measured: it brings all transports along. */
async function other(address: LinkAddress): Promise<Transport | ListeningTransport> {
  const { openTransport } = await import('../../src/main/transport/open-transport')
  return openTransport(address as RealAddress)
}

async function connectWatched(url: string, attach: Attach): Promise<BenchClient> {
  const links = new Links({
    clock: new SystemClock(),
    random: randomInt,
    limits: LIMITS,
    transportFor(address) {
      if (address.scheme === 'tcp') return createTcp(address)
      throw new Error(`the benchmark connects by TCP, not by ${address.scheme}`)
    },
  })
  const detach = await attach(links, links.clock)
  const { link } = links.openLink(url)
  await link!.whenConnected()
  return clientOver(link!, async () => {
    await detach()
    await links.closeAll()
  })
}

/** Bodies never lie in memory as a whole. */
const LIMITS = { messageBytes: LARGEST_MESSAGE_BYTES }

function makeLink(
  id: number,
  address: LinkAddress,
  transport: Transport | null,
  checksum: Checksum | undefined,
): Link {
  return new Link({
    id,
    address,
    transport,
    clock: new SystemClock(),
    random: randomInt,
    limits: LIMITS,
    ...(checksum && {
      checksum,
      session: { role: transport === null ? 'device' : 'host', hasChecksums: true },
    }),
    onTrace: () => undefined,
  })
}

/** Echoes requests, and swallows transfers as they come: their bodies never lie in memory as a whole. */
export class BenchRoutes implements RequestServer {
  readonly #options: ServeOptions
  readonly #words: Words

  constructor(options: ServeOptions, words: Words = USUAL_WORDS) {
    this.#options = options
    this.#words = words
  }

  bodyWriter({
    route,
    headers,
  }: Parameters<NonNullable<RequestServer['bodyWriter']>>[0]): BodyWriter | undefined {
    return route === this.#words.sink
      ? new SinkBody(this.#options, Number(headers['transfer'] ?? 1))
      : undefined
  }

  serve(request: IncomingRequest, outcome: RequestOutcome): boolean {
    const { route, body, bodyBytes } = request
    if (route === this.#words.sink) outcome.finished(request, { body: Buffer.from(String(bodyBytes)) })
    else if (route === this.#words.echo)
      outcome.finished(request, { body: this.#options.echo(body), priority: 0 })
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

function clientOver(link: Link, close: () => Promise<void>, words: Words = USUAL_WORDS): BenchClient {
  const contents = new Map<number, Buffer>()
  const contentOf = (byteCount: number): Buffer => {
    const content = contents.get(byteCount) ?? patternBytes(byteCount)
    contents.set(byteCount, content)
    return content
  }
  return {
    prepare(byteCount) {
      if (words.isInOnePiece) contentOf(byteCount)
    },
    async bulk(byteCount, transfer) {
      const body = words.isInOnePiece ? contentOf(byteCount) : patternBody(byteCount)
      const headers = words.headersOf(transfer)
      const { answer } = link.request({ route: words.sink, headers, body, priority: 7 })
      return Number(Buffer.from((await answer).body).toString())
    },
    async request(body) {
      const asked = words.wrap(body)
      return words.unwrap((await link.request({ route: words.echo, body: asked, priority: 0 }).answer).body)
    },
    close,
  }
}
