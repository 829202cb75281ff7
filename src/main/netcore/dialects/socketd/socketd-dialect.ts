import { ConsoleError } from '../../../../shared/errors'
import type { Dialect, DialectTraits } from '../dialect'
import { DEFAULT_FRAGMENT_BYTES } from './fragment-bytes'
import { SocketdPipe } from './socketd-pipe'
import { LARGEST_DATA_BYTES } from './wire/frame'

const traits: DialectTraits = {
  isInterleaving: true,
  isProtected: false,
  hasRequests: true,
  deliversEmptyBodies: true,
  endsAnswers: true,
  defaultChunkBytes: DEFAULT_FRAGMENT_BYTES,
  choosesChunkBytes: true,
  hasPackets: true,
}

/** The messages of one direction, and nothing written. */
const reader: Dialect = {
  name: 'socketd',
  traits,
  createPipe: (options, owner) => new SocketdPipe(options, owner, true),
  checkChunkBytes,
}

/** Socket.D 1.0 (docs/socketd.md): events, requests and subscriptions over tcp, WebSocket and udp; our own form for lines. */
export const socketdDialect: Dialect = {
  name: 'socketd',
  traits,
  reader,
  createPipe: (options, owner) => new SocketdPipe(options, owner),
  checkChunkBytes,
}

function checkChunkBytes(chunkBytes: number): void {
  if (Number.isInteger(chunkBytes) && chunkBytes >= 1 && chunkBytes <= LARGEST_DATA_BYTES) return
  throw new ConsoleError('CHUNK_SIZE_RANGE', `fragments of ${chunkBytes} bytes cannot be sent`, {
    remedy: 'Use 1 to 16777216 bytes.',
  })
}
