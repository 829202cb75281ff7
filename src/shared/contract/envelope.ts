import type { WireError } from '../errors'
import type { CommandName, SubscriptionName } from './contract'

/** A byte pipe between screen and core: an IPC port in Electron, a WebSocket in the web host. Frames are kept whole. */
export interface ByteChannel {
  send(frame: Uint8Array): void
  onFrame(receive: (frame: Uint8Array) => void): void
  /** Called once, however the channel ended; a listener that comes late is told as well. */
  onClosed(closed: (reason: string) => void): void
  /** @param reason - An error code the other side should learn, where the host can carry one. */
  close(reason?: string): void
  /** Bytes taken by `send` that have not left yet, where the host can tell. */
  readonly bufferedBytes: number
}

/**
 * What is looked at: 0, or nothing said, is the session that runs now; other numbers are recordings that are open. The
 * same commands and subscriptions hold for all, so that a recording looks and works like the live line.
 */
export const LIVE_SOURCE = 0

/** Screen to core. One MessagePack frame each. */
export type Upstream =
  | { t: 'call'; id: number; name: CommandName; args: unknown; source?: number }
  | { t: 'subscribe'; id: number; name: SubscriptionName; args: unknown; source?: number }
  | { t: 'unsubscribe'; id: number }
  /** The item with this number was taken over: one more may be sent. */
  | { t: 'ack'; id: number; seq: number }

/** Core to screen. */
export type Downstream =
  | { t: 'reply'; id: number; ok: true; value: unknown }
  | { t: 'reply'; id: number; ok: false; error: WireError }
  | { t: 'item'; id: number; seq: number; value: unknown }
  | { t: 'ended'; id: number; error: WireError }

export const MAX_FRAME_BYTES = 16 * 1024 * 1024
/** Items of one subscription that may be on their way unacknowledged. Beyond, the core keeps a summary instead. */
export const MAX_ITEMS_IN_FLIGHT = 4
/** A subscription sends at most one item in this time. */
export const BATCH_INTERVAL_MS = 16
export const MAX_BATCH_BYTES = 256 * 1024
/** While more than this waits in a channel, subscriptions pause: their next item covers more, in less detail. */
export const MAX_BUFFERED_BYTES = 1024 * 1024
/** Limits of one channel. A screen of ours stays far below them. */
export const MAX_SUBSCRIPTIONS = 64
export const MAX_CALLS_IN_FLIGHT = 256
/** Bytes of requests whose calls are not answered yet. */
export const MAX_CALL_BYTES_IN_FLIGHT = 64 * 1024 * 1024
