import { formatResetRecipe } from './reset-recipe'
import { AddressQuery, badAddress } from './link-url/address-query'
import {
  DEFAULT_DATAGRAM_BYTES,
  type NetworkPart,
  parseNetwork,
  hostPort,
  type TlsSettings,
} from './link-url/network-part'
import { parsePatience, type Patience, putPatience } from './link-url/patience-part'
import { DEFAULT_BAUD, parseSerial, type SerialPart } from './link-url/serial-part'
import {
  checkResource,
  joinWebPath,
  parseSocketdTarget,
  SOCKETD,
  socketdOptions,
  socketdScheme,
} from './link-url/socketd-form'
import { ConsoleError } from '../errors'

export type { TlsSettings, WithTls } from './link-url/network-part'
export { DEFAULT_DATAGRAM_BYTES, MAX_DATAGRAM_BYTES, MIN_DATAGRAM_BYTES } from './link-url/network-part'
export { type Patience, putPatience, type RetryOptions } from './link-url/patience-part'
export type { FlowControl, LineAtOpen, SerialControl } from './link-url/serial-part'
export { DEFAULT_BAUD } from './link-url/serial-part'
export { MAX_RESOURCE_BYTES, SOCKETD_PORT } from './link-url/socketd-form'

/**
 * Link addresses of design.md §8, parsed once. `text` is the normal form and parses to the same address, apart from the
 * password, which it leaves out.
 */
export type LinkAddress = (SerialPart | NetworkPart | SimPart) & LinkOptions

interface SimPart {
  readonly scheme: 'sim'
  readonly device: string
  readonly baud: number
  readonly faults: LineFaults
}

/** The address of a link over a medium that a program brings along. Its text is for people and cannot be parsed. */
export type CustomAddress = { readonly scheme: 'custom' } & LinkOptions

export interface LinkOptions extends Patience {
  readonly dialect: string
  /** Chunk size in bytes; absent = the dialect's default. */
  readonly chunkBytes?: number
  /** Name for people. */
  readonly name?: string
  /** For dialects that ask for one. Never part of `text`, which is shown, traced and remembered. */
  readonly password?: string
  /** The bytes pass a line that can damage them although the address does not say so: a serial port behind a TCP bridge. */
  readonly isLossy?: boolean
  /** Silence that ends a piece in the `raw` dialect; absent = its default, 50 ms. */
  readonly gapMs?: number
  /** Large messages are compressed, in dialects that can (`netconduit`). */
  readonly isCompressing?: true
  /** How often the peer is asked whether it is there, in dialects with heartbeats (`netconduit`); absent = its default. */
  readonly heartbeatSeconds?: number
  /** What a peer may send in a second, in dialects that limit it (`netconduit`); absent = as much as it can. */
  readonly rates?: { readonly messagesPerSecond?: number; readonly bytesPerSecond?: number }
  /** False: a connection that was lost is not opened again. */
  readonly isReconnecting?: false
  /**
   * Path and query that a client names to its peer, raw, in dialects that do (`socketd`); absent = none. What stands in it
   * is shown and remembered, unlike a password.
   */
  readonly resource?: string
  /** A listener passes messages on from peer to peer, in dialects with names for them (`socketd`). */
  readonly isBroker?: true
  /** Nothing is ever written: no messages, no answers, no handshake. */
  readonly isListenOnly?: true
  readonly text: string
}

export interface LineFaults {
  readonly seed: number
  /** Probability per byte that one of its bits flips. */
  readonly flip: number
  /** Probability per byte that it is lost. */
  readonly drop: number
}

export const DEFAULT_DIALECT = 'lso'
export const MAX_PASSWORD_LENGTH = 1024
/** Of the name of a profile, see `Profile`. */
export const MAX_PROFILE_NAME_LENGTH = 64
/** Longest idle gap that `gap=` may ask for. */
export const MAX_GAP_MS = 60_000
/** Longest time between two heartbeats that `heartbeat=` may ask for. */
export const MAX_HEARTBEAT_SECONDS = 3600

/**
 * Parses a link address.
 *
 * @throws ConsoleError `URL_INVALID`, `URL_UNKNOWN_SCHEME` or `URL_BAD_OPTION`, naming the part that is wrong.
 */
export function parseLinkUrl(text: string): LinkAddress {
  const match = /^([a-z][a-z-]*):(.*)$/is.exec(text.trim())
  const shown = withoutPassword(text)
  if (!match)
    throw badAddress('URL_INVALID', `"${shown}" is not a link address: it has no scheme such as "tcp:"`)
  const scheme = match[1]!.toLowerCase()
  const parsed = scheme === 'sd' ? parseSocketd(match[2]!, shown) : parsePlain(scheme, match[2]!, shown)
  return { ...parsed, text: formatLinkUrl(parsed) }
}

