import { attachEndpoint } from '../src/main/link/endpoint-link'
import type { Link } from '../src/main/link/link'
import { Links } from '../src/main/link/links'
import { createDemoEndpoint } from '../src/main/simulator/demo-endpoint'
import { transportFor } from '../src/main/simulator/transport-for'
import { seededRandom } from '../src/main/transport/seeded-random'
import { SystemClock } from '../src/main/transport/system-clock'
import type { Endpoint } from '../src/main/netcore/endpoint/endpoint'
import type { TraceEvent } from '../src/shared/model/trace'
import { openPtyPair } from '../src/testing/pty'
import type { PeerProcess } from './peer-process'
import { PythonPeer } from './python-peer'

/** Our link joined to a real peer, with everything the link traced. */
export interface InteropSession {
  readonly link: Link
  /** Serves the demo routes on it. */
  readonly endpoint: Endpoint
  readonly peer: PeerProcess
  readonly trace: readonly TraceEvent[]
  /** The first trace event, past or future, for which `matches` holds. */
  traced<T extends TraceEvent['type']>(
    type: T,
    matches?: (event: Extract<TraceEvent, { type: T }>) => boolean,
  ): Promise<Extract<TraceEvent, { type: T }>>
  close(): Promise<void>
}

interface Watcher {
  readonly offer: (event: TraceEvent) => boolean
}

export function watchedLinks(onLink: (link: Link) => void): {
  links: Links
  endpoint: Endpoint
  trace: TraceEvent[]
  watchers: Set<Watcher>
} {
  const clock = new SystemClock()
  const endpoint = createDemoEndpoint(clock)
  const trace: TraceEvent[] = []
  const watchers = new Set<Watcher>()
  const links = new Links({
    clock,
    random: seededRandom(Math.floor(Math.random() * 2 ** 32)), // ids must differ from those of other connections
    transportFor: (address) => transportFor(address, clock),
    onTrace: (event) => {
      trace.push(event)
      for (const watcher of watchers) if (watcher.offer(event)) watchers.delete(watcher)
    },
    onLink: (link) => {
      attachEndpoint(endpoint, link)
      onLink(link)
    },
    reconnect: { isOn: false },
  })
  return { links, endpoint, trace, watchers }
}

export function joined(
  { links, endpoint, trace, watchers }: ReturnType<typeof watchedLinks>,
  link: Link,
  peer: PeerProcess,
  release: () => Promise<void> = () => Promise.resolve(),
): InteropSession {
  return {
    link,
    endpoint,
    peer,
    trace,
    traced: (type, matches = () => true) => {
      type Wanted = Extract<TraceEvent, { type: typeof type }>
      const isWanted = (event: TraceEvent): event is Wanted => event.type === type && matches(event as Wanted)
      const seen = trace.find(isWanted)
      if (seen !== undefined) return Promise.resolve(seen)
      return new Promise((resolve) => {
        watchers.add({
          offer: (event) => {
            if (!isWanted(event)) return false
            resolve(event)
            return true
          },
        })
      })
    },
    async close() {
      await links.closeAll()
      await peer.kill()
      await release()
    },
  }
}

/** Python listens, we connect. */
export async function overTcp(): Promise<InteropSession> {
  const { peer, port } = await PythonPeer.listening()
  const watched = watchedLinks(() => undefined)
  const { link } = watched.links.openLink(`tcp://127.0.0.1:${port}`)
  await link!.whenConnected()
  await peer.next('connected')
  return joined(watched, link!, peer)
}

/** We listen, Python connects. */
export async function overTcpListen(): Promise<InteropSession> {
  let arrived: (link: Link) => void
  const link = new Promise<Link>((resolve) => {
    arrived = resolve
  })
  const watched = watchedLinks((opened) => arrived(opened))
  const handle = watched.links.openLink('tcp-listen://127.0.0.1:0')
  await handle.listener!.open()
  const address = handle.listener!.address
  const peer = PythonPeer.connecting('port' in address ? address.port : 0)
  await peer.next('connected')
  return joined(watched, await link, peer)
}

/** Both on a serial line made of two pseudo-terminals. */
export async function overSerial(): Promise<InteropSession> {
  const pair = await openPtyPair()
  const peer = await PythonPeer.serial(pair.pathA)
  const watched = watchedLinks(() => undefined)
  const { link } = watched.links.openLink(`serial:${pair.pathB}?baud=3000000&chunk=4096`)
  await link!.whenConnected()
  return joined(watched, link!, peer, () => pair.close())
}
