import { randomUUID } from 'node:crypto'
import type { Endpoint } from '../src/main/netcore/endpoint/endpoint'
import type { Link } from '../src/main/link/link'
import { FileTransfers } from '../src/main/operate/conduit-files/file-transfers'
import { FilePusher } from '../src/main/operate/conduit-files/push-file'
import { PushedFiles } from '../src/main/operate/conduit-files/pushed-files'
import type { ReceivedFile } from '../src/main/operate/conduit-files/receiving-file'
import { type InteropSession, joined, watchedLinks } from './session'
import { PythonPeer } from './python-peer'

export interface ConduitOptions {
  readonly password?: string
  /** Options of our address, such as `compress=yes`. */
  readonly address?: string
  /** Options of the Python program. */
  readonly peer?: readonly string[]
  /** Folder of our side's file transfer. */
  readonly files?: string
}

const urlOf = (scheme: string, port: number, { password = 'secret', address = '' }: ConduitOptions): string =>
  `${scheme}://127.0.0.1:${port}?dialect=netconduit&password=${password}${address === '' ? '' : `&${address}`}`

/** Python serves, we connect. Resolves whether or not we are let in. */
export async function toPythonServer(
  options: ConduitOptions & { readonly onReceived?: (file: ReceivedFile) => void } = {},
): Promise<InteropSession> {
  const peer = PythonPeer.netconduit('serve', ...(options.peer ?? []))
  const { port } = await peer.next('listening')
  const watched = watchedLinks(() => undefined)
  if (options.files !== undefined) {
    const { endpoint, links } = watched
    const { onReceived } = options
    const pushed = new PushedFiles(endpoint, {
      dir: options.files,
      clock: links.clock,
      ...(onReceived && { onReceived }),
    })
    endpoint.register(pushed.blueprint)
  }
  const { link } = watched.links.openLink(urlOf('tcp', port as number, options))
  return joined(watched, link!, peer)
}

/** We serve, Python connects. */
export interface ConduitServer {
  readonly endpoint: Endpoint
  readonly links: readonly Link[]
  readonly pusher: FilePusher
  /** One more Python client, in or refused. */
  connect(...peerOptions: readonly string[]): Promise<PythonPeer>
  close(): Promise<void>
}

export async function forPythonClients(options: ConduitOptions = {}): Promise<ConduitServer> {
  const links: Link[] = []
  const watched = watchedLinks((link) => links.push(link))
  const pusher = new FilePusher(watched.links.clock, randomUUID)
  watched.endpoint.register(pusher.blueprint)
  if (options.files !== undefined) {
    watched.endpoint.register(new FileTransfers({ dir: options.files, clock: watched.links.clock }).blueprint)
  }
  const { listener } = watched.links.openLink(urlOf('tcp-listen', 0, options))
  await listener!.open()
  const { address } = listener!
  const peers: PythonPeer[] = []
  return {
    endpoint: watched.endpoint,
    links,
    pusher,
    async connect(...peerOptions) {
      const port = 'port' in address ? String(address.port) : ''
      const peer = PythonPeer.netconduit('client', '--port', port, ...peerOptions)
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
