import type { WireError } from '../errors'

/** When a message is held against a trigger, once: when it begins, when it is through, when nothing more is awaited. */
export const TRIGGER_MOMENTS = ['opened', 'closed', 'settled'] as const
export type TriggerMoment = (typeof TRIGGER_MOMENTS)[number]

/** What happens besides the row in every list. */
export interface TriggerActions {
  /** A marker on the message. */
  readonly marker: boolean
  /** A note on the message; empty for none. One line. */
  readonly note: string
  /** A word on the screen, and one of the system while nobody sees the window. */
  readonly notify: boolean
  readonly pauseView: boolean
  readonly sound: boolean
  /** Name of a snippet of the workspace that runs on the link of the message; empty for none. */
  readonly snippet: string
  /** Begins the recording, unless one runs; or ends the one that runs. */
  readonly recording: TriggerRecording
  /** Saves so many of the last minutes from the flight recorder; 0 for none. */
  readonly saveMinutes: number
}

export const TRIGGER_RECORDINGS = ['none', 'start', 'stop'] as const
export type TriggerRecording = (typeof TRIGGER_RECORDINGS)[number]

/** A row in every list, and nothing else. */
export const NO_TRIGGER_ACTIONS: TriggerActions = {
  marker: false,
  note: '',
  notify: false,
  pauseView: false,
  sound: false,
  snippet: '',
  recording: 'none',
  saveMinutes: 0,
}

/** What a person decides about a trigger. */
export interface TriggerContent {
  readonly name: string
  /** Text of the filter language, never empty. */
  readonly filter: string
  readonly moment: TriggerMoment
  readonly actions: TriggerActions
  /** `once`: fires one time, until it is saved anew or the program starts again. */
  readonly fires: 'always' | 'once'
  /** Matches within this time of the last firing are counted only. */
  readonly cooldownMs: number
  readonly isEnabled: boolean
}

export interface Trigger extends TriggerContent {
  readonly triggerId: string
}

export interface TriggerCounts {
  /** Messages that matched since the program started, or since the trigger was changed. */
  readonly matched: number
  /** Times it went off; the other matches came within the cooldown, or after its one time. */
  readonly fired: number
  /** Session time of the last firing, and its message while that is in memory. */
  readonly lastAtMs: number | null
  readonly lastMessageId: number | null
}

export interface TriggerStatus extends Trigger, TriggerCounts {
  /** Fires once, and has. */
  readonly isSpent: boolean
  /** Why it cannot work, or the part of it that failed last. */
  readonly problem: WireError | null
}

export interface TriggersState {
  readonly triggers: readonly TriggerStatus[]
  /** Messages that no trigger was held against: they came faster than they could be, or went before their turn. */
  readonly skipped: number
  /** The file of triggers cannot be read. */
  readonly problem: WireError | null
}

/** A trigger went off. */
export interface TriggerFiring {
  /** Counts all firings of the session, from 1. */
  readonly firingId: number
  readonly triggerId: string
  readonly name: string
  readonly messageId: number
  readonly linkId: number
  readonly atMs: number
  /** Of the message, shortened. */
  readonly route: string
  readonly notify: boolean
  readonly pauseView: boolean
  readonly sound: boolean
}

/** Which of the messages kept a trigger would have fired on. */
export interface TriggerTest {
  readonly matched: number
  /** Messages that were held against the filter. */
  readonly tested: number
  /** The oldest of those that matched, at most `MAX_TEST_MESSAGES`. */
  readonly messageIds: readonly number[]
}

/** Beyond: `TRIGGERS_TOO_MANY`. */
export const MAX_TRIGGERS = 64
export const MAX_TRIGGER_NAME_LENGTH = 64
export const MAX_TRIGGER_ID_LENGTH = 64
export const MAX_TRIGGER_NOTE_LENGTH = 500
/** A trigger never fires more often: what a person sees and hears has a limit. */
export const MIN_COOLDOWN_MS = 50
export const MAX_COOLDOWN_MS = 86_400_000
export const DEFAULT_COOLDOWN_MS = 1000
export const MAX_TRIGGER_SAVE_MINUTES = 24 * 60
/** One trigger saves the last minutes no more often, however often it fires: each saving is a file. */
export const TRIGGER_SAVE_GAP_MS = 10_000
export const MAX_TEST_MESSAGES = 20
