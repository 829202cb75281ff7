import type { Checksum } from '../../src/shared/bytes/crc32c'
import type { Ours } from '../targets'
import type { BenchPeer } from './peer'

/**
 * Every measured peer. Loaded only in the process that runs it: what one peer needs in memory is no burden of another.
 */
export interface PeerEntry {
  readonly name: string
  /** One sentence for the results. */
  readonly about: string
  /**
   * `limit`: what the machine can do. `peer`: somebody else's. `ours`: default options. `variant`: ours with options, for
   * bulk only. `watched`: ours with the console attached.
   */
  readonly kind: 'limit' | 'peer' | 'ours' | 'variant' | 'watched'
  readonly load: () => Promise<BenchPeer>
}

const stack = (
  name: string,
  about: string,
  kind: PeerEntry['kind'],
  query: string,
  checksum?: () => Promise<() => Checksum>,
): PeerEntry => ({
  name,
  about: `${about} (\`${query}\`)`,
  kind,
  async load() {
    const { oursPeer } = await import('./ours')
    return oursPeer(name, { query, ...(checksum && { checksum: await checksum() }) })
  },
})

const watchedStack = (name: string, query: string): PeerEntry => ({
  name,
  about: `our stack with capture, feeds and a screen attached (\`${query}\`)`,
  kind: 'watched',
  async load() {
    const [{ oursPeer }, { attachConsole }] = await Promise.all([
      import('./ours'),
      import('./watching-console'),
    ])
    return oursPeer(name, { query, attach: attachConsole })
  },
})

const builtInChecksum = async (): Promise<() => Checksum> => {
  const { crc32c } = await import('../../src/shared/bytes/crc32c')
  return () => crc32c
}

const fastestChecksum = async (): Promise<() => Checksum> =>
  (await import('../../src/main/link/fast-checksum')).fastChecksum

export const outsiders: readonly PeerEntry[] = [
  {
    name: 'raw-64k',
    about: 'plain socket writes of 64 KiB; requests on a connection of their own',
    kind: 'limit',
    load: async () => (await import('./raw')).rawPeer('raw-64k', '64k'),
  },
  {
    name: 'raw-4k',
    about: '16-byte header and 4 KiB, sixteen of them corked; requests on a connection of their own',
    kind: 'limit',
    load: async () => (await import('./raw')).rawPeer('raw-4k', '4k'),
  },
  {
    name: 'http2',
    about: 'node:http2 without TLS, a stream per transfer and request',
    kind: 'peer',
    load: async () => (await import('./over-tcp')).overTcp((await import('./http2')).http2Peer),
  },
  {
    name: 'yamux',
    about: '@chainsafe/libp2p-yamux 8.0.1, a stream per transfer and request',
    kind: 'peer',
    load: async () => (await import('./over-tcp')).overTcp((await import('./yamux')).yamuxPeer),
  },
  {
    name: 'rsocket',
    about: 'rsocket-js 0.0.27, channels of 4 KiB payloads with 256 asked for ahead, request/response',
    kind: 'peer',
    load: async () => (await import('./over-tcp')).overTcp((await import('./rsocket')).rsocketPeer),
  },
  {
    name: 'ws',
    about: 'ws 8, one binary message per transfer, requests and answers by id',
    kind: 'peer',
    load: async () => (await import('./over-tcp')).overTcp((await import('./ws')).wsPeer),
  },
]

interface OurPeers extends Ours {
  readonly entries: readonly PeerEntry[]
}

const lso: OurPeers = {
  dialect: 'lso',
  name: 'lso',
  unchecked: 'lso',
  coalesced: 'lso-64k',
  watched: 'lso+console',
  entries: [
    stack('lso', 'our stack on the wire of the Python Netcore', 'ours', 'dialect=lso'),
    stack('lso-64k', 'the same with chunks of 64 KiB', 'variant', 'dialect=lso&chunk=65536'),
    watchedStack('lso+console', 'dialect=lso'),
  ],
}

const native: OurPeers = {
  dialect: 'native',
  name: 'native',
  unchecked: 'native',
  coalesced: 'native-64k',
  checked: 'native-crc',
  fastChecked: 'native-fast-crc',
  watched: 'native+console',
  entries: [
    stack('native', 'our stack on its own wire', 'ours', 'dialect=native'),
    stack('native-64k', 'the same with chunks of 64 KiB', 'variant', 'dialect=native&chunk=65536'),
    stack('native-crc', 'a checksum on every frame, built in', 'variant', 'dialect=native', builtInChecksum),
    stack(
      'native-fast-crc',
      'a checksum on every frame, by the fastest function of this machine',
      'variant',
      'dialect=native',
      fastestChecksum,
    ),
    watchedStack('native+console', 'dialect=native'),
  ],
}

/** Our side of what is measured beside the library it talks to, see `libraries/`. */
export const companions: readonly PeerEntry[] = [
  {
    name: 'netconduit',
    about: 'our stack on the wire of netconduit (`dialect=netconduit`)',
    kind: 'ours',
    async load() {
      const [{ oursPeer }, { netconduitWords }] = await Promise.all([
        import('./ours'),
        import('../libraries/netconduit-words'),
      ])
      return oursPeer('netconduit', {
        query: 'dialect=netconduit&password=secret',
        words: netconduitWords,
      })
    },
  },
  stack('socketd', 'our stack on the wire of Socket.D', 'ours', 'dialect=socketd'),
  {
    name: 'socketd-ws',
    about: 'the same over WebSocket (`dialect=socketd`)',
    kind: 'ours',
    async load() {
      const { oursPeer } = await import('./ours')
      return oursPeer('socketd-ws', { query: 'dialect=socketd', carrier: 'ws' })
    },
  },
]

/** Our dialects, the best one first. */
export const dialects: readonly OurPeers[] = [native, lso]

/** @throws Error for a name that is not in the table. */
export function peerNamed(name: string): PeerEntry {
  const found = [outsiders, companions, ...dialects.map(({ entries }) => entries)]
    .flat()
    .find((peer) => peer.name === name)
  if (found === undefined) throw new Error(`no peer is called ${name}`)
  return found
}
