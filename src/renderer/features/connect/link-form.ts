import type { LineFraming } from '../../../shared/model/line-rate'
import {
  DEFAULT_BAUD,
  DEFAULT_DIALECT,
  type FlowControl,
  type LineAtOpen,
} from '../../../shared/model/link-url'

export type LinkKind = 'serial' | 'tcp' | 'tcp-listen' | 'ws' | 'ws-listen' | 'udp' | 'udp-listen' | 'sim'
export type TlsMode = 'no' | 'yes' | 'unverified'
export type FormField =
  | 'path'
  | 'baud'
  | 'host'
  | 'port'
  | 'listenHost'
  | 'listenPort'
  | 'wsHost'
  | 'wsPort'
  | 'wsPath'
  | 'wsListenHost'
  | 'wsListenPort'
  | 'udpHost'
  | 'udpPort'
  | 'udpListenHost'
  | 'udpListenPort'
  | 'datagram'
  | 'resource'
  | 'device'
  | 'chunk'
  | 'seed'
  | 'flip'
  | 'drop'
  | 'reset'
  | 'gap'
  | 'heartbeat'
  | 'rate'
  | 'byteRate'
  | 'cert'
  | 'key'
  | 'password'

/** Fields that stand under Advanced, which has to be open for them to be put right. */
export const ADVANCED_FIELDS: ReadonlySet<FormField | null> = new Set<FormField>([
  'chunk',
  'datagram',
  'seed',
  'reset',
  'gap',
  'heartbeat',
  'rate',
  'byteRate',
  'cert',
  'key',
])

/** The connection card as typed. Every tab keeps its own fields, so that changing tabs loses nothing. */
export interface LinkForm {
  readonly kind: LinkKind
  readonly dialect: string
  readonly path: string
  readonly baud: string
  readonly dataBits: string
  readonly parity: LineFraming['parity']
  readonly stopBits: string
  readonly flow: FlowControl
  readonly dtr: LineAtOpen
  readonly rts: LineAtOpen
  /** What a reset pulse does, as a recipe; empty for the usual pulse. */
  readonly reset: string
  /** Raw bytes: milliseconds of silence that end a piece; empty for the default. */
  readonly gap: string
  readonly host: string
  readonly port: string
  readonly listenHost: string
  readonly listenPort: string
  readonly wsHost: string
  readonly wsPort: string
  readonly wsPath: string
  readonly wsListenHost: string
  readonly wsListenPort: string
  readonly udpHost: string
  readonly udpPort: string
  readonly udpListenHost: string
  readonly udpListenPort: string
  /** Most bytes of a datagram; empty = the default. */
  readonly datagram: string
  /** Path and query that a client names to its peer, in protocols that do. */
  readonly resource: string
  /** A listener passes messages on from peer to peer, in protocols with names for them. */
  readonly isBroker: boolean
  readonly device: string
  readonly simBaud: string
  readonly seed: string
  readonly flip: string
  readonly drop: string
  readonly chunk: string
  /** Only what is typed in this card: it comes back from nowhere. */
  readonly password: string
  /** How long to wait and for how many peers, as options of an address: kept of an address that had them. */
  readonly waits: string
  /** Seconds between two heartbeats, in protocols that have them; empty = the default. */
  readonly heartbeat: string
  /** What a peer may send in a second, in protocols that limit it; empty = as much as it can. */
  readonly rate: string
  readonly byteRate: string
  /** Large messages are compressed, in protocols that can. */
  readonly isCompressing: boolean
  /** TCP: `unverified` believes whoever answers. */
  readonly tls: TlsMode
  /** Files of TLS; empty = none. */
  readonly ca: string
  readonly cert: string
  readonly key: string
  /** TCP: what is behind the address can damage bytes. */
  readonly isLossy: boolean
  /** A link that was lost is opened again by itself. */
  readonly isReconnecting: boolean
  /** Nothing is ever written to the device. */
  readonly isListenOnly: boolean
}

