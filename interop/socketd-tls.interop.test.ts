import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { utf8 } from '../src/shared/bytes'
import { pattern, sha256 } from './pattern'
import { forClients, inJava, startServer, toServer } from './socketd-session'

/** TLS below Socket.D, with the real library at the other end: its certificates are ours, its TLS is that of Java. */

const FOLDER = join(import.meta.dirname, '../src/testing/tls')
const CERT = join(FOLDER, 'localhost-cert.pem')
const KEY = join(FOLDER, 'localhost-key.pem')
const BODY = pattern(300_000, 5)

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})
beforeEach(({ task, skip }) => {
  if (process.env['SOCKETD_JAVA'] !== undefined) return
  task.meta.skipReason = process.env['SOCKETD_JAVA_MISSING'] ?? 'SOCKETD_JAVA is not set'
  skip(task.meta.skipReason)
})

describe.each(['tcp', 'ws'] as const)('Socket.D in Java over %s with TLS', (scheme) => {
  test('serves us, who verify its certificate', async () => {
    const server = await startServer(inJava, scheme, '--cert', CERT, '--key', KEY, '--fragment', '65536')
    closing.push(() => server.peer.kill())
    const session = toServer(`${scheme}s`, server, `/demo?u=a#ca=${encodeURIComponent(CERT)}`)
    closing.push(() => session.close())
    await session.link.whenConnected()
    expect(await server.peer.next('open')).toMatchObject({ path: '/demo', params: { u: 'a' } })
    const { body } = await session.link.request({ route: 'echo', body: BODY, timeoutMs: 30_000 }).answer
    expect(sha256(body)).toBe(sha256(BODY))
  })

  test('is left alone where we do not know its certificate, and where we speak plain', async () => {
    const server = await startServer(inJava, scheme, '--cert', CERT, '--key', KEY)
    closing.push(() => server.peer.kill())
    for (const [ours, code] of [
      [`${scheme}s`, 'TLS_FAILED'],
      [scheme, expect.any(String)],
    ] as const) {
      const session = toServer(ours, server, '/#wait=3&reconnect=no')
      closing.push(() => session.close())
      await expect(session.link.whenConnected()).rejects.toMatchObject({ code: code as string })
    }
    expect(server.peer.events.filter(({ event }) => event === 'open')).toEqual([])
  })

  test('connects to us, and trusts our certificate', async () => {
    const tls = `tls=yes&cert=${encodeURIComponent(CERT)}&key=${encodeURIComponent(KEY)}`
    const server = await forClients(scheme, inJava, tls)
    closing.push(() => server.close())
    const peer = await server.connect('/demo', '--cert', CERT, '--fragment', '65536')
    expect(peer.events.map(({ event }) => event)).toContain('connected')
    peer.command({ cmd: 'request', route: 'echo', size: BODY.length, seed: 5, tag: 'echo' })
    expect(await peer.next('answer')).toMatchObject({ data: { bytes: BODY.length, sha256: sha256(BODY) } })
    const { body } = await server.links[0]!.request({ route: 'echo', body: utf8('back') }).answer
    expect(Buffer.from(body).toString()).toBe('back')
  })
})
