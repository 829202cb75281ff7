export { ByteQueue } from './byte-queue'
export { concatBytes } from './concat'
export { fromHex, toHex } from './hex'
export { lenientUtf8, tryUtf8, utf8 } from './text'
