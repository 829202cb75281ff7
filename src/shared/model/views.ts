import type { ErrorCode } from '../errors'
import type { CacheChangeKind } from './cache'
import type { TaskRunOutcome } from './tasks'
import type { ClockSample, Direction, Headers, LinkPhase, MessageKind, Priority, SessionEvent } from './trace'

/** What the screen shows. Ids of messages are numbers of the capture (`#48213`), unique over all links of a session. */

/** What is wrong, in words, and what helps. */
export interface Problem {
  readonly code: ErrorCode
  readonly message: string
  readonly remedy: string
}

/** Why a port cannot be used: `PORT_BUSY`, `PORT_DENIED` or `PORT_MISSING` (it was there a moment ago). */
export interface PortProblem extends Problem {
  /** Who has it open, as far as the system tells; null when unknown or when nobody has. */
  readonly holder: { readonly name: string; readonly pid: number } | null
  /** Group that may use it, when its members may; else empty. */
  readonly group: string
  /** What to type against it, literally; empty when no command helps. */
  readonly command: string
}

export interface PortInfo {
  readonly path: string
  /** `STM32 STLink`, or the path when the system tells nothing. */
  readonly title: string
  readonly vendorId: string
  readonly productId: string
  readonly serialNumber: string
  readonly manufacturer: string
  /** Driver of the system, such as `cdc_acm`; empty when unknown. */
  readonly driver: string
  /** What the device calls this port among its own: `VCP`, `Debug UART`; else the number of the interface, or empty. */
  readonly interfaceName: string
  /**
   * What stays the same when the device comes back elsewhere: `usb:VID:PID:SERIAL:INTERFACE`; without a serial number the
   * place on the bus, `usb-path:1-2.4:1.0`; else the path, `name:/dev/ttyS0`.
   */
  readonly identity: string
  /** Session time at which it showed up while somebody watched; null when it was there from the start. */
  readonly appearedMs: number | null
  /** When a link to it was last used; null when it is not among the recent ones. */
  readonly lastUsedIso: string | null
  readonly problem: PortProblem | null
}

/** Lines of a serial port beside the data; null where the system does not tell. True is asserted. */
export interface ModemLines {
  readonly dtr: boolean | null
  readonly rts: boolean | null
  readonly cts: boolean | null
  readonly dsr: boolean | null
  readonly dcd: boolean | null
  readonly ri: boolean | null
}

/** One step of a reset pulse: what is set, and how long it is held. */
export interface PulseStep {
  readonly dtr?: boolean | undefined
  readonly rts?: boolean | undefined
  readonly ms: number
}

/** A link that a person gave a name, kept as a plain file in the workspace. */
export interface Profile {
  readonly name: string
  /** Without the password: those are never written. */
  readonly url: string
  readonly note: string
  readonly tags: readonly string[]
  /** Snippet of the workspace that runs whenever a link of its address is ready. */
  readonly snippet?: string
  /** A recording is begun before a link of its address opens. */
  readonly isRecorded?: boolean
  /** Where it is kept. */
  readonly file: string
  /** Why it cannot be used; the rest is empty then. */
  readonly problem: Problem | null
}

/** What was found out about this computer, with what helps where it is not well. */
export interface MachineCheck {
  readonly id: 'serial-driver' | 'serial-access' | 'serial-ports' | 'modem-manager' | 'brltty' | 'loopback'
  readonly title: string
  readonly ok: boolean
  readonly message: string
  /** Empty when all is well. */
  readonly remedy: string
}

export interface RecentLink {
  readonly url: string
  readonly title: string
  readonly lastUsedIso: string
}

/** What a dialect with a handshake last told of the peer. */
export interface SessionStatus
  extends Pick<SessionEvent, 'phase' | 'peerIdentity' | 'isResumed' | 'code' | 'detail'> {
  /** Session time at which the phase began. */
  readonly sinceMs: number
}

/** The peer's clock against ours. */
export type PeerClock = Pick<ClockSample, 'offsetMs' | 'uncertaintyMs' | 'driftPpm'>

