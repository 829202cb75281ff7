import type { Connection } from './transport'

/** Writes a piece of a stream: in as many packets as it takes where the connection has packets, in one go otherwise. */
export function writeStream(connection: Pick<Connection, 'write' | 'packetBytes'>, bytes: Uint8Array): void {
  const { packetBytes } = connection
  if (packetBytes === undefined || bytes.length <= packetBytes) {
    connection.write(bytes)
    return
  }
  for (let at = 0; at < bytes.length; at += packetBytes) connection.write(bytes.slice(at, at + packetBytes))
}
