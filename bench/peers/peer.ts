/**
 * What every measured peer can do. Server and client live in processes of their own; the client drives.
 * Bulk goes from client to server; a request carries 100 bytes and is echoed.
 */
export interface BenchServer {
  readonly port: number
}

export interface BenchClient {
  /** Sends `bytes` in one message (or stream) and resolves when the server says it has received all of them. */
  bulk(bytes: number): Promise<void>
  /** Sends 100 bytes, more urgent than bulk where the peer knows urgency, and resolves with their echo. */
  request(): Promise<void>
  close(): Promise<void>
}

export interface BenchPeer {
  readonly name: string
  serve(): Promise<BenchServer>
  connect(port: number): Promise<BenchClient>
}

export const REQUEST_BYTES = 100