/** An address as it was typed, fit for being shown: error messages end up in logs and on screens. */
const withoutPassword = (text: string): string => text.replace(/([?&#]password=)[^&]*/gi, '$1***')

/** The address with its password, for whoever opens it; never for a screen, a trace or a file. */
export function secretLinkUrl(address: LinkAddress): string {
  const { text, password } = address
  if (password === undefined) return text
  const begin = text.startsWith('sd:') ? '#' : '?'
  return `${text}${text.includes(begin) ? '&' : begin}${new URLSearchParams({ password }).toString()}`
}

/** Waits for peers instead of going to one. */
export const isListening = (
  address: LinkAddress | CustomAddress,
): address is Extract<LinkAddress, { scheme: 'tcp-listen' | 'ws-listen' | 'udp-listen' }> =>
  address.scheme === 'tcp-listen' || address.scheme === 'ws-listen' || address.scheme === 'udp-listen'

type Target = SerialPart | NetworkPart | SimPart
type Untexted = Target & Omit<LinkOptions, 'text'>

function parsePlain(scheme: string, all: string, text: string): Untexted {
  const [rest = '', ...queryParts] = all.split('?')
  const query = new AddressQuery(new URLSearchParams(queryParts.join('?')))
  const target = parseTarget(scheme, rest, query, text)
  const options = parseOptions(query, scheme)
  const resource = checkResource(query.text('resource'))
  const isBroker = query.oneOf('broker', ['no', 'yes']) === 'yes'
  query.refuseLeftovers(scheme)
  return joined(target, options, resource, isBroker, text)
}

function parseSocketd(rest: string, text: string): Untexted {
  const query = new AddressQuery(new URLSearchParams(socketdOptions(rest)))
  const { part, resource } = parseSocketdTarget(rest, query, text)
  query.oneOf('dialect', [SOCKETD])
  const options = { ...parseOptions(query, part.scheme), dialect: SOCKETD }
  const isBroker = query.oneOf('broker', ['no', 'yes']) === 'yes'
  query.refuseLeftovers('sd')
  return joined(part, options, checkResource(resource), isBroker, text)
}

function joined(
  target: Target,
  options: Omit<LinkOptions, 'text'>,
  named: string | undefined,
  isBroker: boolean,
  text: string,
): Untexted {
  const isSocketd = options.dialect === SOCKETD
  if (named !== undefined && !isSocketd)
    throw badAddress('URL_BAD_OPTION', 'resource belongs to dialect=socketd')
  if (isBroker && !(isSocketd && target.scheme.endsWith('-listen'))) {
    throw badAddress('URL_BAD_OPTION', 'broker=yes belongs to a listener with dialect=socketd')
  }
  const more = isBroker ? { isBroker } : {}
  if (!isSocketd || target.scheme !== 'ws') {
    return { ...target, ...options, ...(named !== undefined && { resource: named }), ...more }
  }
  const path = joinWebPath(target.path, named, text)
  const resource = named ?? checkResource(path)
  return { ...target, path, ...options, ...(resource !== undefined && { resource }) }
}

function parseTarget(scheme: string, rest: string, query: AddressQuery, text: string): Target {
  if (scheme === 'serial') return parseSerial(rest, query, text)
  if (scheme === 'sim') return parseSim(rest, query, text)
  const network = parseNetwork(scheme, rest, query, text)
  if (network) return network
  throw new ConsoleError('URL_UNKNOWN_SCHEME', `"${scheme}:" is not a kind of link`, { scheme })
}

function parseSim(rest: string, query: AddressQuery, text: string): SimPart {
  const device = rest.replace(/^\/\//, '')
  if (!/^[a-z][a-z0-9-]*$/.test(device))
    throw badAddress('URL_INVALID', `"${text}" names no simulated device`)
  const faults = {
    seed: query.int('seed', 1, 0, 0xffff_ffff),
    flip: query.probability('flip'),
    drop: query.probability('drop'),
  }
  return { scheme: 'sim', device, baud: query.int('baud', DEFAULT_BAUD, 50, 100_000_000), faults }
}

function parseOptions(query: AddressQuery, scheme: string): Omit<LinkOptions, 'text'> {
  const chunkBytes = query.int('chunk', 0, 0, 1 << 20)
  const name = query.text('name')
  const password = query.text('password')
  if (password.length > MAX_PASSWORD_LENGTH) {
    throw badAddress(
      'URL_BAD_OPTION',
      `password has ${password.length} characters, ${MAX_PASSWORD_LENGTH} are allowed`,
    )
  }
  const isLossy = query.oneOf('lossy', ['no', 'yes']) === 'yes'
  const gapMs = query.int('gap', 0, 1, MAX_GAP_MS)
  const isCompressing = query.oneOf('compress', ['no', 'yes']) === 'yes'
  const heartbeatSeconds = query.int('heartbeat', 0, 1, MAX_HEARTBEAT_SECONDS)
  const messagesPerSecond = query.int('rate', 0, 1, 1_000_000)
  const bytesPerSecond = query.int('byterate', 0, 1, 1_000_000_000)
  const rates = {
    ...(messagesPerSecond > 0 && { messagesPerSecond }),
    ...(bytesPerSecond > 0 && { bytesPerSecond }),
  }
  const isReconnecting = query.oneOf('reconnect', ['yes', 'no']) === 'yes'
  const isListenOnly = query.oneOf('listen', ['no', 'only']) === 'only'
  return {
    dialect: query.text('dialect') || DEFAULT_DIALECT,
    ...(chunkBytes > 0 && { chunkBytes }),
    ...(name !== '' && { name }),
    ...(password !== '' && { password }),
    ...(isLossy && { isLossy }),
    ...(gapMs > 0 && { gapMs }),
    ...(isCompressing && { isCompressing }),
    ...(heartbeatSeconds > 0 && { heartbeatSeconds }),
    ...(Object.keys(rates).length > 0 && { rates }),
    ...parsePatience(query, scheme),
    ...(!isReconnecting && { isReconnecting }),
    ...(isListenOnly && { isListenOnly }),
  }
}

/** Writes an address in its normal form: defaults are left out, and so is what its dialect has no words for. */
export function formatLinkUrl(address: Untexted): string {
  const query = new URLSearchParams()
  const put: Put = (key, value, fallback) => {
    if (value !== fallback) query.set(key, String(value))
  }
  const isSocketdForm = address.dialect === SOCKETD && /^(tcp|ws|udp)$/.test(address.scheme)
  const target = putTarget(address, isSocketdForm, put)
  if (!isSocketdForm) {
    put('dialect', address.dialect, DEFAULT_DIALECT)
    if (address.dialect === SOCKETD) put('resource', address.resource ?? '', '')
  }
  putOptions(address, put)
  // A recipe stays readable: only its plus signs have to be written differently.
  const options = query
    .toString()
    .replace(/(?<=\breset=)[^&]*/, (recipe) => recipe.replaceAll('%3A', ':').replaceAll('%2C', ','))
  return options === '' ? target : `${target}${isSocketdForm ? '#' : '?'}${options}`
}

type Put = (key: string, value: string | number, fallback: string | number) => void

function putTarget(address: Untexted, isSocketdForm: boolean, put: Put): string {
  switch (address.scheme) {
    case 'serial':
      put('baud', address.baud, 0)
      put('data', address.framing.dataBits, 8)
      put('parity', address.framing.parity, 'none')
      put('stop', address.framing.stopBits, 1)
      put('flow', address.flow ?? 'none', 'none')
      put('dtr', address.dtr ?? 'leave', 'leave')
      put('rts', address.rts ?? 'leave', 'leave')
      put('reset', formatResetRecipe(address.reset ?? []), '')
      return `serial:${address.path}`
    case 'sim':
      put('baud', address.baud, 0)
      put('seed', address.faults.seed, 1)
      put('flip', address.faults.flip, 0)
      put('drop', address.faults.drop, 0)
      return `sim:${address.device}`
    case 'udp':
    case 'udp-listen':
      put('datagram', address.datagramBytes ?? DEFAULT_DATAGRAM_BYTES, DEFAULT_DATAGRAM_BYTES)
      break
    default:
      putTls(address.tls, isSocketdForm, put)
  }
  if (isSocketdForm) return `${socketdScheme(address)}://${hostPort(address)}${address.resource ?? ''}`
  // Without the dialect a query would be ours.
  const path = 'path' in address && address.path !== '/' ? address.path.split('?')[0] : ''
  return `${address.scheme}://${hostPort(address)}${path}`
}

/** @param isImplied - The scheme says already that there is TLS, see `socketdScheme`. */
function putTls(tls: TlsSettings | undefined, isImplied: boolean, put: Put): void {
  if (tls === undefined) return
  const { isVerified, ca = '', cert = '', key = '' } = tls
  put('tls', isVerified ? 'yes' : 'unverified', isImplied ? 'yes' : 'no')
  put('ca', ca, '')
  put('cert', cert, '')
  put('key', key, '')
}

function putOptions(address: Untexted, put: Put): void {
  if (address.chunkBytes !== undefined) put('chunk', address.chunkBytes, 0)
  if (address.name !== undefined) put('name', address.name, '')
  if (address.isLossy === true) put('lossy', 'yes', 'no')
  if (address.gapMs !== undefined) put('gap', address.gapMs, 0)
  if (address.isCompressing === true) put('compress', 'yes', 'no')
  if (address.heartbeatSeconds !== undefined) put('heartbeat', address.heartbeatSeconds, 0)
  put('rate', address.rates?.messagesPerSecond ?? 0, 0)
  put('byterate', address.rates?.bytesPerSecond ?? 0, 0)
  if (address.isBroker === true && address.dialect === SOCKETD) put('broker', 'yes', 'no')
  putPatience(address, put)
  if (address.isReconnecting === false) put('reconnect', 'no', 'yes')
  if (address.isListenOnly === true) put('listen', 'only', 'no')
}
