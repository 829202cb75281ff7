import type { WireError } from '../errors'

/** What a person chooses about recordings, as it stands under `recording` in the settings. */
export interface RecorderSettings {
  /** Names of new recordings, such as `{date} {time} {device}`. */
  readonly pattern: string
  /** A recording goes on in another file after so much. */
  readonly splitMib: number
  readonly splitMinutes: number
  /** The memory behind "save the last minutes": whichever is reached first. */
  readonly memoryMib: number
  readonly memoryMinutes: number
  /** What Ctrl+Shift+S saves. */
  readonly saveMinutes: number
}

export const RECORDER_SETTING = 'recording'
export const DEFAULT_RECORDER_SETTINGS: RecorderSettings = {
  pattern: '{date} {time} {device}',
  splitMib: 1024,
  splitMinutes: 60,
  memoryMib: 64,
  memoryMinutes: 15,
  saveMinutes: 5,
}

/** Least and most of each figure. */
export const RECORDER_BOUNDS = {
  splitMib: [1, 16 * 1024],
  splitMinutes: [1, 24 * 60],
  memoryMib: [1, 1024],
  memoryMinutes: [1, 24 * 60],
  saveMinutes: [1, 24 * 60],
} as const satisfies Readonly<Record<Exclude<keyof RecorderSettings, 'pattern'>, readonly [number, number]>>

export const MAX_PATTERN_LENGTH = 80
const FIGURES = Object.keys(RECORDER_BOUNDS) as (keyof typeof RECORDER_BOUNDS)[]

/** Reads the setting `recording`; what it leaves out, and what makes no sense, is as usual. */
export function parseRecorderSettings(text: string | null | undefined): RecorderSettings {
  const read = objectIn(text)
  const settings: Record<keyof RecorderSettings, unknown> = { ...DEFAULT_RECORDER_SETTINGS }
  const pattern = read['pattern']
  if (typeof pattern === 'string' && pattern.trim() !== '' && pattern.length <= MAX_PATTERN_LENGTH)
    settings.pattern = pattern
  for (const name of FIGURES) {
    const value = read[name]
    const [least, most] = RECORDER_BOUNDS[name]
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most)
      settings[name] = value
  }
  return settings as unknown as RecorderSettings
}

function objectIn(text: string | null | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** The recording that is being written. */
export interface RecordingNow {
  /** File of the part that is written now, without `.part`. */
  readonly recording: string
  readonly part: number
  /** Session time. */
  readonly startedMs: number
  /** How long it has been written, in whole seconds. */
  readonly lengthMs: number
  /** Who began it: the person, a profile that wants every byte, or a trigger. */
  readonly by: 'hand' | 'profile' | 'trigger'
  readonly bytes: number
  readonly entries: number
  /** On the medium for certain. */
  readonly durableEntries: number
  /** Wait for the disk. */
  readonly waitingBytes: number
  /** Places where bytes of a line are missing, because the disk was too slow. */
  readonly gaps: number
  readonly lostEntries: number
  readonly lostBytes: number
  /** Left out because it can be derived again. */
  readonly leftOut: number
  /** It is being ended. */
  readonly isEnding: boolean
}

/** What became of a recording, or of a part that was found at the start. */
export interface RecorderOutcome {
  /** Counts from 1. */
  readonly outcomeId: number
  readonly atMs: number
  /** `saved`: from memory. `left`: another program writes it. */
  readonly became: 'recorded' | 'saved' | 'recovered' | 'failed' | 'left'
  /** The first file. */
  readonly recording: string
  readonly files: number
  readonly bytes: number
  readonly entries: number
  /** From its first to its last moment. */
  readonly lengthMs: number
  /** Entries that are known to be missing. */
  readonly lostEntries: number
  readonly problem: WireError | null
}

export interface RecorderState {
  /** Null while nothing is recorded. */
  readonly now: RecordingNow | null
  /** What is being saved from memory, with how much of it is written. */
  readonly saving: { readonly recording: string; readonly share: number } | null
  /** Why the last recording ended by itself; until the next one begins, or somebody has seen it. */
  readonly problem: WireError | null
  /** How far back memory reaches. */
  readonly flight: {
    /** Session time from which on everything is there; null before anything has passed. */
    readonly oldestMs: number | null
    /** How long ago that is, in steps of 10 s. */
    readonly reachMs: number | null
    readonly keptBytes: number
    readonly maxBytes: number
    readonly maxMs: number
  }
  /** Free space where recordings lie, while one is written; null when the system does not tell. */
  readonly freeBytes: number | null
  /** The newest of them, at most `MAX_OUTCOMES`. */
  readonly outcomes: readonly RecorderOutcome[]
}

export const MAX_OUTCOMES = 20
/** Below this it is said that the disk fills up. */
export const LOW_DISK_BYTES = 1024 ** 3
