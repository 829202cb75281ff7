import { describe, expect, test } from 'vitest'
import { SOCKET_PATH, SOCKET_PROTOCOL, SOCKET_TOKEN_PREFIX } from '../../../shared/contract/host-api'
import { fileRefusal, type GuardedRequest, ownAuthorities, socketRefusal } from './request-guard'

const PORT = 4321
const TOKEN = 'right-token-of-32-characters-long'
const OWN = `127.0.0.1:${PORT}`

function request(headers: Record<string, string>, over: Partial<GuardedRequest> = {}): GuardedRequest {
  const all = { host: OWN, ...headers }
  return { method: 'GET', url: '/', headers: all, rawHeaders: Object.entries(all).flat(), ...over }
}

const offer = (token: string): string => `${SOCKET_PROTOCOL}, ${SOCKET_TOKEN_PREFIX}${token}`

function upgrade(headers: Record<string, string>, token: string | undefined = TOKEN): GuardedRequest {
  const protocols: Record<string, string> = token === '' ? {} : { 'sec-websocket-protocol': offer(token) }
  return request({ ...protocols, ...headers }, { url: SOCKET_PATH })
}

describe('request guard', () => {
  const rows: readonly [string, Record<string, string>, number][] = [
    ['a tool on this machine', {}, 0],
    ['our page', { origin: `http://${OWN}` }, 0],
    [
      'our page under the name localhost',
      { host: `localhost:${PORT}`, origin: `http://localhost:${PORT}` },
      0,
    ],
    ['our page over IPv6', { host: `[::1]:${PORT}`, origin: `http://[::1]:${PORT}` }, 0],
    ['DNS rebinding', { host: `evil.example:${PORT}` }, 403],
    [
      'DNS rebinding with a matching origin',
      { host: `evil.example:${PORT}`, origin: `http://evil.example:${PORT}` },
      403,
    ],
    ['a look-alike host', { host: `127.0.0.1.evil.example:${PORT}` }, 403],
    ['a host with user information', { host: `${OWN}@evil.example` }, 403],
    ['another port', { host: '127.0.0.1:1' }, 403],
    ['no port', { host: '127.0.0.1' }, 403],
    ['another spelling of loopback', { host: `127.1:${PORT}` }, 403],
    ['all addresses', { host: `0.0.0.0:${PORT}` }, 403],
    ['an empty host', { host: '' }, 403],
    ['a foreign page', { origin: 'https://evil.example' }, 403],
    ['a foreign page that begins like ours', { origin: `http://${OWN}.evil.example` }, 403],
    ['an opaque page', { origin: 'null' }, 403],
    ['an empty origin', { origin: '' }, 403],
    ['a page of another local server', { origin: 'http://127.0.0.1:3000' }, 403],
    ['our page over TLS, which we do not speak', { origin: `https://${OWN}` }, 403],
    ['our page under the other name', { origin: `http://localhost:${PORT}` }, 403],
    ['a broken origin', { origin: 'http://[' }, 403],
    ['a request the browser calls cross-site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a request of another local server', { 'sec-fetch-site': 'same-site' }, 403],
    ['an unknown relation', { 'sec-fetch-site': 'friend' }, 403],
    ['our own page, as the browser sees it', { 'sec-fetch-site': 'same-origin' }, 0],
    ['an address typed by hand', { 'sec-fetch-site': 'none' }, 0],
  ]

  test.each(rows)('%s: file and socket get the same answer', (_, headers, status) => {
    expect(fileRefusal(request(headers), PORT)).toBe(status)
    expect(socketRefusal(upgrade(headers), PORT, TOKEN)).toBe(status)
  })

  test('a link on another site may open the page, in a tab of its own only', () => {
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }
    expect(fileRefusal(request(link), PORT)).toBe(0)
    expect(fileRefusal(request({ ...link, 'sec-fetch-dest': 'iframe' }), PORT)).toBe(403)
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'BREW', undefined])(
    '%s is not a way to ask',
    (method) => {
      expect(fileRefusal(request({}, { method }), PORT)).toBe(405)
    },
  )

  test('two Host headers, or none, are refused', () => {
    expect(fileRefusal(request({}, { rawHeaders: ['Host', OWN, 'hOST', 'evil.example'] }), PORT)).toBe(400)
    expect(fileRefusal(request({}, { rawHeaders: [] }), PORT)).toBe(400)
  })

  test.each([
    ['no token', '', 401],
    ['an empty token', offer(''), 401],
    ['a wrong token', offer('wrong-token-of-32-characters-long'), 401],
    ['a longer token', offer(`${TOKEN}x`), 401],
    ['a shorter token', offer(TOKEN.slice(0, -1)), 401],
    ['two tokens', `${offer('wrong')}, ${SOCKET_TOKEN_PREFIX}${TOKEN}`, 401],
    ['the right token for another protocol', `other.v9, ${SOCKET_TOKEN_PREFIX}${TOKEN}`, 400],
    ['the right token', offer(TOKEN), 0],
  ])('%s', (_, protocols, status) => {
    expect(socketRefusal(upgrade({ 'sec-websocket-protocol': protocols }), PORT, TOKEN)).toBe(status)
  })

  test('a token in the address does not count and other paths have no socket', () => {
    const asked = upgrade({}, '')
    expect(socketRefusal({ ...asked, url: `${SOCKET_PATH}?token=${TOKEN}` }, PORT, TOKEN)).toBe(404)
    expect(socketRefusal({ ...upgrade({}), url: '/' }, PORT, TOKEN)).toBe(404)
  })

  test('browsers leave the default port out', () => {
    expect(ownAuthorities(80)).toContain('127.0.0.1')
    expect(ownAuthorities(8080)).not.toContain('127.0.0.1')
  })
})
