import { ConsoleError } from '../errors'
import type { LineFraming } from './line-rate'
import { formatResetRecipe, parseResetRecipe } from './reset-recipe'
import type { PulseStep } from './views'

/**
 * Link addresses of design.md §8, parsed once. `text` is the normal form and parses to the same address, apart from the
 * password, which it leaves out.
 */
export type LinkAddress = (
  | ({
      readonly scheme: 'serial'
      readonly path: string
      readonly baud: number
      readonly framing: LineFraming
    } & SerialControl)
  | ({ readonly scheme: 'tcp' | 'tcp-listen'; readonly host: string; readonly port: number } & WithTls)
  | { readonly scheme: 'ws'; readonly host: string; readonly port: number; readonly path: string }
  | { readonly scheme: 'sim'; readonly device: string; readonly baud: number; readonly faults: LineFaults }
) &
  LinkOptions

/** The address of a link over a medium that a program brings along. Its text is for people and cannot be parsed. */
export type CustomAddress = { readonly scheme: 'custom' } & LinkOptions

export type FlowControl = 'none' | 'rtscts' | 'xonxoff'
/** What happens to a line when the port opens; `leave` is the way of the system, which raises both lines mostly. */
export type LineAtOpen = 'leave' | 'low' | 'high'

/** What a serial port has beside its data. Absent means the default: no flow control, lines left alone. */
export interface SerialControl {
  readonly flow?: Exclude<FlowControl, 'none'>
  readonly dtr?: Exclude<LineAtOpen, 'leave'>
  readonly rts?: Exclude<LineAtOpen, 'leave'>
  /** What a reset pulse does when a person asks for one; see `parseResetRecipe`. */
  readonly reset?: readonly PulseStep[]
}

