import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import type { CommandName, CommandRequest } from '../../../shared/contract/contract'
import { ConsoleError, toWireError } from '../../../shared/errors'
import type { Clock } from '../../../shared/model/clock'
import {
  MAX_OUTCOMES,
  parseRecorderSettings,
  RECORDER_SETTING,
  type RecorderOutcome,
  type RecorderSettings,
  type RecorderState,
  type RecordingNow,
} from '../../../shared/model/recorder'
import type { TraceEvent } from '../../../shared/model/trace'
import type { Capture } from '../../capture/capture'
import { SessionTime } from '../../recording/format/session-time'
import { type LeftPart, recoverLeftParts } from '../../recording/library/left-parts'
import type { RecordingFolder } from '../../recording/library/recording-folder'
import { FlightRecorder } from '../../recording/write/flight-recorder'
import { Recorder } from '../../recording/write/recorder'
import type { TraceTransform } from '../../recording/write/trace-transform'
import { type RecordingDisk, systemDisk } from '../../recording/write/recording-disk'
import { PART_EXTENSION } from '../../recording/write/recording-writer'
import { writerFacts } from '../../recording/write/writer-identity'
import type { Settings } from '../../workspace/settings'
import type { Feed } from '../console-types'
import { PacedFeed } from '../feeds/paced-feed'
import type { Handlers } from '../handlers/handlers'
import { ClockJumps } from './clock-jumps'
import type { LinkFacts } from './link-facts'
import { LiveRecording } from './live-recording'
import { writeRemembered } from './memory-save'
import { placeOfNote } from './note-ledger'
import { type Operation, operationOf } from './operations'

/** How often screens hear of a recording. */
const RECORDER_INTERVAL_MS = 200
const RESTING_INTERVAL_MS = 1000
const SPACE_EVERY_MS = 5000
const REACH_STEP_MS = 10_000
const MAX_OPERATIONS = 5000
const MIB = 1024 * 1024

export interface RecorderDeskOptions {
  readonly clock: Clock
  /** Wall clock at session time 0, in ms since 1970. */
  readonly startedAtMs: number
  /** The wall clock, in ms since 1970. */
  readonly wallMs: () => number
  readonly folder: RecordingFolder
  readonly capture: Pick<Capture, 'notes' | 'noteVersion' | 'locate'>
  readonly settings: Pick<Settings, 'read' | 'watch'>
  /** Program and version. */
  readonly library: string
  /** What the links that are open are called, and how they are reached. */
  readonly linkFacts: () => LinkFacts
  /** What is written in place of events, made anew for each recording; undefined: the events themselves. */
  readonly transform?: () => TraceTransform | undefined
  readonly disk?: RecordingDisk
  /** These files are finished: nobody writes them any more. */
  readonly onFinished?: (recordings: readonly string[]) => void
}

type RecorderCommand = Extract<CommandName, 'recorder.start' | 'recorder.stop' | 'recorder.save-flight'>

/** Whom a recording is begun for. */
export interface RecordingWish {
  readonly by: RecordingNow['by']
  readonly name?: string | undefined
  readonly pattern?: string | undefined
  readonly facts?: LinkFacts
}

/**
 * Writes down what passes, when somebody wants it, and remembers the newest minutes always. To be told of every event of the
 * trace from the first one on.
 */
export class RecorderDesk {
  readonly handlers: Pick<Handlers, RecorderCommand>
  readonly #options: RecorderDeskOptions
  readonly #disk: RecordingDisk
  readonly #time: SessionTime
  readonly #memory: FlightRecorder
  readonly #jumps: ClockJumps
  readonly #listeners = new Set<() => void>()
  readonly #outcomes: RecorderOutcome[] = []
  readonly #stopSettings: () => void
  readonly #recovering: Promise<void>
  #operations: Operation[] = []
  #settings: RecorderSettings
  #live: LiveRecording | undefined
  #saving: { recording: string; path: string; share: number } | null = null
  #saved: Promise<unknown> = Promise.resolve()
  #problem: ConsoleError | null = null
  #freeBytes: number | null = null
  #spaceAskedAtMs = Number.NEGATIVE_INFINITY
  #lastOutcomeId = 0
  #cancelTick: (() => void) | undefined

