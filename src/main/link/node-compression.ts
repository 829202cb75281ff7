import { deflateSync, inflateSync } from 'node:zlib'
import { ConsoleError } from '../../shared/errors'
import type { Compression } from '../netcore/pipe/pipe'

/** zlib by Node: bounded while it inflates, so that a small frame can not become a large one. */
export const nodeCompression: Compression = {
  deflate: (bytes) => plain(deflateSync(bytes, { level: 6 })),
  inflate(bytes, mostBytes) {
    try {
      return plain(inflateSync(bytes, { maxOutputLength: mostBytes }))
    } catch (error) {
      if ((error as { readonly code?: unknown }).code !== 'ERR_BUFFER_TOO_LARGE') throw error
      throw new ConsoleError('MESSAGE_TOO_LARGE', `it inflates to more than ${mostBytes} bytes`)
    }
  },
}

const plain = (buffer: Buffer): Uint8Array => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