export interface LinkStatus {
  readonly linkId: number
  readonly url: string
  readonly title: string
  readonly scheme: string
  readonly dialect: string
  readonly phase: LinkPhase
  readonly phaseSinceMs: number
  /** Null where the dialect shakes no hands, and before it began to. */
  readonly session: SessionStatus | null
  /** Null where the dialect does not compare clocks, and while the session is not up. */
  readonly clock: PeerClock | null
  /** Set while something is wrong, with the link or with its session. */
  readonly problem: { readonly code: ErrorCode; readonly message: string; readonly remedy: string } | null
  readonly peerName: string
  /** Null when the speed of the line is not known (sockets). */
  readonly baud: number | null
  /** Size of the pieces bodies are cut into when sent; null for a listener, which sends nothing itself. */
  readonly chunkBytes: number | null
  readonly bytesIn: number
  readonly bytesOut: number
  readonly rateInBytesPerSecond: number
  readonly rateOutBytesPerSecond: number
  /** Share of the line's time that was used during the last second, 0 to 1, the busier direction; null when unknown. */
  readonly utilisation: number | null
  readonly queuedBytes: number
  readonly queuedMessages: number
  readonly faults: number
  /** Frames whose content was on the line before: sent once more here, or received a second time. */
  readonly repeatedFrames: number
  readonly lostBytes: number
  /** For a listening link: how many peers are connected. */
  readonly peers: number
  /** Lines of the port, looked at ten times a second; null while not connected and where there are none. */
  readonly lines: ModemLines | null
  /** Which device it is, see `PortInfo.identity`; empty where there is no port, and before one was found. */
  readonly identity: string
  /** Another device is on the port than the one this link is for: it waits, or `link.accept` takes this one. */
  readonly otherDevice: { readonly title: string; readonly identity: string } | null
  /** Nothing that anybody starts leaves: by `listen=only` in the address, or by the lock. */
  readonly isListenOnly: boolean
}

export interface StatusSnapshot {
  readonly nowMs: number
  readonly links: readonly LinkStatus[]
  /** The lock of `lock.set`: nothing leaves on any link. */
  readonly isListenOnly: boolean
  readonly messages: number
  readonly chunks: number
  readonly evictedMessages: number
  readonly evictedChunks: number
  readonly lostBytes: number
  readonly faults: number
  readonly repeatedFrames: number
}

export type MessageStatus =
  | 'queued' // out: nothing on the wire yet
  | 'sending'
  | 'sent' // out, complete, no answer expected or awaited
  | 'waiting' // out request, complete, answer awaited
  | 'answered'
  | 'receiving'
  | 'received'
  | 'cancelled'
  | 'failed'
  | 'timeout'
  | 'interrupted'

export interface MessageRow {
  readonly id: number
  readonly linkId: number
  /** Session time of the first sign of the message: queued here (out) or its head received (in). */
  readonly openedMs: number
  readonly dir: Direction
  readonly route: string
  readonly kind: MessageKind
  /** A request for any number of answers. */
  readonly isSubscription: boolean
  readonly priority: Priority
  readonly bodyBytes: number
  readonly doneBytes: number
  readonly chunks: number
  readonly status: MessageStatus
  readonly code: ErrorCode | null
  readonly roundTripMs: number | null
  /** 1 to 8: the stream hue. */
  readonly hue: number
  /** The request this answers, or the answer to this; 0 when there is none. */
  readonly partnerId: number
  /** First bytes of the body as one line of text; control characters replaced, at most 160 characters. */
  readonly preview: string
}

export interface MessageTiming {
  readonly openedMs: number
  readonly firstChunkMs: number | null
  readonly lastChunkMs: number | null
  readonly closedMs: number | null
  /** Out: from being queued to the first byte handed over. */
  readonly queuedMs: number | null
  /** Time during which chunks of this message occupied the line. */
  readonly wireMs: number | null
  /** Between first and last byte, while other messages held the line. */
  readonly interleavedMs: number | null
}

export interface MessageDetail extends MessageRow {
  readonly ref: string
  readonly correlationId: string
  readonly headers: Headers
  readonly declaredBytes: number | null
  readonly overheadBytes: number
  readonly timing: MessageTiming
  readonly remedy: string
  /** Task that sent it; empty for what no task sent. */
  readonly task: string
  /** First 64 KiB of the body; the rest by `message.body`. */
  readonly body: Uint8Array
  /** False when the body is no longer (or was never) kept in memory. */
  readonly hasBody: boolean
  /** Bytes of the body, from its beginning, that are kept: fewer than it has when it passed through a file. */
  readonly keptBytes: number
  readonly partner: MessageRow | null
}

