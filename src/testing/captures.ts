import { concatBytes } from '../shared/bytes'
import { loadVectors, streamBytes } from '../main/netcore/dialects/lso/vectors/load-vectors'
import {
  loadVectors as loadSocketdVectors,
  saidBy,
} from '../main/netcore/dialects/socketd/vectors/load-vectors'

/** Streams captured from the real Python Netcore. */
export const lsoCaptures = (): Uint8Array[] =>
  loadVectors()
    .flatMap(({ sent, fed }) => [sent.stream, ...(fed === undefined ? [] : [fed.stream])])
    .filter((stream) => stream.total_bytes > 0)
    .map(streamBytes)

/** What each side of captured Socket.D exchanges said, and all of it in one stream. */
export function socketdCaptures(): Uint8Array[] {
  const streams = loadSocketdVectors()
    .flatMap((vector) => [saidBy(vector, 'c2s'), saidBy(vector, 's2c')])
    .filter((said) => said.length > 0)
    .map((said) => concatBytes(said.map(({ bytes }) => bytes)))
  return [...streams, concatBytes(streams)]
}
