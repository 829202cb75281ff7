import type { CustomScheme } from 'electron'
import type { AssetStore } from '../asset-store'
import { securityHeaders } from '../content-policy'

const SCHEME = 'app'
const HOST = 'console'
/** The only address the window ever shows. */
export const PAGE_URL = `${SCHEME}://${HOST}/index.html`

/** To be registered before the app is ready. No policy is bypassed and no other scheme is served. */
export const APP_SCHEME: CustomScheme = {
  scheme: SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true },
}

/**
 * True for addresses of our own page. Compares scheme and host: the origin of such an address is the text `null` in Node,
 * the same for every foreign scheme.
 */
export function isOwnUrl(text: string): boolean {
  const url = parse(text)
  return (
    url !== undefined &&
    url.protocol === `${SCHEME}:` &&
    url.host === HOST &&
    url.username === '' &&
    url.password === ''
  )
}

/** True when `text` is the page itself (a reload), whatever its fragment. */
export function isPageUrl(text: string): boolean {
  return text.split('#', 1)[0] === PAGE_URL
}

/** Answers a request of the window for `app://console/…` from the built page; everything else gets 400, 404 or 405. */
export function answerAppRequest(request: { url: string; method: string }, assets: AssetStore): Response {
  const headers = securityHeaders()
  if (!isOwnUrl(request.url)) return new Response('Bad Request\n', { status: 400, headers })
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return new Response('Method Not Allowed\n', { status: 405, headers })
  }
  // the path as it came: a parser would resolve the relative parts that the table has to see
  const path = request.url.slice(`${SCHEME}://${HOST}`.length)
  const answer = assets.answer(path === '' ? '/' : path)
  if (answer.status !== 200) return new Response('Not Found\n', { status: answer.status, headers })
  return new Response(request.method === 'HEAD' ? null : answer.asset.bytes, {
    status: 200,
    headers: { ...headers, 'content-type': answer.asset.contentType },
  })
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
