import type { Link } from '../src/main/link/link'
import type { Endpoint } from '../src/main/netcore/endpoint/endpoint'
import type { TraceEvent } from '../src/shared/model/trace'
import { type InteropSession, joined, watchedLinks } from './session'
import { PeerProcess } from './peer-process'
import { PythonPeer } from './python-peer'

export type SocketdScheme = 'tcp' | 'ws' | 'udp'

/** A program built on a real Socket.D, in this role and with these arguments. */
export type SocketdProgram = (...args: readonly string[]) => PeerProcess

/** interop/java/Peer.java, as `npm run test:interop` builds it. */
export const inJava: SocketdProgram = (...args) => {
  const classPath = process.env['SOCKETD_JAVA']
  if (classPath === undefined)
    throw new Error('SOCKETD_JAVA is not set: run these tests with "npm run test:interop"')
  // A test is over before the better compiler has paid.
  return new PeerProcess('java', ['-XX:TieredStopAtLevel=1', '-cp', classPath, 'Peer', ...args])
}

export const inPython: SocketdProgram = (...args) => PythonPeer.socketd(...args)

/** A real server, and the port it listens on. */
export async function startServer(
  program: SocketdProgram,
  ...args: readonly string[]
): Promise<{ readonly peer: PeerProcess; readonly port: number }> {
  const peer = program('serve', ...args)
  const { port } = await peer.next('listening')
  return { peer, port: port as number }
}

/** We connect to a server that runs; `target` is what stands behind the port. Resolves whether or not we are let in. */
export function toServer(
  scheme: SocketdScheme | 'tcps' | 'wss',
  { peer, port }: { readonly peer: PeerProcess; readonly port: number },
  target = '/',
): InteropSession {
  const watched = watchedLinks(() => undefined)
  const { link } = watched.links.openLink(`sd:${scheme}://127.0.0.1:${port}${target}`)
  const session = joined(watched, link!, peer)
  return { ...session, close: () => watched.links.closeAll() }
}

/** We serve, real clients connect. */
export interface SocketdServer {
  readonly endpoint: Endpoint
  /** One link for each client that came. */
  readonly links: readonly Link[]
  readonly trace: readonly TraceEvent[]
  /** One more client, in or refused; `resource` is the path and query it asks for. */
  connect(resource?: string, ...args: readonly string[]): Promise<PeerProcess>
  close(): Promise<void>
}

export async function forClients(
  scheme: SocketdScheme,
  program: SocketdProgram,
  options = '',
): Promise<SocketdServer> {
  const links: Link[] = []
  const watched = watchedLinks((link) => links.push(link))
  const { listener } = watched.links.openLink(
    `${scheme}-listen://127.0.0.1:0?dialect=socketd${options === '' ? '' : `&${options}`}`,
  )
  await listener!.open()
  const { address } = listener!
  const peers: PeerProcess[] = []
  return {
    endpoint: watched.endpoint,
    links,
    trace: watched.trace,
    async connect(resource = '/', ...args) {
      const port = 'port' in address ? address.port : 0
      const peer = program('client', `sd:${scheme}://127.0.0.1:${port}${resource}`, ...args)
      peers.push(peer)
      await Promise.race([peer.next('connected'), peer.next('refused')])
      return peer
    },
    async close() {
      await watched.links.closeAll()
      await Promise.all(peers.map((peer) => peer.kill()))
    },
  }
}
