import type { Dialect } from '../dialect'
import { checkChunkBytes } from './chunk-bytes'
import { NativePipe } from './native-pipe'
import { passiveNativeDialect } from './passive/passive-codec'

/**
 * Ours: for noisy serial lines and small devices, and fast where the transport is good. Damaged chunks are repeated, messages
 * survive unplugging, and nothing arrives twice (docs/native-protocol.md).
 */
export const nativeDialect: Dialect = {
  name: 'native',
  traits: {
    isInterleaving: true,
    isProtected: true,
    hasRequests: true,
    deliversEmptyBodies: true,
    endsAnswers: true,
    defaultChunkBytes: 4096,
    choosesChunkBytes: true,
    hasCredit: true,
    hasPasswords: true,
  },
  reader: passiveNativeDialect,
  createPipe: (options, owner) => new NativePipe(options, owner),
  checkChunkBytes,
}
