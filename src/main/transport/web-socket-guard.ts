import type { IncomingMessage } from 'node:http'

export interface GuardOptions {
  /** What may be asked for; `/` = anything. */
  readonly path: string
  /** Sub-protocol that has to be offered, word for word. */
  readonly protocol: string | undefined
  /** Only this machine can come: then nobody but a web page under a foreign name calls it by another. */
  readonly isLoopback: boolean
}

/**
 * What to answer to somebody who wants a WebSocket and must not have it: an HTTP status, or 0 when it may. Browsers let any
 * page of any site open a WebSocket to this machine, also under a foreign name that was pointed here; so pages have to be
 * from this machine, or from the very host that is asked. Programs send no Origin.
 */
export function webSocketRefusal(request: IncomingMessage, options: GuardOptions): number {
  const { headers, rawHeaders, url = '/' } = request
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length
  if (hosts !== 1) return 400
  const host = nameOf(`http://${headers.host ?? ''}`)
  if (host === undefined || (options.isLoopback && !isLoopbackName(host))) return 403
  if (headers.origin !== undefined) {
    const origin = nameOf(headers.origin)
    if (origin === undefined || (origin !== host && !isLoopbackName(origin))) return 403
  }
  if (options.path !== '/' && url.split('?')[0] !== options.path) return 404
  if (options.protocol !== undefined && !offered(request).includes(options.protocol)) return 403
  return 0
}

const offered = ({ headers }: IncomingMessage): readonly string[] =>
  (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())

/** A name or an address that means this machine whoever asks. */
export const isLoopbackName = (name: string): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(name)

function nameOf(url: string): string | undefined {
  try {
    const { hostname, username, password, pathname, protocol } = new URL(url)
    const isPlain = username + password === '' && pathname === '/' && /^https?:$/.test(protocol)
    return isPlain && hostname !== '' ? hostname : undefined
  } catch {
    return undefined
  }
}
