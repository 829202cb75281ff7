import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { SOCKET_PATH, SOCKET_PROTOCOL, SOCKET_TOKEN_PREFIX } from '../../../shared/contract/host-api'

/** What the guard looks at; an `IncomingMessage` fits. */
export interface GuardedRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
}

/** 0 when the request may go on, else the HTTP status to refuse it with. */
export type Refusal = 0 | 400 | 401 | 403 | 404 | 405

/** Names under which a browser on this machine reaches a loopback port. Compared whole: never prefixes or patterns. */
export function ownAuthorities(port: number): readonly string[] {
  const names = ['127.0.0.1', 'localhost', '[::1]']
  return names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]))
}

/**
 * Checks for every request, upgrades too, before anything else happens. Any web page can reach a loopback port, also
 * under a foreign name that was pointed here: only our own names as Host, only our own page as Origin, and nothing that a
 * browser says was started by another site, except opening the page itself.
 */
function requestRefusal(request: GuardedRequest, port: number): Refusal {
  const { headers } = request
  if (countOf(request.rawHeaders, 'host') !== 1) return 400
  const host = headers.host ?? ''
  if (!ownAuthorities(port).includes(host)) return 403
  // compared as text: `null`, sent by opaque pages, is no address and would break a parser
  if (headers.origin !== undefined && headers.origin !== `http://${host}`) return 403
  const site = headers['sec-fetch-site']
  const isFromElsewhere = site !== undefined && site !== 'same-origin' && site !== 'none'
  const opensPage = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  return isFromElsewhere && !opensPage ? 403 : 0
}

/** Checks for a request of a file: GET and HEAD change nothing, and there is nothing else. */
export function fileRefusal(request: GuardedRequest, port: number): Refusal {
  const refusal = requestRefusal(request, port)
  if (refusal !== 0) return refusal
  return request.method === 'GET' || request.method === 'HEAD' ? 0 : 405
}

/** Checks for the WebSocket, before the handshake: also the token, offered as a sub-protocol. */
export function socketRefusal(request: GuardedRequest, port: number, token: string): Refusal {
  const refusal = requestRefusal(request, port)
  if (refusal !== 0) return refusal
  if (request.url !== SOCKET_PATH) return 404
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  const tokens = offered.filter((name) => name.startsWith(SOCKET_TOKEN_PREFIX))
  const given = tokens.length === 1 ? tokens[0]!.slice(SOCKET_TOKEN_PREFIX.length) : ''
  const isKnown = timingSafeEqual(digest(given), digest(token)) // digests make the lengths equal
  if (!isKnown) return 401
  return offered.includes(SOCKET_PROTOCOL) ? 0 : 400
}

const digest = (text: string): Uint8Array => createHash('sha256').update(text).digest()

function countOf(rawHeaders: readonly string[], name: string): number {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]?.toLowerCase() === name) count += 1
  return count
}
