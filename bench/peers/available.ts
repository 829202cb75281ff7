import { DIALECT_NAMES } from '../../src/main/netcore/dialects'
import { dialects, outsiders, type PeerEntry } from './table'

/** What there is to measure in this version of the program. Not for the measured processes: it loads our dialects. */
export const ours = dialects.filter(({ dialect }) => DIALECT_NAMES.includes(dialect))

export const peers: readonly PeerEntry[] = [...outsiders, ...ours.flatMap(({ entries }) => entries)]
