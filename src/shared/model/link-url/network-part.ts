import { type AddressQuery, badAddress } from './address-query'

export interface WithTls {
  /** Absent = plain. */
  readonly tls?: TlsSettings
}

/** TLS from the first byte on. Paths name PEM files. */
export interface TlsSettings {
  /** False: whoever answers is believed; the line is protected against listeners, not against impostors. */
  readonly isVerified: boolean
  /** Who may have signed the certificate of the server; absent = whom the system trusts. */
  readonly ca?: string
  /** Certificate and key of a listener. */
  readonly cert?: string
  readonly key?: string
}

interface Place {
  readonly host: string
  readonly port: number
}

type Of<Scheme extends string, Rest> = { readonly scheme: Scheme } & Place & Rest
interface WithPath {
  /** Of a listener: what may be asked for; `/` = anything. */
  readonly path: string
}
interface WithDatagrams {
  /** Most bytes of a datagram; absent = `DEFAULT_DATAGRAM_BYTES`. */
  readonly datagramBytes?: number
}

export type NetworkPart =
  | Of<'tcp', WithTls>
  | Of<'tcp-listen', WithTls>
  | Of<'ws', WithTls & WithPath>
  | Of<'ws-listen', WithTls & WithPath>
  | Of<'udp', WithDatagrams>
  | Of<'udp-listen', WithDatagrams>

/** Fits in one packet of Ethernet, tunnels included; larger ones are cut by routers and lost as a whole. */
export const DEFAULT_DATAGRAM_BYTES = 1400
export const MIN_DATAGRAM_BYTES = 512
/** What UDP over IPv4 can carry at all. */
export const MAX_DATAGRAM_BYTES = 65_507

const isListenScheme = (scheme: NetworkPart['scheme']): boolean => scheme.endsWith('-listen')

/** Host, port and path of the address, and its options; undefined where `scheme` is none of a network. @throws ConsoleError `URL_INVALID`, `URL_BAD_OPTION`. */
export function parseNetwork(
  scheme: string,
  rest: string,
  query: AddressQuery,
  text: string,
): NetworkPart | undefined {
  switch (scheme) {
    case 'tcp':
    case 'tcp-listen':
      return { scheme, ...parseHostPort(rest, isListenScheme(scheme), text), ...parseTls(query, scheme) }
    case 'wss':
      return { scheme: 'ws', ...parseWeb(rest, 'ws', 443, text), ...parseTls(query, 'ws', true) }
    case 'ws':
    case 'ws-listen':
      return { scheme, ...parseWeb(rest, scheme, 80, text), ...parseTls(query, scheme) }
    case 'udp':
    case 'udp-listen':
      return { scheme, ...parseHostPort(rest, isListenScheme(scheme), text), ...parseDatagram(query) }
    default:
      return undefined
  }
}

export function parseHostPort(rest: string, mayBeZero: boolean, text: string): Place {
  const match = /^\/\/(\[[0-9a-fA-F:.]+(?:%[\w.-]+)?\]|[^:/[\]\s]+):(\d{1,5})\/?$/.exec(rest)
  const port = Number(match?.[2])
  if (!match || port > 65_535 || (port === 0 && !mayBeZero)) {
    throw badAddress(
      'URL_INVALID',
      `"${text}" does not name host:port with a port of ${mayBeZero ? 0 : 1} to 65535`,
    )
  }
  return { host: match[1]!.replace(/^\[|\]$/g, ''), port }
}

function parseWeb(
  rest: string,
  scheme: 'ws' | 'ws-listen',
  defaultPort: number,
  text: string,
): Place & { readonly path: string } {
  const match = /^(\/\/[^/]*)(\/.*)?$/.exec(rest)
  // No port means the one of the web, as everywhere else.
  const place = match?.[1] ?? ''
  const withPort = /:\d+$/.test(place) ? place : `${place}:${defaultPort}`
  const path = match?.[2] ?? '/'
  checkWebPath(path, text)
  return { ...parseHostPort(withPort, isListenScheme(scheme), text), path }
}

/** @throws ConsoleError `URL_INVALID`. */
export function checkWebPath(path: string, text: string): void {
  if (!/^[\x21-\x7e]+$/.test(path) || path.includes('#')) {
    throw badAddress('URL_INVALID', `"${text}" has a path that no web address may have`)
  }
}

/** @param isImplied - The scheme says already that there is TLS. */
export function parseTls(
  query: AddressQuery,
  scheme: 'tcp' | 'tcp-listen' | 'ws' | 'ws-listen',
  isImplied = false,
): WithTls {
  const mode = isImplied
    ? query.oneOf('tls', ['yes', 'unverified'])
    : query.oneOf('tls', ['no', 'yes', 'unverified'])
  const [ca, cert, key] = [query.text('ca'), query.text('cert'), query.text('key')]
  if (mode === 'no') {
    if (ca + cert + key === '') return {}
    throw badAddress('URL_BAD_OPTION', 'ca, cert and key mean something with tls=yes only')
  }
  if (isListenScheme(scheme)) {
    if (mode === 'yes' && ca === '' && cert !== '' && key !== '') {
      return { tls: { isVerified: true, cert, key } }
    }
    throw badAddress(
      'URL_BAD_OPTION',
      'a listener with tls=yes needs cert=FILE and key=FILE, and nothing else of TLS',
    )
  }
  if (cert + key !== '') throw badAddress('URL_BAD_OPTION', 'cert and key belong to a listener')
  return { tls: { isVerified: mode === 'yes', ...(ca !== '' && { ca }) } }
}

export function parseDatagram(query: AddressQuery): { readonly datagramBytes?: number } {
  const datagramBytes = query.int('datagram', DEFAULT_DATAGRAM_BYTES, MIN_DATAGRAM_BYTES, MAX_DATAGRAM_BYTES)
  return datagramBytes === DEFAULT_DATAGRAM_BYTES ? {} : { datagramBytes }
}

/** `host:port` as people write it; IPv6 addresses in brackets. */
export const hostPort = ({ host, port }: Place): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
