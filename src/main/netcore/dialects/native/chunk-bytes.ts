import { ConsoleError } from '../../../../shared/errors'
import { LARGEST_CHUNK_BYTES } from './native-settings'

/** Below this a frame is mostly head. */
const SMALLEST_BYTES = 16

/** @throws ConsoleError `CHUNK_SIZE_RANGE`. */
export function checkChunkBytes(chunkBytes: number): void {
  if (Number.isInteger(chunkBytes) && chunkBytes >= SMALLEST_BYTES && chunkBytes <= LARGEST_CHUNK_BYTES)
    return
  throw new ConsoleError(
    'CHUNK_SIZE_RANGE',
    `chunks of ${chunkBytes} bytes cannot be sent in the native dialect`,
    {
      remedy: `Use ${SMALLEST_BYTES} to ${LARGEST_CHUNK_BYTES} bytes.`,
    },
  )
}
