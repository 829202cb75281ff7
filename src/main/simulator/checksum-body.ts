import { crc32 } from 'node:zlib'
import { concatBytes } from '../../shared/bytes'
import { ConsoleError } from '../../shared/errors'
import {
  type BodyWriter,
  PREVIEW_BYTES,
  type ReceivedBody,
  type StoredBody,
} from '../netcore/pipe/message-body'

/** Of a body of which only the checksum and the beginning were kept. */
export class ChecksummedBody implements StoredBody {
  readonly place = 'nowhere: only its checksum was kept'
  readonly byteLength: number
  readonly crc32: number

  constructor(byteLength: number, checksum: number) {
    this.byteLength = byteLength
    this.crc32 = checksum
  }

  read(): Uint8Array {
    throw new ConsoleError('BODY_UNREADABLE', 'only the checksum of this body was kept')
  }

  retain(): void {
    // There is nothing to hold.
  }

  release(): void {
    // There is nothing to let go of.
  }
}

/** Takes a body of any size as it comes, and keeps its CRC-32 (that of zip files) instead of its bytes. */
export class ChecksumWriter implements BodyWriter {
  readonly #beginning: Uint8Array[] = []
  #heldBytes = 0
  #byteLength = 0
  #checksum = 0

  get byteLength(): number {
    return this.#byteLength
  }

  get heldBytes(): number {
    return this.#heldBytes
  }

  append(payload: Uint8Array): void {
    this.#checksum = crc32(payload, this.#checksum)
    this.#byteLength += payload.length
    const wanted = PREVIEW_BYTES - this.#heldBytes
    if (wanted <= 0) return
    this.#beginning.push(payload.subarray(0, wanted))
    this.#heldBytes += Math.min(wanted, payload.length)
  }

  finish(): ReceivedBody {
    const stored = new ChecksummedBody(this.#byteLength, this.#checksum)
    return { byteLength: this.#byteLength, bytes: concatBytes(this.#beginning), stored }
  }

  abandon(): Uint8Array {
    return concatBytes(this.#beginning)
  }
}
