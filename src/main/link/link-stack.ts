import { ConsoleError } from '../../shared/errors'
import type { StackEvent } from '../../shared/model/trace'
import { dialectNamed } from '../netcore/dialects'
import { DEFAULT_LATENCY_TARGET_MS } from '../netcore/pipe/limits'
import type { SessionOptions } from '../netcore/pipe/pipe'
import { createStack } from '../netcore/stack'
import type { StackPort } from '../netcore/stack-types'
import { machineChecksum } from './fast-checksum'
import {
  chooseChunkBytes,
  chunkBytesOfPacket,
  isLossyScheme,
  lineRateOf,
  packetBytesOf,
  placeOf,
} from './line-settings'
import type { LinkOptions } from './link-options'
import { nodeCompression } from './node-compression'
import { nodeCrypto } from './node-crypto'

/** The stack of a link, made for what its address and line are. */
export interface LinkStack {
  readonly stack: StackPort
  readonly chunkBytes: number
  /** The dialect has packets, see `FramePump`. */
  readonly hasPackets: boolean
}

export interface LinkStackPort {
  readonly onTrace: (event: StackEvent) => void
  /** Something waits to be handed over. */
  readonly onWork: () => void
}

/** @throws ConsoleError `DIALECT_UNKNOWN`, `CHUNK_SIZE_RANGE` (the dialect can not cut chunks of this size). */
export function linkStack(options: LinkOptions, { onTrace, onWork }: LinkStackPort): LinkStack {
  const { address, limits, store } = options
  const named = dialectNamed(address.dialect)
  // Where the dialect would have to shake hands first, a reader that takes no part reads along.
  const dialect = options.isListenOnly ? (named.reader ?? named) : named
  const { choosesChunkBytes = false, hasPackets = false } = dialect.traits
  const lineRate = options.lineRate ?? lineRateOf(address)
  const packetBytes = packetBytesOf(address, dialect.traits)
  const mostOfPacket = chunkBytesOfPacket(packetBytes)
  const defaultChunkBytes = Math.min(dialect.traits.defaultChunkBytes, mostOfPacket)
  const chunkBytes = chooseChunkBytes(address.chunkBytes, lineRate, defaultChunkBytes)
  dialect.checkChunkBytes(chunkBytes)
  if (chunkBytes > mostOfPacket) {
    throw new ConsoleError(
      'CHUNK_SIZE_RANGE',
      `chunk=${chunkBytes} does not fit in packets of ${packetBytes} bytes`,
      { remedy: `Use chunk=${mostOfPacket} at most, or larger datagrams (datagram=).` },
    )
  }
  const mostChunkBytes = choosesChunkBytes ? (address.chunkBytes ?? defaultChunkBytes) : chunkBytes
  const stack = createStack({
    dialect,
    codec: {
      onDamage: isLossyScheme(address) || options.lineRate ? 'resync' : 'fatal',
      ...(packetBytes !== undefined && { isPackets: true }),
      ...(address.gapMs !== undefined && { idleGapMs: address.gapMs }),
    },
    random: options.random,
    ...(limits && { limits }),
    policy: { chunkBytes: mostChunkBytes },
    answersErrors: options.isListenOnly ? false : (options.answersErrors ?? true),
    line: {
      ...(lineRate && { rate: lineRate }),
      latencyTargetMs: DEFAULT_LATENCY_TARGET_MS,
      ...(packetBytes !== undefined && { packetBytes }),
    },
    session: sessionOf(options),
    ...(store && { store }),
    checksum: options.checksum ?? machineChecksum(),
    compression: nodeCompression,
    onTrace,
    onWork,
  })
  return { stack, chunkBytes, hasPackets }
}

/** Who opens a link is the host; a peer that came to a listener finds a device. */
function sessionOf({ address, transport, session, clock, startedUnixMs }: LinkOptions): SessionOptions {
  const { password, isCompressing, heartbeatSeconds, rates, resource, identity } = address
  const { silenceSeconds, openTimeoutMs } = address
  const place = placeOf(address)
  return {
    role: transport === null ? 'device' : 'host',
    crypto: nodeCrypto,
    startedUnixMs: startedUnixMs ?? Date.now() - clock.nowMs(),
    ...(password !== undefined && { password }),
    ...(isCompressing && { isCompressing }),
    ...(rates && { rates }),
    ...(place && { place }),
    ...(resource !== undefined && { resource }),
    ...(heartbeatSeconds !== undefined && { heartbeatMs: heartbeatSeconds * 1000 }),
    ...(silenceSeconds !== undefined && { silenceMs: silenceSeconds * 1000 }),
    ...(openTimeoutMs !== undefined && { handshakeMs: openTimeoutMs }),
    ...(identity !== undefined && { identity }),
    ...session,
  }
}
