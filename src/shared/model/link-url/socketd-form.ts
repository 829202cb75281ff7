import { utf8 } from '../../bytes'
import { type AddressQuery, badAddress } from './address-query'
import { checkWebPath, type NetworkPart, parseDatagram, parseHostPort, parseTls } from './network-part'

/**
 * Addresses of Socket.D (socketd.md §2): `sd:tcp://host:port/path?u=a`. There the path and the query belong to the peer and
 * are kept as they were written; options of ours stand behind `#`, in the grammar of our queries.
 */
export const SOCKETD = 'socketd'
export const SOCKETD_PORT = 8602
/** The whole URL has to fit in an event name of 510 bytes, beside scheme, host and port. */
export const MAX_RESOURCE_BYTES = 400

const FORMS: ReadonlyMap<string, readonly [scheme: NetworkPart['scheme'], hasTls: boolean]> = new Map([
  ['tcp', ['tcp', false]],
  ['tcps', ['tcp', true]],
  ['ws', ['ws', false]],
  ['wss', ['ws', true]],
  ['udp', ['udp', false]],
  ['tcp-listen', ['tcp-listen', false]],
  ['ws-listen', ['ws-listen', false]],
  ['udp-listen', ['udp-listen', false]],
])

/** The options of an `sd:` address, where they stand. */
export const socketdOptions = (rest: string): string => /#(.*)$/s.exec(rest)?.[1] ?? ''

/**
 * What stands behind `sd:`.
 *
 * @throws ConsoleError `URL_INVALID`, `URL_UNKNOWN_SCHEME`, `URL_BAD_OPTION`.
 */
export function parseSocketdTarget(
  rest: string,
  query: AddressQuery,
  text: string,
): { readonly part: NetworkPart; readonly resource: string } {
  const match = /^([a-z-]+):(\/\/[^/?#]*)([/?][^#]*)?(?:#.*)?$/is.exec(rest)
  const form = FORMS.get(match?.[1]?.toLowerCase() ?? '')
  if (!match || form === undefined) {
    throw badAddress(
      'URL_INVALID',
      `"${text}" is no address of Socket.D: sd: is followed by ${[...FORMS.keys()].slice(0, 5).join(', ')} and ://host:port, and a serial line is written as serial:PATH?dialect=socketd`,
    )
  }
  const [scheme, hasTls] = form
  const place = match[2]!
  const mayBeZero = scheme.endsWith('-listen')
  const at = parseHostPort(/:\d+$/.test(place) ? place : `${place}:${SOCKETD_PORT}`, mayBeZero, text)
  const resource = match[3] ?? ''
  switch (scheme) {
    case 'tcp':
    case 'tcp-listen':
      return { part: { scheme, ...at, ...parseTls(query, scheme, hasTls) }, resource }
    case 'ws':
    case 'ws-listen':
      return { part: { scheme, ...at, path: '/', ...parseTls(query, scheme, hasTls) }, resource }
    case 'udp':
    case 'udp-listen':
      return { part: { scheme, ...at, ...parseDatagram(query) }, resource }
  }
}

/**
 * The resource as it is kept: undefined where it says nothing.
 *
 * @throws ConsoleError `URL_BAD_OPTION` where a URL may not look like this (socketd.md §3: a raw space closes the channel).
 */
export function checkResource(resource: string): string | undefined {
  if (resource === '' || resource === '/') return undefined
  if (!/^[/?][^\s#\p{Cc}]*$/u.test(resource)) {
    throw badAddress(
      'URL_BAD_OPTION',
      `resource=${resource} is no path and query: it begins with / or ?, without blanks and #`,
    )
  }
  const byteCount = utf8(resource).length
  if (byteCount > MAX_RESOURCE_BYTES) {
    throw badAddress(
      'URL_BAD_OPTION',
      `path and query have ${byteCount} bytes, ${MAX_RESOURCE_BYTES} are allowed`,
    )
  }
  return resource
}

/** A WebSocket is asked for under the very resource that Connect names: which of both was written makes no difference. */
export function joinWebPath(path: string, resource: string | undefined, text: string): string {
  if (resource === undefined) return path
  const asked = resource.startsWith('/') ? resource : `/${resource}`
  checkWebPath(asked, text)
  if (path !== '/' && path !== asked) {
    throw badAddress('URL_BAD_OPTION', `resource=${resource} and the path ${path} say different things`)
  }
  return asked
}

/** `sd:tcps://` and so on, for the normal form. */
export const socketdScheme = ({ scheme, tls }: { readonly scheme: string; readonly tls?: unknown }): string =>
  `sd:${scheme}${tls === undefined ? '' : 's'}`
