import { ConsoleError } from '../../../../shared/errors'
import type { Dialect, DialectTraits } from '../dialect'
import { NetconduitPipe } from './netconduit-pipe'
import { LARGEST_PAYLOAD_BYTES } from './wire/header'

const traits: DialectTraits = {
  isInterleaving: false,
  isProtected: false,
  hasRequests: true,
  deliversEmptyBodies: true,
  endsAnswers: true,
  // A message is one frame, however long.
  defaultChunkBytes: LARGEST_PAYLOAD_BYTES,
  choosesChunkBytes: true,
  hasPasswords: true,
}

/** The other messages of one direction, and nothing written. */
const reader: Dialect = {
  name: 'netconduit',
  traits,
  createPipe: (options, owner) => new NetconduitPipe(options, owner, true),
  checkChunkBytes,
}

/** The library `netconduit` for Python (docs/netconduit.md): messages and calls in MessagePack, each in one frame. */
export const netconduitDialect: Dialect = {
  name: 'netconduit',
  traits,
  reader,
  createPipe: (options, owner) => new NetconduitPipe(options, owner),
  checkChunkBytes,
}

function checkChunkBytes(chunkBytes: number): void {
  if (Number.isInteger(chunkBytes) && chunkBytes >= 1) return
  throw new ConsoleError('CHUNK_SIZE_RANGE', `chunks of ${chunkBytes} bytes cannot be sent`, {
    remedy: 'Leave chunk= out: a netconduit message is one frame.',
  })
}
