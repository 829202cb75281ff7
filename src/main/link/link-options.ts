import type { Clock } from '../../shared/model/clock'
import type { LineRate } from '../../shared/model/line-rate'
import type { CustomAddress, LinkAddress } from '../../shared/model/link-url'
import type { TraceObserver } from '../../shared/model/trace'
import type { RandomSource } from '../netcore/dialects/dialect'
import type { MessageStore } from '../netcore/pipe/message-body'
import type { Checksum, SessionOptions } from '../netcore/pipe/pipe'
import type { StackLimits } from '../netcore/stack-types'
import type { Transport } from '../transport/transport'
import type { DeviceFollower } from './device-follower'
import { DEFAULT_RECONNECT, type ReconnectPolicy } from './link-machine'

export interface LinkOptions {
  readonly id: number
  readonly address: LinkAddress | CustomAddress
  /** Null for a peer that came to a listener: there is nothing to open, see `accept`. */
  readonly transport: Transport | null
  readonly clock: Clock
  readonly random: RandomSource
  readonly onTrace: TraceObserver
  readonly reconnect?: Partial<ReconnectPolicy>
  /** Answer requests that fail or have no handler here with an error. Default: true. */
  readonly answersErrors?: boolean
  readonly limits?: Partial<StackLimits>
  /** Speed of the line, for the choice of the chunk size, where the address does not tell. */
  readonly lineRate?: LineRate
  /** Line time that is kept with the driver on a paced line, besides a frame; default: as much as wake-ups come late. */
  readonly keptAheadMs?: number
  /** For dialects with a handshake: who we are, and how we prove it. */
  readonly session?: SessionOptions
  /** Milliseconds since 1970 at the time 0 of `clock`, for a clock that is not this machine's. */
  readonly startedUnixMs?: number
  /** Where large bodies gather; default: memory. */
  readonly store?: MessageStore
  /** A faster CRC-32C than the built-in one. */
  readonly checksum?: Checksum
  /** The same as `transport` where that follows a device. */
  readonly device?: DeviceFollower
  /** Takes no part at all: reads what the line says and never writes a byte. */
  readonly isListenOnly?: boolean
  /** While it answers true, nothing that anybody starts leaves. Asked anew each time. */
  readonly isLocked?: () => boolean
}

/** What the options say of reconnecting before what the address says, and that before what is usual. */
export function reconnectPolicyOf({ address, reconnect }: LinkOptions): ReconnectPolicy {
  const { firstMs, mostMs, factor, attempts, jitterPercent } = address.retry ?? {}
  return {
    ...DEFAULT_RECONNECT,
    ...(firstMs !== undefined && { firstDelayMs: firstMs }),
    maxDelayMs: mostMs ?? Math.max(DEFAULT_RECONNECT.maxDelayMs, firstMs ?? 0),
    ...(factor !== undefined && { factor }),
    ...(attempts !== undefined && { attempts }),
    ...(jitterPercent !== undefined && { jitter: jitterPercent / 100 }),
    ...reconnect,
  }
}
