import type { ErrorCode } from '../../shared/errors'
import type { LineRate } from '../../shared/model/line-rate'
import type { ConsoleError } from '../../shared/errors'
import type { ModemLines } from '../../shared/model/views'

/**
 * A transport moves bytes and nothing else. Write boundaries are kept only where a connection has `packetBytes`; otherwise
 * a read has any size. Errors of `open` and
 * `listen` are ConsoleErrors of layer `transport` which name the cause and the remedy.
 */
export interface Transport {
  /** @throws ConsoleError. Rejects within the transport's own open timeout, and at once when `signal` aborts. */
  open(handlers: ConnectionHandlers, signal?: AbortSignal): Promise<Connection>
}

/** Waits for peers. Each accepted peer is a connection of its own. */
export interface ListeningTransport {
  /** @param turnedAway - Told of peers that are not let in, where no connection of theirs could tell of it; not too often. */
  listen(
    accept: (connection: Connection) => ConnectionHandlers,
    turnedAway?: (problem: ConsoleError) => void,
  ): Promise<Listener>
}

export interface Listener {
  /** The address with the real port where port 0 was asked. */
  readonly url: string
  /** Stops listening and closes the accepted connections. */
  close(): Promise<void>
}

/**
 * Called by the transport, never after `onClosed`. A serial port may have bytes while its lines are still being set, which
 * is before `open` resolves: whoever opens keeps what comes until it is ready (`HeldHandlers`).
 */
export interface ConnectionHandlers {
  /** Bytes as they arrived. The receiver owns them for good; the transport does not touch them again. */
  onBytes(bytes: Uint8Array): void
  /** `canWrite` became true again. */
  onWritable(): void
  /** Exactly once, however the connection ends. */
  onClosed(reason: CloseReason): void
  /**
   * Something was left out that the transport could not carry or would not take, such as a datagram above the limit; the
   * connection goes on.
   */
  onLeftOut?(code: ErrorCode, byteCount: number, detail: string): void
  /** The lines beside the data are known for the first time, or one changed. Serial ports only. */
  onLines?(lines: ModemLines): void
}

/** The lines of a serial port beside its data. */
export interface LineControl {
  /** As last seen; null until then, and for good where the system does not tell. */
  readonly lines: ModemLines | null
  /** Why the lines could not be set as asked when the port opened; it is open all the same. */
  readonly problem: ConsoleError | null
  /** Sets lines; what is left out stays. @throws ConsoleError `LINE_CONTROL_UNSUPPORTED`; the connection goes on. */
  set(lines: { readonly dtr?: boolean | undefined; readonly rts?: boolean | undefined }): Promise<void>
  /** Holds the data line in BREAK for `ms`. @throws ConsoleError `LINE_CONTROL_UNSUPPORTED`; the connection goes on. */
  sendBreak(ms: number): Promise<void>
}

export interface CloseReason {
  /** `local`: we called close. `remote`: the peer ended it properly. `lost`: unplugged, reset, write failed. */
  readonly kind: 'local' | 'remote' | 'lost'
  readonly code: ErrorCode | null
  readonly detail: string
}

export interface Connection {
  /** The peer in words a person knows: `127.0.0.1:4242`, `/dev/ttyUSB0`, `simulated demo`. */
  readonly peerName: string
  /** Speed of the line where it is known (serial, simulated); undefined on sockets. */
  readonly lineRate: LineRate | undefined
  /** Can damage or lose bytes (serial, udp): the dialect resynchronises instead of closing. */
  readonly isLossy: boolean
  /**
   * Most bytes of a packet, where the medium has packets: there one `write` is one packet, and each `onBytes` brings one.
   * Absent on streams. Longer writes are left out and told by `onLeftOut`.
   */
  readonly packetBytes?: number
  /** False when the transport holds enough: stop until `onWritable`. Writing all the same is allowed and queues. */
  readonly canWrite: boolean
  /** Bytes taken by `write` that the operating system has not taken yet. */
  readonly unsentBytes: number
  /**
   * Resolves when everything written has left for the line, as far as the driver knows: some forget their own buffers and
   * tell too early, none too late. What is written meanwhile is waited for as well. Resolves at the end of the connection
   * too; never rejects. Absent where nobody can tell (sockets).
   */
  drained?(): Promise<void>
  /** Absent where there are no lines beside the data. */
  readonly control?: LineControl
  /** Takes ownership of `bytes`. After the end of the connection the bytes are discarded silently. */
  write(bytes: Uint8Array): void
  /**
   * Writes several arrays as if they were one, without joining them, and in one piece where the system takes so much.
   * Absent where joining them is the only way.
   */
  writeAll?(parts: readonly Uint8Array[]): void
  /** Resolves after `onClosed({kind: 'local'})`. Bytes not yet handed to the system may be lost. Idempotent. */
  close(): Promise<void>
}
