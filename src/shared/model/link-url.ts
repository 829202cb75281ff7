import { ConsoleError } from '../errors'
import type { LineFraming } from './line-rate'

/**
 * Link addresses of design.md §8, parsed once. `text` is the normal form and parses to the same address, apart from the
 * password, which it leaves out.
 */
export type LinkAddress = (
  | { readonly scheme: 'serial'; readonly path: string; readonly baud: number; readonly framing: LineFraming }
  | { readonly scheme: 'tcp' | 'tcp-listen'; readonly host: string; readonly port: number }
  | { readonly scheme: 'sim'; readonly device: string; readonly baud: number; readonly faults: LineFaults }
) &
  LinkOptions

/** The address of a link over a medium that a program brings along. Its text is for people and cannot be parsed. */
export type CustomAddress = { readonly scheme: 'custom' } & LinkOptions

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
  | { scheme: 'serial'; path: string; baud: number; framing: LineFraming }
  | { scheme: 'tcp' | 'tcp-listen'; host: string; port: number }
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
      }
    }
    case 'tcp':
    case 'tcp-listen':
      return { scheme, ...parseHostPort(rest, scheme === 'tcp-listen', text) }
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
  return {
    dialect: query.text('dialect') || DEFAULT_DIALECT,
    ...(chunkBytes > 0 && { chunkBytes }),
    ...(name !== '' && { name }),
    ...(password !== '' && { password }),
    ...(isLossy && { isLossy }),
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
  } else if (address.scheme === 'sim') {
    target = `sim:${address.device}`
    put('baud', address.baud, 0)
    put('seed', address.faults.seed, 1)
    put('flip', address.faults.flip, 0)
    put('drop', address.faults.drop, 0)
  } else {
    const host = address.host.includes(':') ? `[${address.host}]` : address.host
    target = `${address.scheme}://${host}:${address.port}`
  }
  put('dialect', address.dialect, DEFAULT_DIALECT)
  if (address.chunkBytes !== undefined) put('chunk', address.chunkBytes, 0)
  if (address.name !== undefined) put('name', address.name, '')
  if (address.isLossy === true) put('lossy', 'yes', 'no')
  const options = query.toString()
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