/** Chunks of one message that carried payload, in columns of equal length, in order of capture. */
export interface MessageChunks {
  readonly bodyOffsets: Float64Array
  readonly payloadBytes: Uint32Array
  readonly startMs: Float64Array
  readonly endMs: Float64Array
  /** True when there were more than are told. Chunks that are no longer kept are missing without a word. */
  readonly isTruncated: boolean
}

export interface MessagesChanged {
  /** Rows kept: list positions 0 … total-1. */
  readonly total: number
  /** Message id at list position 0. Ids of consecutive positions are consecutive. */
  readonly firstId: number
  /** Rows with an id from here on were added or changed since the last item; 0 when nothing changed. */
  readonly changedFromId: number
  readonly evicted: number
}

export interface Overview {
  readonly fromMs: number
  readonly toMs: number
  /** Bytes on the wire per bin. */
  readonly bytesIn: Float32Array
  readonly bytesOut: Float32Array
  readonly faults: Float32Array
}

/** Bits of `LaneBatch.flags`. */
export const LANE_IN = 1
export const LANE_FIRST = 2
export const LANE_LAST = 4
export const LANE_CONTROL = 8
/** Several chunks drawn as one, because the screen was slow: `counts` tells how many. */
export const LANE_MERGED = 16
export const LANE_FAULT = 32
/** Its bytes were on the line before: it counts as no chunk of its message. */
export const LANE_REPEAT = 64

export interface LaneMessage {
  readonly id: number
  readonly linkId: number
  readonly dir: Direction
  readonly route: string
  readonly kind: MessageKind
  readonly priority: Priority
  readonly hue: number
  readonly status: MessageStatus
  readonly openedMs: number
  readonly closedMs: number | null
  readonly partnerId: number
  readonly bodyBytes: number
  /** Bit n: matches filter n of `marks` in the subscription. */
  readonly matches: number
}

export interface LaneFault {
  readonly linkId: number
  readonly dir: Direction
  readonly atMs: number
  readonly code: ErrorCode
}

/** How much waits to be sent on one link. */
export interface LaneQueue {
  readonly linkId: number
  readonly queuedBytes: number
}

/** The lines of a port changed. */
export interface LaneLines extends ModemLines {
  readonly linkId: number
  readonly atMs: number
}

/** A run of a task, or the decision not to run. */
export interface LaneTaskRun {
  /** 0: no link has a part in it. */
  readonly linkId: number
  /** When it began; of what did not begin, when that was decided. */
  readonly atMs: number
  readonly untilMs: number
  readonly runId: number
  readonly task: string
  readonly outcome: TaskRunOutcome
  /** Null when it did not begin. */
  readonly lateMs: number | null
}

/** An entry of the cache went by itself. */
export interface LaneCacheEnd {
  /** 0: the cache belongs to the session. */
  readonly linkId: number
  readonly atMs: number
  readonly change: CacheChangeKind & ('expired' | 'evicted')
  readonly key: string
}

/** New chunks in columns of equal length, in capture order, plus messages that are new or changed. */
export interface LaneBatch {
  readonly nowMs: number
  readonly messageIds: Uint32Array
  readonly startMs: Float64Array
  readonly endMs: Float64Array
  readonly bodyOffsets: Float64Array
  readonly payloadBytes: Uint32Array
  readonly wireBytes: Uint32Array
  readonly counts: Uint32Array
  readonly linkIds: Uint32Array
  readonly flags: Uint8Array
  readonly messages: readonly LaneMessage[]
  readonly faults: readonly LaneFault[]
  /** Times during which a link was not connected; `toMs` null while it lasts. */
  readonly gaps: readonly { readonly linkId: number; readonly fromMs: number; readonly toMs: number | null }[]
  /** Changes of modem lines, oldest first: each holds until the next of its link. */
  readonly lines: readonly LaneLines[]
  readonly taskRuns: readonly LaneTaskRun[]
  readonly cacheEnds: readonly LaneCacheEnd[]
  /** Depth of the outgoing queue at `nowMs`, all links together. */
  readonly queuedBytes: number
  /** The same for each link that ever told of its queue. */
  readonly queues: readonly LaneQueue[]
  /** True on the first batch after subscribing or clearing: drop what you have. */
  readonly isReset: boolean
}
