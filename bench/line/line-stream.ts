import { Duplex } from 'node:stream'
import type { Connection, Transport } from '../../src/main/transport/transport'

/** A port of the simulated line as a Node stream with its usual 16 KiB in front: what a peer for sockets gets to see. */
export async function openLineStream(port: Transport): Promise<Duplex> {
  const stream = new LineStream()
  stream.connection = await port.open({
    onBytes: (bytes) => void stream.push(Buffer.from(bytes)),
    onWritable: () => stream.resumeWriting(),
    onClosed: () => void stream.push(null),
  })
  return stream
}

class LineStream extends Duplex {
  connection: Connection | undefined
  #written: (() => void) | undefined

  /** The line takes bytes again. */
  resumeWriting(): void {
    const written = this.#written
    this.#written = undefined
    written?.()
  }

  override _read(): void {
    // the line brings bytes when it brings them
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.connection!.write(Uint8Array.from(chunk))
    if (this.connection!.canWrite) done()
    else this.#written = done
  }

  override _final(done: () => void): void {
    void this.connection!.close().then(done)
  }
}