  constructor(options: RecorderDeskOptions) {
    this.#options = options
    this.#disk = options.disk ?? systemDisk
    this.#time = new SessionTime(options.startedAtMs)
    this.#jumps = new ClockJumps(options.clock, options.wallMs)
    this.#settings = this.#readSettings()
    this.#memory = new FlightRecorder(memoryLimits(this.#settings))
    this.#stopSettings = options.settings.watch(() => {
      this.#settings = this.#readSettings()
      this.#memory.limitTo(memoryLimits(this.#settings))
      this.#tell()
    })
    this.#recovering = this.#recover()
    this.handlers = {
      'recorder.start': ({ name, pattern }) => ({ recording: this.start({ by: 'hand', name, pattern }) }),
      'recorder.stop': async () => ({ recordings: await this.stop() }),
      'recorder.save-flight': (request) => this.saveMemory(request),
    }
  }

  /** To be called with every event of the trace, before it is looked at by anybody who may act on it. */
  readonly observe = (event: TraceEvent): void => {
    this.#memory.observe(event)
    const live = this.#live
    if (live === undefined) return
    live.recorder.observe(event)
    if (event.type === 'link-state' && event.phase === 'closed' && live.isThroughWith(event.url))
      void this.stop().catch(() => undefined) // told as the outcome
  }

  /** To be called with every command before it is done: some of them change what comes after. */
  noteCommand<C extends CommandName>(command: C, request: CommandRequest<C>): void {
    const operation = operationOf(this.#options.clock.nowMs(), command, request)
    if (operation === undefined) return
    this.#operations.push(operation)
    if (this.#operations.length > MAX_OPERATIONS)
      this.#operations = this.#operations.slice(MAX_OPERATIONS / 2)
    this.#live?.recorder.operation(operation.atMs, operation.operation, operation.detail)
  }

  get isRecording(): boolean {
    return this.#live !== undefined
  }

  /** What stands wrong with recordings, for whoever looks for problems. */
  get condition(): {
    readonly problem: ConsoleError | null
    readonly gaps: number
    readonly lostBytes: number
    readonly freeBytes: number | null
  } {
    const counts = this.#live?.recorder.counts
    return {
      problem: this.#problem,
      gaps: counts?.gaps ?? 0,
      lostBytes: counts?.droppedBytes ?? 0,
      freeBytes: this.#live === undefined ? null : this.#freeBytes,
    }
  }

  /**
   * Begins a recording: everything from now on is in it, after how all stands now. Made before a port opens, it has the first
   * byte. What the disk says comes later, as the problem.
   *
   * @returns Name of its first file.
   * @throws ConsoleError `RECORDING_RUNS`, `RECORDING_PATTERN_INVALID`, `FILE_UNWRITABLE`.
   */
  start(wish: RecordingWish): string {
    const { clock } = this.#options
    if (this.#live !== undefined) {
      throw new ConsoleError('RECORDING_RUNS', `${this.#live.recording} is being recorded already`)
    }
    const about = wish.facts ?? this.#options.linkFacts()
    const path = this.#newPath(wish, about)
    const recorder = new Recorder({
      ...this.#recorderOptions(path, about, wish.by),
      standing: this.#memory.standing(),
      onProblem: (problem) => this.#failed(live, problem),
    })
    const live = new LiveRecording(recorder, this.#options.capture, clock.nowMs(), wish.by)
    this.#live = live
    this.#problem = null
    this.#freeBytes = null
    this.#spaceAskedAtMs = Number.NEGATIVE_INFINITY
    this.#jumps.lookAfresh()
    this.#tickSoon()
    this.#tell()
    return live.recording
  }

  /** Addresses of the links that a recording by a profile is for: it ends when all of them are closed. */
  recordFor(url: string): void {
    this.#live?.urls.add(url)
  }

  /**
   * Ends the recording. Without one, somebody has seen why the last one ended.
   *
   * @returns Names of its files.
   * @throws ConsoleError `RECORDING_DISK_FULL`, `RECORDING_WRITE_FAILED`.
   */
  async stop(): Promise<string[]> {
    const live = this.#live
    if (live === undefined) {
      this.#problem = null
      this.#tell()
      return []
    }
    live.notes.tell(live.recorder, this.#options.clock.nowMs())
    live.isEnding = true
    this.#tell()
    const paths = await live.recorder.end()
    if (this.#live !== live) return paths.map((path) => basename(path)) // somebody else asked as well
    this.#live = undefined
    const { allBytes, entries, droppedEntries } = live.recorder.counts
    const files = paths.map((path) => basename(path))
    this.#ended({
      became: 'recorded',
      recording: files[0]!,
      files: files.length,
      bytes: allBytes,
      entries,
      lengthMs: live.lengthMs(this.#options.clock.nowMs()),
      lostEntries: droppedEntries,
      problem: null,
    })
    this.#options.onFinished?.(files)
    return files
  }

  /** Whether a file is being written now; a path with or without `.part`. */
  isWriting(path: string): boolean {
    const plain = path.endsWith(PART_EXTENSION) ? path.slice(0, -PART_EXTENSION.length) : path
    return this.#live?.recorder.path === plain || this.#saving?.path === plain
  }

  feed(): Feed<RecorderState> {
    let told = ''
    const touch = (): void => feed.touch()
    this.#listeners.add(touch)
    const feed = new PacedFeed<RecorderState>(this.#options.clock, {
      intervalMs: RECORDER_INTERVAL_MS,
      produce: () => {
        const state = this.state()
        const now = JSON.stringify(state)
        if (now === told) return undefined
        told = now
        return state
      },
      hasMore: () => false,
      close: () => {
        this.#listeners.delete(touch)
      },
    })
    this.#tickSoon()
    return feed
  }

  state(): RecorderState {
    const nowMs = this.#options.clock.nowMs()
    const { oldestMs, keptBytes, limits } = this.#memory
    return {
      now: this.#live?.view(nowMs) ?? null,
      saving: this.#saving && { recording: this.#saving.recording, share: this.#saving.share },
      problem: this.#problem && toWireError(this.#problem),
      flight: {
        oldestMs,
        reachMs: oldestMs === null ? null : Math.floor((nowMs - oldestMs) / REACH_STEP_MS) * REACH_STEP_MS,
        keptBytes,
        maxBytes: limits.keptBytes,
        maxMs: limits.keptMs,
      },
      freeBytes: this.#live === undefined ? null : this.#freeBytes,
      outcomes: [...this.#outcomes],
    }
  }

  /** Parts that were found at the start are finished. */
  get recovered(): Promise<void> {
    return this.#recovering
  }

  /** Ends what is being written. Failures are told as outcomes. */
  async close(): Promise<void> {
    this.#stopSettings()
    this.#listeners.clear()
    await this.stop().catch(() => undefined)
    await this.#saved.catch(() => undefined)
    await this.#recovering
    this.#cancelTick?.()
  }

  /**
   * Saves the newest minutes from memory; those of the settings where none are named.
   *
   * @throws ConsoleError `RECORDING_BUSY`, `RECORDING_NOTHING`, `RECORDING_PATTERN_INVALID`, `FILE_UNWRITABLE`, and what the disk says.
   */
  async saveMemory({
    minutes,
    name,
  }: CommandRequest<'recorder.save-flight'>): Promise<{ recordings: string[]; fromMs: number }> {
    if (this.#saving !== null) {
      throw new ConsoleError('RECORDING_BUSY', `${this.#saving.recording} is being saved`)
    }
    const { clock, capture } = this.#options
    const savedAtMs = clock.nowMs()
    const sinceMs = savedAtMs - (minutes ?? this.#settings.saveMinutes) * 60_000
    const events = this.#memory.since(sinceMs)
    const fromMs = events[0]?.atMs
    if (fromMs === undefined) throw new ConsoleError('RECORDING_NOTHING', 'nothing has passed yet')
    const about = this.#options.linkFacts()
    const path = this.#newPath({ by: 'hand', name }, about)
    const saving = { recording: basename(path), path, share: 0 }
    this.#saving = saving
    this.#tickSoon()
    this.#tell()
    const recorder = new Recorder({ ...this.#recorderOptions(path, about, 'memory'), startMs: fromMs })
    const isWithin = ({ atMs }: { readonly atMs: number }): boolean => atMs >= fromMs
    const remembered = {
      events,
      operations: this.#operations.filter(isWithin),
      notes: capture.notes().filter(isWithin),
      placeOf: placeOfNote.bind(null, capture),
    }
    const work = writeRemembered(recorder, remembered, clock, (share) => {
      saving.share = share
    }).finally(() => recorder.end())
    this.#saved = work
    try {
      await work
      const recordings = (await recorder.end()).map((file) => basename(file))
      const { allBytes, entries, droppedEntries } = recorder.counts
      this.#ended({
        became: 'saved',
        recording: recordings[0]!,
        files: recordings.length,
        bytes: allBytes,
        entries,
        lengthMs: savedAtMs - fromMs,
        lostEntries: droppedEntries,
        problem: null,
      })
      this.#options.onFinished?.(recordings)
      return { recordings, fromMs }
    } catch (cause) {
      throw recorder.problem ?? cause
    } finally {
      this.#saving = null
      this.#tell()
    }
  }

  #failed(live: LiveRecording, problem: ConsoleError): void {
    if (this.#live !== live) return
    this.#live = undefined
    this.#problem = problem
    const { durableEntries, parts, allBytes, entries } = live.recorder.counts
    live.recorder.end().catch(() => undefined) // the same again
    this.#ended({
      became: 'failed',
      recording: live.recording,
      files: parts,
      bytes: allBytes,
      entries: durableEntries,
      lengthMs: live.lengthMs(this.#options.clock.nowMs()),
      lostEntries: entries - durableEntries,
      problem: toWireError(problem),
    })
  }

  async #recover(): Promise<void> {
    const { folder, library, wallMs } = this.#options
    const isOurs = (path: string): boolean =>
      this.#live?.recorder.path === path || this.#saving?.path === path
    const parts = await recoverLeftParts(folder, { library, isOurs, nowMs: wallMs })
    for (const part of parts) this.#partFound(part)
  }

  #partFound(part: LeftPart): void {
    const blank = {
      recording: part.part,
      files: 1,
      bytes: 0,
      entries: 0,
      lengthMs: 0,
      lostEntries: 0,
      problem: null,
    }
    switch (part.became) {
      case 'recovered': {
        const { recording, entries, lostMiddle } = part
        this.#ended({ ...blank, became: 'recovered', recording, entries, lostEntries: lostMiddle })
        return
      }
      case 'left':
        this.#ended({ ...blank, became: 'left' })
        return
      case 'failed':
        this.#ended({ ...blank, became: 'failed', problem: toWireError(part.problem) })
        return
      case 'nothing':
    }
  }

  #ended(outcome: Omit<RecorderOutcome, 'outcomeId' | 'atMs'>): void {
    this.#lastOutcomeId += 1
    this.#outcomes.push({ ...outcome, outcomeId: this.#lastOutcomeId, atMs: this.#options.clock.nowMs() })
    if (this.#outcomes.length > MAX_OUTCOMES) this.#outcomes.shift()
    this.#tell()
  }

  #newPath({ name, pattern }: RecordingWish, about: LinkFacts): string {
    const startedAt = new Date(this.#options.wallMs())
    return this.#options.folder.newPath(name ?? pattern ?? this.#settings.pattern, { ...about, startedAt })
  }

  #recorderOptions(
    path: string,
    about: LinkFacts,
    origin: string,
  ): ConstructorParameters<typeof Recorder>[0] {
    const { clock, library } = this.#options
    const transform = this.#options.transform?.()
    const facts = {
      started: new Date(this.#options.startedAtMs).toISOString(),
      recorded: new Date(this.#options.wallMs()).toISOString(),
      origin,
      device: about.device,
      profile: about.profile,
      protocol: about.protocol,
      url: about.url,
      ...writerFacts(),
    }
    return {
      disk: this.#disk,
      clock,
      time: this.#time,
      path,
      library,
      sessionId: randomUUID(),
      facts,
      splitBytes: this.#settings.splitMib * MIB,
      splitMs: this.#settings.splitMinutes * 60_000,
      ...(transform && { transform }),
    }
  }

  #readSettings(): RecorderSettings {
    const { values, problem } = this.#options.settings.read()
    return parseRecorderSettings(problem === null ? values[RECORDER_SETTING] : null)
  }

  /** Looks around while something is written, or while somebody watches. */
  #tickSoon(): void {
    if (this.#cancelTick !== undefined) return
    const isBusy = this.#live !== undefined || this.#saving !== null
    if (!isBusy && this.#listeners.size === 0) return
    const { clock } = this.#options
    const afterMs = isBusy ? RECORDER_INTERVAL_MS : RESTING_INTERVAL_MS
    this.#cancelTick = clock.schedule(clock.nowMs() + afterMs, () => {
      this.#cancelTick = undefined
      this.#look()
      this.#tell()
      this.#tickSoon()
    })
  }

  #look(): void {
    const live = this.#live
    if (live === undefined) return
    const nowMs = this.#options.clock.nowMs()
    live.notes.tell(live.recorder, nowMs)
    const jump = this.#jumps.look()
    if (jump !== undefined) {
      live.recorder.operation(nowMs, 'clock-jump', jump)
      live.recorder.sync()
    }
    if (nowMs - this.#spaceAskedAtMs < SPACE_EVERY_MS) return
    this.#spaceAskedAtMs = nowMs
    this.#disk.freeBytes(live.recorder.path).then(
      (freeBytes) => {
        this.#freeBytes = freeBytes
      },
      () => {
        this.#freeBytes = null
      },
    )
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}

const memoryLimits = ({ memoryMib, memoryMinutes }: RecorderSettings) => ({
  keptBytes: memoryMib * MIB,
  keptMs: memoryMinutes * 60_000,
})
