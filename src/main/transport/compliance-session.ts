import { createHash } from 'node:crypto'
import type { RecordedConnection } from '../../testing/recorded-connection'
import { randomBytes, seededRandom } from './seeded-random'
import type { Connection } from './transport'

/** The other end of a connection under test: as raw as it can be had, so that two mistakes cannot hide each other. */
export interface FarEnd {
  write(bytes: Uint8Array): void
  onBytes(listener: (bytes: Uint8Array) => void): void
  /** Stops reading, so that the way towards it fills up. Absent: the way is slow enough by itself. */
  readonly pause?: () => void
  readonly resume?: () => void
  /** Ends the connection properly. Absent where the medium cannot tell (a serial line). */
  readonly end?: () => void
  /** Ends the connection by force: reset, unplugged, cut. */
  readonly cut: () => void | Promise<void>
  close(): Promise<void>
}

/** A connection under test, open. */
export interface Session {
  readonly near: Connection
  readonly far: FarEnd
  readonly nearEnd: RecordedConnection
  /** What the far end received; only its bytes are used. */
  readonly farEnd: RecordedConnection
}

export const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** The same bytes for the same numbers. */
export const sample = (byteCount: number, seed = byteCount): Uint8Array =>
  randomBytes(seededRandom(seed), byteCount)

/** One turn of the event loop, in which the system takes and gives what it can. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
