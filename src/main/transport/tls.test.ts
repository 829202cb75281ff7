import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { hasCode } from '../../shared/errors'
import type { TlsSettings } from '../../shared/model/link-url'
import { RecordedConnection } from '../../testing/recorded-connection'
import { createTcp } from './tcp'
import { createTcpListen } from './tcp-listen'
import type { Connection, Listener } from './transport'

const FOLDER = join(import.meta.dirname, '../../testing/tls')
const CERT = join(FOLDER, 'localhost-cert.pem')
const SERVER: TlsSettings = { isVerified: true, cert: CERT, key: join(FOLDER, 'localhost-key.pem') }

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

interface Served {
  readonly port: number
  readonly peers: Connection[]
  readonly ends: RecordedConnection[]
}

async function serving(tls: TlsSettings = SERVER): Promise<Served> {
  const peers: Connection[] = []
  const ends: RecordedConnection[] = []
  const listener: Listener = await createTcpListen({ host: '127.0.0.1', port: 0, tls }).listen(
    (connection) => {
      peers.push(connection)
      const end = new RecordedConnection()
      ends.push(end)
      return end
    },
  )
  closing.push(() => listener.close())
  return { port: Number(new URL(listener.url).port), peers, ends }
}

const open = (port: number, tls: TlsSettings, host = 'localhost'): Promise<Connection> =>
  createTcp({ host, port, tls }).open(new RecordedConnection(), new AbortController().signal)

describe('TLS', () => {
  test('a certificate that is trusted lets bytes through, by name and by address', async () => {
    const { port, ends } = await serving()
    for (const [index, host] of ['localhost', '127.0.0.1'].entries()) {
      const connection = await open(port, { isVerified: true, ca: CERT }, host)
      connection.write(new Uint8Array(100_000).fill(index))
      await expect.poll(() => ends[index]?.received.length).toBe(100_000)
      await connection.close()
    }
  })

  test('a certificate that nobody vouches for is refused, unless that is asked for', async () => {
    const { port } = await serving()
    await expect(open(port, { isVerified: true })).rejects.toSatisfy((error) => hasCode(error, 'TLS_FAILED'))
    const connection = await open(port, { isVerified: false })
    await connection.close()
  })

  test('a certificate for another name is refused', async () => {
    const { port } = await serving()
    const lookup = (_name: string, _options: unknown, done: (...found: unknown[]) => void): void =>
      done(null, [{ address: '127.0.0.1', family: 4 }])
    const elsewhere = createTcp({
      host: 'elsewhere.example',
      port,
      tls: { isVerified: true, ca: CERT },
      lookup: lookup as never,
    }).open(new RecordedConnection(), new AbortController().signal)
    await expect(elsewhere).rejects.toSatisfy((error) => hasCode(error, 'TLS_FAILED'))
  })

  test('a server without TLS is told apart from one that is not there', async () => {
    const plain = createServer((socket) => socket.on('error', () => undefined).end('hello, I am not TLS\n'))
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
    closing.push(() => plain.close())
    const { port } = plain.address() as { port: number }
    await expect(open(port, { isVerified: false })).rejects.toSatisfy((error) => hasCode(error, 'TLS_FAILED'))
  })

  test('a peer that speaks no TLS never becomes a connection', async () => {
    const { port, peers } = await serving()
    const socket = connect(port, '127.0.0.1')
    const closed = new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve))
    socket.write('CNDT is no handshake of TLS, whatever follows it')
    await closed
    expect(peers).toHaveLength(0)
  })

  test('files that are not there, or are no certificate, are named', async () => {
    await expect(serving({ isVerified: true, cert: '/nowhere.pem', key: '/nowhere.pem' })).rejects.toSatisfy(
      (error) => hasCode(error, 'FILE_UNREADABLE'),
    )
    const noCertificate = { ...SERVER, cert: import.meta.filename }
    const named = { code: 'TLS_FAILED', message: expect.stringContaining(import.meta.filename) as string }
    await expect(serving(noCertificate)).rejects.toMatchObject(named)
    await expect(open(1, noCertificate)).rejects.toMatchObject(named)
    await expect(open(1, { isVerified: true, ca: CERT, cert: CERT })).rejects.toMatchObject({
      code: 'LINK_REFUSED',
    })
  })
})
