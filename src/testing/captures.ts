import { loadVectors, streamBytes } from '../main/netcore/dialects/lso/vectors/load-vectors'

/** Streams captured from the real Python Netcore. */
export const lsoCaptures = (): Uint8Array[] =>
  loadVectors()
    .flatMap(({ sent, fed }) => [sent.stream, ...(fed === undefined ? [] : [fed.stream])])
    .filter((stream) => stream.total_bytes > 0)
    .map(streamBytes)
