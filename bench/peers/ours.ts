import type { Link } from '../../src/main/link/link'
import { Links } from '../../src/main/link/links'
import { seededRandom } from '../../src/main/transport/seeded-random'
import { SystemClock } from '../../src/main/transport/system-clock'
import { createTcp } from '../../src/main/transport/tcp'
import { createTcpListen } from '../../src/main/transport/tcp-listen'
import type { Clock } from '../../src/shared/model/clock'
import type { TraceEvent, TraceObserver } from '../../src/shared/model/trace'
import { patternBytes } from '../pattern'
import type { BenchClient, BenchPeer, ServeOptions } from './peer'

/** One message holds at most this much: more goes in several, one after the other. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024

/** Attaches something to the links of the client, the way the program does. Returns how to end it. */
export type Attach = (links: Links, clock: Clock) => () => Promise<void>

/**
 * Our stack over one TCP connection: link, taps, send policy, dialect. Nobody observes the trace unless `attach` does.
 *
 * @param query - Options of the link addresses of both sides, such as `dialect=lso&chunk=65536`.
 */
export function oursPeer(name: string, query: string, attach?: Attach): BenchPeer {
  return {
    name,
    async serve(options) {
      const progress = new SinkProgress(options)
      const links = makeLinks(1, (link) => route(link, options), progress.observe)
      const handle = links.openLink(`tcp-listen://127.0.0.1:0?${query}`)
      await handle.listener!.open()
      const { address } = handle.listener!
      return { port: 'port' in address ? address.port : 0, close: () => links.closeAll() }
    },
    async connect(port) {
      const links = makeLinks(2, () => undefined)
      const detach = attach?.(links, links.clock)
      const { link } = links.openLink(`tcp://127.0.0.1:${port}?${query}`)
      await link!.whenConnected()
      return clientOver(link!, async () => {
        await detach?.()
        await links.closeAll()
      })
    },
  }
}

function makeLinks(seed: number, onLink: (link: Link) => void, onTrace?: TraceObserver): Links {
  return new Links({
    clock: new SystemClock(),
    random: seededRandom(seed),
    transportFor(address) {
      if (address.scheme === 'tcp') return createTcp(address)
      if (address.scheme === 'tcp-listen') return createTcpListen(address)
      throw new Error(`the benchmark runs on TCP, not on ${address.scheme}`)
    },
    onLink,
    ...(onTrace && { onTrace }),
  })
}

/** Transfers that may run at the same time; each has a route of its own. */
const TRANSFERS = 16

const sinkRoute = (transfer: number): string => `sink-${transfer}`

export function route(link: Link, { ledger, echo }: ServeOptions): void {
  for (let transfer = 0; transfer < TRANSFERS; transfer++) {
    link.stack.route(sinkRoute(transfer), ({ body }) => {
      ledger.hash(transfer, body)
      return { body: Buffer.from(String(body.length)) }
    })
  }
  link.stack.route('echo', ({ body }) => ({ body: echo(body), priority: 0 }))
}

/** Tells the ledger of body bytes as their chunks arrive. */
export class SinkProgress {
  readonly #ledger: ServeOptions['ledger']
  readonly #transfers = new Map<number, number>()

  constructor({ ledger }: Pick<ServeOptions, 'ledger'>) {
    this.#ledger = ledger
  }

  readonly observe = (event: TraceEvent): void => {
    if (event.type === 'frame') {
      const transfer = event.dir === 'in' ? this.#transfers.get(event.messageKey) : undefined
      if (transfer !== undefined) this.#ledger.count(transfer, event.payloadBytes)
    } else if (event.type === 'message-opened') {
      if (event.dir === 'in' && event.route.startsWith('sink-')) {
        this.#transfers.set(event.messageKey, Number(event.route.slice('sink-'.length)))
      }
    } else if (event.type === 'message-closed') this.#transfers.delete(event.messageKey)
  }
}

function clientOver(link: Link, close: () => Promise<void>): BenchClient {
  const contents = new Map<number, Buffer>()
  const contentOf = (byteCount: number): Buffer => {
    const content = contents.get(byteCount) ?? patternBytes(byteCount)
    contents.set(byteCount, content)
    return content
  }
  return {
    prepare: (byteCount) => void contentOf(Math.min(byteCount, MAX_MESSAGE_BYTES)),
    async bulk(byteCount, transfer) {
      let received = 0
      for (let left = byteCount; left > 0; left -= MAX_MESSAGE_BYTES) {
        const body = contentOf(Math.min(left, MAX_MESSAGE_BYTES))
        const { answer } = link.request({ route: sinkRoute(transfer), body, priority: 7 })
        received += Number(Buffer.from((await answer).body).toString())
      }
      return received
    },
    async request(body) {
      return (await link.request({ route: 'echo', body, priority: 0 }).answer).body
    },
    close,
  }
}
