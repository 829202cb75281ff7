import type { Pipe, PipeOptions, PipeOwner } from '../pipe/pipe'
import type { CodecOptions, DialectCodec } from './codec'

export type * from './codec'

/** A dialect is a wire protocol. Pure: no I/O, no clock. */
export interface Dialect {
  readonly name: string
  readonly traits: DialectTraits
  /** The multiplexer of one link, see `Pipe`. */
  createPipe(options: PipeOptions, owner: PipeOwner): Pipe
  /** Reads one direction of a recorded stream without taking part, where the dialect itself has to shake hands first. */
  readonly reader?: Dialect
  /** @throws ConsoleError `CHUNK_SIZE_RANGE` when the dialect cannot send chunks of this size safely. */
  checkChunkBytes(chunkBytes: number): void
}

/**
 * A dialect whose chunks arrive in order and are never repeated. Its codec turns bytes into frames and messages' parts
 * into bytes, and knows nothing of queues, priorities, timeouts or handlers: `ChunkPipe` does the rest.
 */
export interface CodecDialect extends Dialect {
  createCodec(options: CodecOptions): DialectCodec
}

export interface DialectTraits {
  /** Chunks of several messages may interleave. */
  readonly isInterleaving: boolean
  /** Damage on the line is detected. */
  readonly isProtected: boolean
  /** Requests find their answers by correlation id. */
  readonly hasRequests: boolean
  /** A message without body bytes may be sent and is delivered by the peer. */
  readonly deliversEmptyBodies: boolean
  /** Says in its own words that no further answer follows; otherwise headers say it. */
  readonly endsAnswers: boolean
  readonly defaultChunkBytes: number
  /** Chooses the size of chunks by the line and the damage it sees; what it is told is the most it may. Default: false. */
  readonly choosesChunkBytes?: boolean
  /** No two messages have an id in common, so that nothing of one can come when it has ended. Default: false. */
  readonly neverReusesRefs?: boolean
  /** A peer whose answers are not taken stops by itself. Default: false. */
  readonly hasCredit?: boolean
  /** One frame is one packet where the transport has packets. Default: false, packets are but pieces of a stream. */
  readonly hasPackets?: boolean
  /** Can ask for a password. Default: false. */
  readonly hasPasswords?: boolean
}
