import { parseMeta } from '../wire/meta'
import type { SessionOptions, SessionRequest } from '../../../pipe/pipe'

/** What the two sides of a line call each other: there is no host to name. */
const PLACE_OF_LINE = 'tcp://line'

/**
 * The URL that a client names to its server: the place as it was dialled, path and query as they were given. Only what no
 * URL may hold is encoded, because the peers decode differently (socketd.md §3).
 */
export function connectUrl({ place, resource = '' }: Pick<SessionOptions, 'place' | 'resource'>): string {
  const host = place?.host.includes(':') === true ? `[${place.host}]` : place?.host
  const origin = place === undefined ? PLACE_OF_LINE : `${place.scheme}://${host}:${place.port}`
  return `${origin}${resource.replace(NOT_IN_URL, (character) => encodeURIComponent(character))}`
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const NOT_IN_URL = /[\u0000-\u0020"<>\\^`{|}\u007f]/g

/** What a server makes of a URL and the metas beside it. Nothing in it can be trusted. */
export function readConnect(url: string, metas: ReadonlyMap<string, string>): SessionRequest {
  const [, path = '', query = ''] = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*([^?#]*)(?:\?([^#]*))?/i.exec(url) ?? []
  const params = new Map<string, string>()
  for (const [name, value] of parseMeta(query)) params.set(decoded(name), decoded(value))
  // A meta overrides a parameter of the same name, as in the library.
  for (const [name, value] of metas) params.set(name, value)
  return { url, path: path === '' ? '/' : decoded(path), params, metas }
}

/** Whether a client that asks for `asked` wants what a server with this resource has. No resource of its own: anything. */
export function fitsResource(asked: SessionRequest, resource: string): boolean {
  if (resource === '') return true
  const own = readConnect(`tcp://own${resource}`, new Map())
  if (!resource.startsWith('?') && own.path !== asked.path) return false
  return [...own.params].every(([name, value]) => asked.params.get(name) === value)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
