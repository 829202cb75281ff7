import type { Duplex } from 'node:stream'
import type { BulkLedger } from '../bulk-ledger'

/**
 * What every measured peer can do. Server and client live in processes of their own; the client drives. Bulk goes from
 * client to server, a request is echoed.
 */
export interface BenchPeer {
  readonly name: string
  serve(options: ServeOptions): Promise<BenchServer>
  connect(port: number): Promise<BenchClient>
}

export interface ServeOptions {
  readonly ledger: BulkLedger
  /** What the server answers to a request; the tests let it lie. */
  readonly echo: (body: Uint8Array) => Uint8Array
}

export interface BenchServer {
  readonly port: number
  close(): Promise<void>
}

export interface BenchClient {
  /**
   * Sends the first `byteCount` bytes of the pattern and resolves with the number of bytes the server says it has
   * received. Transfers that run at the same time have different numbers.
   */
  bulk(byteCount: number, transfer: number): Promise<number>
  /** Resolves with what came back. More urgent than bulk where the peer knows urgency. */
  request(body: Uint8Array): Promise<Uint8Array>
  /** Makes what `bulk` needs, where that is not free: content in one buffer is no part of the measured time. */
  prepare?(byteCount: number): void
  close(): Promise<void>
}

/** A peer that speaks over any stream of bytes: sockets and the simulated line alike. */
export interface StreamPeer {
  readonly name: string
  serve(stream: Duplex, options: ServeOptions): void
  connect(stream: Duplex): Promise<BenchClient>
}

/** The body of request number `index`: recognisable, so that an answer to another request is not taken for its own. */
export function requestBody(index: number, byteCount: number): Buffer {
  const body = Buffer.alloc(byteCount, 5)
  body.writeUInt32LE(index >>> 0)
  return body
}

/** @throws Error when the peer answered something else than what was sent. */
export async function checkedRequest(client: BenchClient, index: number, byteCount: number): Promise<void> {
  const body = requestBody(index, byteCount)
  const echo = await client.request(body)
  if (body.equals(echo)) return
  throw new Error(`wrong echo: ${echo.length} of ${byteCount} bytes, or not those that were sent`)
}

/** @throws Error when not all bytes have arrived. */
export async function checkedBulk(client: BenchClient, byteCount: number, transfer = 0): Promise<void> {
  const received = await client.bulk(byteCount, transfer)
  if (received !== byteCount) throw new Error(`${received} of ${byteCount} bytes arrived`)
}
