import { randomInt } from 'node:crypto'
import { ConsoleError } from '../../shared/errors'
import type { Clock } from '../../shared/model/clock'
import {
  type CustomAddress,
  DEFAULT_DIALECT,
  type LinkAddress,
  parseLinkUrl,
} from '../../shared/model/link-url'
import type { TraceObserver } from '../../shared/model/trace'
import { attachEndpoint } from '../link/endpoint-link'
import { Link } from '../link/link'
import type { ReconnectPolicy } from '../link/link-machine'
import { type CommonLinkOptions, PeerListener } from '../link/listener'
import type { RandomSource } from '../netcore/dialects/dialect'
import type { Endpoint } from '../netcore/endpoint/endpoint'
import { LARGEST_MESSAGE_BYTES, type StackLimits } from '../netcore/pipe/limits'
import type { MessageStore } from '../netcore/pipe/message-body'
import { transportFor } from '../simulator/transport-for'
import type { CustomOptions } from '../transport/custom'
import type { Transport } from '../transport/transport'
import { systemClock } from './machine-clock'

export interface LineOptions {
  /** Of a transport: default `lso`. An address says it by itself (`?dialect=native`). */
  readonly dialect?: string
  readonly chunkBytes?: number
  readonly name?: string
  readonly password?: string
}

export interface OpenOptions extends LineOptions {
  /** Serves what comes in, and can send on the link. Its pipe has the name of the link. */
  readonly endpoint?: Endpoint
  /** Where large bodies gather (`FileStore`); messages may be 2 GiB then. Default: memory, and 256 MiB. */
  readonly store?: MessageStore
  readonly limits?: Partial<StackLimits>
  readonly onTrace?: TraceObserver
  /** Default: `systemClock`. */
  readonly clock?: Clock
  /** Whole numbers from 0 to below `bound`. Default: those of `node:crypto`. */
  readonly random?: RandomSource
}

export interface ConnectOptions extends OpenOptions {
  /** Open again after a loss, for ever. Default: false. */
  readonly reconnect?: boolean | Partial<ReconnectPolicy>
  /** Aborting gives up waiting. */
  readonly signal?: AbortSignal
}

/**
 * Opens a link, and resolves when it is connected.
 *
 * @param target - An address such as `tcp://127.0.0.1:4242`, `serial:/dev/ttyUSB0?baud=115200`, `sim:demo`; or a transport
 *   (`customTransport`, `duplexTransport`).
 * @throws ConsoleError why it can not be opened: then nothing is left open. `URL_INVALID`, `DIALECT_UNKNOWN`,
 *   `LINK_REFUSED`, `PORT_MISSING`, `AUTH_FAILED`, …
 */
export async function connect(target: string | Transport, options: ConnectOptions = {}): Promise<Link> {
  const { reconnect = false, signal, onTrace } = options
  const { address, transport } = lineTo(target, options)
  const { lineRate } = transport.options ?? {}
  const link = new Link({
    id: nextId(),
    address,
    transport,
    ...common(options),
    reconnect: typeof reconnect === 'boolean' ? { isOn: reconnect } : { isOn: true, ...reconnect },
    ...(lineRate && { lineRate }),
    onTrace: onTrace ?? (() => {}),
  })
  const attached = options.endpoint && attachEndpoint(options.endpoint, link)
  link.open()
  try {
    await link.whenConnected(signal)
    return link
  } catch (error) {
    attached?.detach()
    await link.close()
    throw error
  }
}

/** What waits for peers. */
export interface Listening {
  /** With the real port where 0 was asked; without the password. */
  readonly url: string
  /** What peers on this machine connect to. */
  readonly peerUrl: string
  /** Links of the peers that are connected now. */
  readonly peers: readonly Link[]
  /** Hangs up on all peers, and stops listening. */
  close(): Promise<void>
}

export interface ListenOptions extends Omit<OpenOptions, keyof LineOptions> {
  /** Each peer's link as it comes, before its first byte. */
  readonly onPeer?: (link: Link) => void
}

/**
 * Waits for peers on an address such as `tcp-listen://127.0.0.1:0`; resolves when they can come.
 *
 * @throws ConsoleError `URL_INVALID`, `OPTION_INVALID` for an address to connect to, `LINK_ADDRESS_IN_USE`, …
 */
export async function listen(url: string, options: ListenOptions = {}): Promise<Listening> {
  const { endpoint, onPeer, onTrace } = options
  const address = parseLinkUrl(url)
  const transport = transportFor(address, options.clock ?? systemClock)
  if (!('listen' in transport)) {
    throw new ConsoleError('OPTION_INVALID', `${address.text} is an address to connect to`, {
      remedy: 'Use connect for it, or listen on tcp-listen://127.0.0.1:0.',
    })
  }
  const listener = new PeerListener({
    id: nextId(),
    address,
    transport,
    common: common(options),
    onTrace: onTrace ?? (() => {}),
    nextId,
    onPeer: (link) => {
      if (endpoint) attachEndpoint(endpoint, link)
      onPeer?.(link)
    },
    onPeerGone: () => {},
  })
  await listener.open()
  return {
    url: listener.address.text,
    peerUrl: listener.address.text.replace(/^(\w+)-listen:/, '$1:').replace('&broker=yes', ''),
    get peers() {
      return listener.peers
    },
    close: () => listener.close(),
  }
}

let lastId = 0
function nextId(): number {
  lastId += 1
  return lastId
}

function common({ clock = systemClock, random = randomInt, store, limits }: OpenOptions): CommonLinkOptions {
  return {
    clock,
    random,
    ...(store && { store }),
    limits: { ...(store && { messageBytes: LARGEST_MESSAGE_BYTES }), ...limits },
  }
}

/** A transport that may say what its line is like. */
type DescribedTransport = Transport & { readonly options?: CustomOptions }

function lineTo(
  target: string | Transport,
  options: ConnectOptions,
): { readonly address: LinkAddress | CustomAddress; readonly transport: DescribedTransport } {
  if (typeof target !== 'string') {
    const transport: DescribedTransport = target
    return { address: customAddress(transport.options ?? {}, options), transport }
  }
  const address = parseLinkUrl(target)
  const { name, password, chunkBytes, dialect } = options
  const wanted: LinkAddress = {
    ...address,
    ...(dialect !== undefined && { dialect }),
    ...(chunkBytes !== undefined && { chunkBytes }),
    ...(name !== undefined && { name }),
    ...(password !== undefined && { password }),
  }
  const transport = transportFor(wanted, options.clock ?? systemClock)
  if ('open' in transport) return { address: wanted, transport }
  throw new ConsoleError('OPTION_INVALID', `${address.text} is an address to listen on`, {
    remedy: 'Use listen for it.',
  })
}

function customAddress(line: CustomOptions, options: LineOptions): CustomAddress {
  const { dialect = DEFAULT_DIALECT, chunkBytes, password } = options
  const name = options.name ?? line.name
  return {
    scheme: 'custom',
    dialect,
    ...(name !== undefined && { name }),
    ...(chunkBytes !== undefined && { chunkBytes }),
    ...(password !== undefined && { password }),
    ...(line.isLossy === true && { isLossy: true }),
    text: `custom:${name ?? ''}?dialect=${dialect}`,
  }
}