export const EMPTY_FORM: LinkForm = {
  kind: 'serial',
  dialect: DEFAULT_DIALECT,
  path: '',
  baud: String(DEFAULT_BAUD),
  dataBits: '8',
  parity: 'none',
  stopBits: '1',
  flow: 'none',
  dtr: 'leave',
  rts: 'leave',
  reset: '',
  gap: '',
  host: '127.0.0.1',
  port: '',
  listenHost: '127.0.0.1',
  listenPort: '0',
  wsHost: '127.0.0.1',
  wsPort: '',
  wsPath: '',
  wsListenHost: '127.0.0.1',
  wsListenPort: '0',
  udpHost: '127.0.0.1',
  udpPort: '',
  udpListenHost: '127.0.0.1',
  udpListenPort: '0',
  datagram: '',
  resource: '',
  isBroker: false,
  device: 'demo',
  simBaud: String(DEFAULT_BAUD),
  seed: '1',
  flip: '0',
  drop: '0',
  chunk: '',
  password: '',
  waits: '',
  heartbeat: '',
  rate: '',
  byteRate: '',
  isCompressing: false,
  tls: 'no',
  ca: '',
  cert: '',
  key: '',
  isLossy: false,
  isReconnecting: true,
  isListenOnly: false,
}

export const COMMON_BAUDS: readonly string[] = [
  '9600',
  '19200',
  '38400',
  '57600',
  '115200',
  '230400',
  '460800',
  '921600',
  '1000000',
  '2000000',
  '3000000',
]

export const isTcp = (kind: LinkKind): boolean => kind === 'tcp' || kind === 'tcp-listen'

/** There may be TLS below. */
export const hasTls = (kind: LinkKind): boolean => isTcp(kind) || kind === 'ws' || kind === 'ws-listen'

export const isUdp = (kind: LinkKind): boolean => kind === 'udp' || kind === 'udp-listen'

/** Waits for peers. */
export const isListener = (kind: LinkKind): boolean => kind.endsWith('-listen')

/** The client names a path and a query to its peer; a WebSocket does by its own path. */
export const hasResource = ({ kind, dialect }: Pick<LinkForm, 'kind' | 'dialect'>): boolean =>
  dialect === 'socketd' && kind !== 'ws' && !isListener(kind)

/** Peers have names, and may write to each other. */
export const hasBroker = ({ kind, dialect }: Pick<LinkForm, 'kind' | 'dialect'>): boolean =>
  dialect === 'socketd' && isListener(kind)

/** Large messages are cut into fragments, which is what they are called there. */
export const hasFragments = ({ dialect }: Pick<LinkForm, 'dialect'>): boolean => dialect === 'socketd'

/** The protocol cuts what comes where the line falls silent. */
export const hasGap = ({ dialect }: Pick<LinkForm, 'dialect'>): boolean => dialect === 'raw'

/** The protocol asks whether the peer is there. */
export const hasHeartbeat = ({ dialect }: Pick<LinkForm, 'dialect'>): boolean =>
  dialect === 'netconduit' || dialect === 'socketd'

/** The protocol can compress. */
export const hasCompression = ({ dialect }: Pick<LinkForm, 'dialect'>): boolean => dialect === 'netconduit'

/** Peers that come may be held to a rate. */
export const hasRates = ({ kind, dialect }: Pick<LinkForm, 'kind' | 'dialect'>): boolean =>
  kind === 'tcp-listen' && dialect === 'netconduit'

/** The protocol knows passwords. */
export const hasPassword = ({ dialect }: Pick<LinkForm, 'dialect'>): boolean =>
  dialect === 'native' || dialect === 'netconduit'

/** `8N1`: data bits, first letter of the parity, stop bits. */
export const framingText = (framing: {
  dataBits: string | number
  parity: string
  stopBits: string | number
}): string => `${framing.dataBits}${framing.parity.charAt(0).toUpperCase()}${framing.stopBits}`
