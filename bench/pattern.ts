import { createHash } from 'node:crypto'
import { randomBytes, seededRandom } from '../src/main/transport/seeded-random'

/** A prime: pieces of any usual size that were swapped, lost or doubled do not fall on the same content. */
const PERIOD_BYTES = 65_521
export const MAX_PIECE_BYTES = 65_536

const period = randomBytes(seededRandom(20_261_121), PERIOD_BYTES)
const repeated = Buffer.alloc(PERIOD_BYTES + MAX_PIECE_BYTES)
for (let at = 0; at < repeated.length; at += PERIOD_BYTES) {
  repeated.set(period.subarray(0, Math.min(PERIOD_BYTES, repeated.length - at)), at)
}

/** Content of a bulk transfer from `offset` on: a view, at most `MAX_PIECE_BYTES` long. Must not be changed. */
export function patternAt(offset: number, byteCount: number): Buffer {
  const start = offset % PERIOD_BYTES
  return repeated.subarray(start, start + byteCount)
}

/** The whole content of a bulk transfer, in one buffer of its own. */
export function patternBytes(byteCount: number): Buffer {
  const bytes = Buffer.allocUnsafe(byteCount)
  for (const { offset, piece } of patternPieces(byteCount, MAX_PIECE_BYTES)) bytes.set(piece, offset)
  return bytes
}

export function* patternPieces(
  byteCount: number,
  pieceBytes: number,
): Generator<{ readonly offset: number; readonly piece: Buffer }> {
  for (let offset = 0; offset < byteCount; offset += pieceBytes) {
    yield { offset, piece: patternAt(offset, Math.min(pieceBytes, byteCount - offset)) }
  }
}

export function patternSha256(byteCount: number): string {
  const hash = createHash('sha256')
  for (const { piece } of patternPieces(byteCount, MAX_PIECE_BYTES)) hash.update(piece)
  return hash.digest('hex')
}