export interface WithTls {
  /** Absent = plain TCP. */
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

export interface LinkOptions {
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

export const DEFAULT_BAUD = 115_200
export const DEFAULT_DIALECT = 'lso'
export const MAX_PASSWORD_LENGTH = 1024
/** Of the name of a profile, see `Profile`. */
export const MAX_PROFILE_NAME_LENGTH = 64
/** Longest idle gap that `gap=` may ask for. */
export const MAX_GAP_MS = 60_000
/** Longest time between two heartbeats that `heartbeat=` may ask for. */
export const MAX_HEARTBEAT_SECONDS = 3600

const bad = (code: 'URL_INVALID' | 'URL_BAD_OPTION', message: string): ConsoleError =>
  new ConsoleError(code, message)

/**
 * Parses a link address.
 *
 * @throws ConsoleError `URL_INVALID`, `URL_UNKNOWN_SCHEME` or `URL_BAD_OPTION`, naming the part that is wrong.
 */
export function parseLinkUrl(text: string): LinkAddress {
  const trimmed = text.trim()
  const match = /^([a-z][a-z-]*):(.*)$/is.exec(trimmed)
  const shown = withoutPassword(text)
  if (!match) throw bad('URL_INVALID', `"${shown}" is not a link address: it has no scheme such as "tcp:"`)
  const scheme = match[1]!.toLowerCase()
  const [rest = '', ...queryParts] = match[2]!.split('?')
  const query = new Query(new URLSearchParams(queryParts.join('?')))
  const address = parseTarget(scheme, rest, query, shown)
  const options = parseOptions(query)
  query.refuseLeftovers(scheme)
  const parsed = { ...address, ...options }
  return { ...parsed, text: formatLinkUrl(parsed) }
}

/** An address as it was typed, fit for being shown: error messages end up in logs and on screens. */
const withoutPassword = (text: string): string => text.replace(/([?&]password=)[^&]*/gi, '$1***')

/** The address with its password, for whoever opens it; never for a screen, a trace or a file. */
export function secretLinkUrl(address: LinkAddress): string {
  const { text, password } = address
  if (password === undefined) return text
  return `${text}${text.includes('?') ? '&' : '?'}${new URLSearchParams({ password }).toString()}`
}

type Target =
  | ({ scheme: 'serial'; path: string; baud: number; framing: LineFraming } & SerialControl)
  | ({ scheme: 'tcp' | 'tcp-listen'; host: string; port: number } & WithTls)
  | { scheme: 'ws'; host: string; port: number; path: string }
  | { scheme: 'sim'; device: string; baud: number; faults: LineFaults }

function parseTarget(scheme: string, rest: string, query: Query, text: string): Target {
  switch (scheme) {
    case 'serial': {
      // `serial:///dev/ttyUSB0` and `serial://COM3` mean the same as without the two slashes.
      const path = rest.replace(/^\/\/+/, (slashes) => (slashes.length > 2 ? '/' : ''))
      if (path === '') throw bad('URL_INVALID', `"${text}" names no port`)
      return {
        scheme,
        path,
        baud: query.int('baud', DEFAULT_BAUD, 50, 12_000_000),
        framing: parseFraming(query),
        ...parseControl(query),
      }
    }
    case 'ws':
      return { scheme, ...parseWebSocketTarget(rest, text) }
    case 'tcp':
    case 'tcp-listen':
      return { scheme, ...parseHostPort(rest, scheme === 'tcp-listen', text), ...parseTls(query, scheme) }
    case 'sim': {
      const device = rest.replace(/^\/\//, '')
      if (!/^[a-z][a-z0-9-]*$/.test(device)) throw bad('URL_INVALID', `"${text}" names no simulated device`)
      const faults = {
        seed: query.int('seed', 1, 0, 0xffff_ffff),
        flip: query.probability('flip'),
        drop: query.probability('drop'),
      }
      return { scheme, device, baud: query.int('baud', DEFAULT_BAUD, 50, 100_000_000), faults }
    }
    default:
      throw new ConsoleError('URL_UNKNOWN_SCHEME', `"${scheme}:" is not a kind of link`, { scheme })
  }
}

function parseHostPort(rest: string, mayBeZero: boolean, text: string): { host: string; port: number } {
  const match = /^\/\/(\[[0-9a-fA-F:.]+(?:%[\w.-]+)?\]|[^:/[\]\s]+):(\d{1,5})\/?$/.exec(rest)
  const port = Number(match?.[2])
  if (!match || port > 65_535 || (port === 0 && !mayBeZero)) {
    throw bad('URL_INVALID', `"${text}" does not name host:port with a port of ${mayBeZero ? 0 : 1} to 65535`)
  }
  return { host: match[1]!.replace(/^\[|\]$/g, ''), port }
}

function parseWebSocketTarget(rest: string, text: string): { host: string; port: number; path: string } {
  const match = /^(\/\/[^/]*)(\/.*)?$/.exec(rest)
  // No port means the one of http, as everywhere else.
  const place = match?.[1] ?? ''
  const { host, port } = parseHostPort(/:\d+$/.test(place) ? place : `${place}:80`, false, text)
  const path = match?.[2] ?? '/'
  if (!/^[\x21-\x7e]+$/.test(path) || path.includes('#')) {
    throw bad('URL_INVALID', `"${text}" has a path that no web address may have`)
  }
  return { host, port, path }
}

function parseTls(query: Query, scheme: 'tcp' | 'tcp-listen'): WithTls {
  const mode = query.oneOf('tls', ['no', 'yes', 'unverified'])
  const [ca, cert, key] = [query.text('ca'), query.text('cert'), query.text('key')]
  if (mode === 'no') {
    if (ca + cert + key === '') return {}
    throw bad('URL_BAD_OPTION', 'ca, cert and key mean something with tls=yes only')
  }
  if (scheme === 'tcp-listen') {
    if (mode === 'yes' && ca === '' && cert !== '' && key !== '')
      return { tls: { isVerified: true, cert, key } }
    throw bad(
      'URL_BAD_OPTION',
      'a listener with tls=yes needs cert=FILE and key=FILE, and nothing else of TLS',
    )
  }
  if (cert + key !== '') throw bad('URL_BAD_OPTION', 'cert and key belong to a listener')
  return { tls: { isVerified: mode === 'yes', ...(ca !== '' && { ca }) } }
}

function parseControl(query: Query): SerialControl {
  const flow = query.oneOf<FlowControl>('flow', ['none', 'rtscts', 'xonxoff'])
  const dtr = query.oneOf<LineAtOpen>('dtr', ['leave', 'low', 'high'])
  const rts = query.oneOf<LineAtOpen>('rts', ['leave', 'low', 'high'])
  const reset = query.text('reset')
  if (flow === 'rtscts' && rts !== 'leave') {
    throw bad('URL_BAD_OPTION', `rts=${rts} does not go with flow=rtscts: there the driver moves RTS`)
  }
  return {
    ...(flow !== 'none' && { flow }),
    ...(dtr !== 'leave' && { dtr }),
    ...(rts !== 'leave' && { rts }),
    ...(reset !== '' && { reset: parseResetRecipe(reset) }),
  }
}

function parseFraming(query: Query): LineFraming {
  return {
    dataBits: Number(query.oneOf('data', ['8', '7', '6', '5'])) as LineFraming['dataBits'],
    parity: query.oneOf('parity', ['none', 'even', 'odd', 'mark', 'space']),
    stopBits: Number(query.oneOf('stop', ['1', '1.5', '2'])) as LineFraming['stopBits'],
  }
}

function parseOptions(query: Query): Omit<LinkOptions, 'text'> {
  const chunkBytes = query.int('chunk', 0, 0, 1 << 20)
  const name = query.text('name')
  const password = query.text('password')
  if (password.length > MAX_PASSWORD_LENGTH) {
    throw bad(
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
    ...(!isReconnecting && { isReconnecting }),
    ...(isListenOnly && { isListenOnly }),
  }
}

/** Writes an address in its normal form: defaults are left out. */
export function formatLinkUrl(address: Target & Omit<LinkOptions, 'text'>): string {
  const query = new URLSearchParams()
  const put = (key: string, value: string | number, fallback: string | number): void => {
    if (value !== fallback) query.set(key, String(value))
  }
  let target: string
  if (address.scheme === 'serial') {
    target = `serial:${address.path}`
    put('baud', address.baud, 0)
    put('data', address.framing.dataBits, 8)
    put('parity', address.framing.parity, 'none')
    put('stop', address.framing.stopBits, 1)
    put('flow', address.flow ?? 'none', 'none')
    put('dtr', address.dtr ?? 'leave', 'leave')
    put('rts', address.rts ?? 'leave', 'leave')
    put('reset', formatResetRecipe(address.reset ?? []), '')
  } else if (address.scheme === 'sim') {
    target = `sim:${address.device}`
    put('baud', address.baud, 0)
    put('seed', address.faults.seed, 1)
    put('flip', address.faults.flip, 0)
    put('drop', address.faults.drop, 0)
  } else {
    const host = address.host.includes(':') ? `[${address.host}]` : address.host
    target = `${address.scheme}://${host}:${address.port}`
    if (address.scheme === 'ws') target += address.path === '/' ? '' : address.path
    else if (address.tls !== undefined) {
      const { isVerified, ca = '', cert = '', key = '' } = address.tls
      put('tls', isVerified ? 'yes' : 'unverified', 'no')
      put('ca', ca, '')
      put('cert', cert, '')
      put('key', key, '')
    }
  }
  put('dialect', address.dialect, DEFAULT_DIALECT)
  if (address.chunkBytes !== undefined) put('chunk', address.chunkBytes, 0)
  if (address.name !== undefined) put('name', address.name, '')
  if (address.isLossy === true) put('lossy', 'yes', 'no')
  if (address.gapMs !== undefined) put('gap', address.gapMs, 0)
  if (address.isCompressing === true) put('compress', 'yes', 'no')
  if (address.heartbeatSeconds !== undefined) put('heartbeat', address.heartbeatSeconds, 0)
  put('rate', address.rates?.messagesPerSecond ?? 0, 0)
  put('byterate', address.rates?.bytesPerSecond ?? 0, 0)
  if (address.isReconnecting === false) put('reconnect', 'no', 'yes')
  if (address.isListenOnly === true) put('listen', 'only', 'no')
  // A recipe stays readable: only its plus signs have to be written differently.
  const options = query
    .toString()
    .replace(/(?<=\breset=)[^&]*/, (recipe) => recipe.replaceAll('%3A', ':').replaceAll('%2C', ','))
  return options === '' ? target : `${target}?${options}`
}

/** Reads options and remembers which were asked for, so that a misspelt one is refused instead of ignored. */
class Query {
  readonly #params: URLSearchParams
  readonly #known = new Set<string>()

  constructor(params: URLSearchParams) {
    this.#params = params
  }

  text(key: string): string {
    this.#known.add(key)
    const [text = '', ...more] = this.#params.getAll(key)
    if (more.length > 0) throw bad('URL_BAD_OPTION', `${key} is given ${more.length + 1} times`)
    return text
  }

  int(key: string, fallback: number, min: number, max: number): number {
    const text = this.text(key)
    if (text === '') return fallback
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= min && value <= max)) {
      throw bad('URL_BAD_OPTION', `${key}=${text} is not a whole number from ${min} to ${max}`)
    }
    return value
  }

  probability(key: string): number {
    const text = this.text(key)
    if (text === '') return 0
    const value = /^\d*\.?\d+(e-?\d+)?$/i.test(text) ? Number(text) : Number.NaN
    if (!(value >= 0 && value <= 1)) {
      throw bad('URL_BAD_OPTION', `${key}=${text} is not a probability from 0 to 1`)
    }
    return value
  }

  oneOf<T extends string>(key: string, values: readonly [T, ...T[]]): T {
    const text = this.text(key)
    if (text === '') return values[0]
    const found = values.find((value) => value === text)
    if (found === undefined) throw bad('URL_BAD_OPTION', `${key}=${text} is not one of ${values.join(', ')}`)
    return found
  }

  refuseLeftovers(scheme: string): void {
    for (const key of this.#params.keys()) {
      if (!this.#known.has(key)) {
        throw bad('URL_BAD_OPTION', `"${key}" is not an option of ${scheme}: addresses`)
      }
    }
  }
}
