import type { TimePercentilesView } from './time-percentiles'
import type { MessageKind } from './trace'

/** How a run against a peer decides when the next recorded message goes. */
export const REPLAY_POLICIES = ['time', 'reply', 'step'] as const
/**
 * `time`: at the recorded distance from the beginning, whatever the peer does. `reply`: as soon as what came before it in
 * the recording has come again. `step`: when a person says so.
 */
export type ReplayPolicy = (typeof REPLAY_POLICIES)[number]

export const MIN_REPLAY_SPEED = 0.1
export const MAX_REPLAY_SPEED = 100
export const DEFAULT_REPLAY_SEED = 1
export const MAX_REPLAY_SEED = 0xffff_ffff
/** How long a run waits for what the recording says comes next. */
export const DEFAULT_REPLAY_TIMEOUT_MS = 10_000
export const MAX_REPLAY_TIMEOUT_MS = 3_600_000
/** Differences that are told one by one; all are counted. */
export const MAX_TOLD_DIFFERENCES = 100

/** Who stands at the other end. */
export type ReplayTarget =
  /** A simulated device, in a time of its own that is the same in every run. */
  | { readonly kind: 'simulator' }
  /** A link that is there. */
  | { readonly kind: 'link'; readonly linkId: number }
  /** We are the device: an address where a host comes to, or the port that it is at. */
  | { readonly kind: 'listen'; readonly url: string }

export type ReplayPhase =
  /** It would write to hardware: a person has to say yes. */
  | 'confirm'
  /** The other end is not there (yet, or any more). */
  | 'waiting'
  | 'running'
  /** Everything was played. */
  | 'done'
  /** By a person, or at the first difference. */
  | 'stopped'
  | 'failed'

export type ReplayDifferenceKind =
  /** Came, but with another route, other headers or another body. */
  | 'changed'
  /** The recording has it, the run has not. */
  | 'missing'
  /** The run has it, the recording has not. */
  | 'added'
  /** Came, but before something that it came after in the recording. */
  | 'order'
  /** Could not be sent. */
  | 'unsent'

export interface ReplayDifference {
  /** Counts from 1. */
  readonly number: number
  readonly kind: ReplayDifferenceKind
  readonly route: string
  /** What of it differs, in words. */
  readonly detail: string
  /** Since the run began. */
  readonly atMs: number
}

/** The next recorded message that the run sends. */
export interface ReplayNext {
  readonly route: string
  readonly kind: MessageKind
  /** It answers a request that has not come yet. */
  readonly isHeld: boolean
}

export interface ReplayState {
  readonly runId: number
  /** Name of the recording. */
  readonly recording: string
  readonly target: ReplayTarget
  /** The other end in words. */
  readonly targetTitle: string
  /** What a host opens to come to us: a path or an address; null where we go to the other end. */
  readonly hostOpens: string | null
  readonly policy: ReplayPolicy
  /** Null: as fast as possible. */
  readonly speed: number | null
  readonly seed: number
  readonly phase: ReplayPhase
  /** Link of the run; 0 while there is none. */
  readonly linkId: number
  readonly sent: number
  /** Messages of our side that the recording has whole. */
  readonly total: number
  /** Messages of our side that it has not whole: they cannot be sent. */
  readonly skipped: number
  /** Messages of the other side that came as recorded. */
  readonly matched: number
  /** Times the connection was lost while the run went on. */
  readonly interruptions: number
  /** Null before the first, and where the policy has no times. */
  readonly late: TimePercentilesView | null
  readonly differences: number
  /** The first `MAX_TOLD_DIFFERENCES` of them. */
  readonly told: readonly ReplayDifference[]
  readonly next: ReplayNext | null
  /** SHA-256 of what was sent, in hexadecimal; null before the end. */
  readonly hash: string | null
  /** SHA-256 of the order of all that happened; null before the end. */
  readonly orderHash: string | null
  readonly problem: { readonly code: string; readonly message: string; readonly remedy: string } | null
  /** Name of the recording that was made of the run; null when none was. */
  readonly madeRecording: string | null
}

/** A run in a few letters: the beginning of what was sent, and of the order of everything. */
export const shortRunHash = (hash: string, orderHash: string): string =>
  `${hash.slice(0, 4)}·${orderHash.slice(0, 4)}`

/** Whether a run goes on, or waits for a person or a peer to let it go on. */
export const isReplayOpen = ({ phase }: Pick<ReplayState, 'phase'>): boolean =>
  phase === 'confirm' || phase === 'waiting' || phase === 'running'

/** The run that was asked for last; null before the first. */
export interface ReplayNews {
  readonly run: ReplayState | null
}
