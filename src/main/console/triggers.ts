import { asConsoleError, ConsoleError, toWireError, type WireError } from '../../shared/errors'
import type { Clock } from '../../shared/model/clock'
import {
  MAX_TEST_MESSAGES,
  MAX_TRIGGERS,
  TRIGGER_SAVE_GAP_MS,
  type Trigger,
  type TriggerContent,
  type TriggerFiring,
  type TriggerMoment,
  type TriggersState,
  type TriggerTest,
} from '../../shared/model/triggers'
import type { Capture } from '../capture/capture'
import { isFinal } from '../capture/message-status'
import { STATUSES } from '../capture/message-words'
import { visibleLine } from '../capture/preview'
import type { SubjectSource } from '../capture/subject/message-cursor'
import type { ReachedMoment } from '../capture/triggers/moment-queue'
import { type ArmedTrigger, SLICE_MS, TriggerEngine } from '../capture/triggers/trigger-engine'
import { TriggerFilters } from '../capture/triggers/trigger-filters'
import type { TriggerFile } from '../workspace/trigger-file'

/** Firings that a slow screen can still be told of. */
export const MAX_KEPT_FIRINGS = 256
const ROUTE_LENGTH = 80

interface Known {
  readonly trigger: Trigger
  readonly problem: WireError | null
}

/** What triggers do beside notes and words. */
export interface TriggerDeeds {
  /** Begins a snippet on a link. @throws ConsoleError when it cannot. */
  startSnippet(snippet: string, linkId: number, triggerName: string): void
  /** Begins a recording, unless one runs. @throws ConsoleError when it cannot. */
  startRecording(): void
  /** Ends the recording, if one runs. Rejects with a ConsoleError. */
  stopRecording(): Promise<void>
  /** Saves the last minutes from memory. Rejects with a ConsoleError. */
  saveMemory(minutes: number): Promise<void>
}

/** The triggers of the workspace at work: read from their file, held against the messages, told to the screens. */
export class Triggers {
  readonly #capture: Capture
  readonly #clock: Clock
  readonly #subjects: SubjectSource
  readonly #file: TriggerFile
  readonly #deeds: TriggerDeeds
  readonly #filters: TriggerFilters
  readonly #engine: TriggerEngine
  readonly #listeners = new Set<() => void>()
  readonly #stopHearing: () => void
  #known: readonly Known[] = []
  #problem: WireError | null = null
  /** When a trigger last saved the newest minutes, by its number. */
  readonly #savedMs = new Map<string, number>()
  /** Which part of a trigger failed last, by its number. */
  readonly #failures = new Map<string, WireError>()
  #firings: TriggerFiring[] = []
  #lastFiringId = 0
  #testing: Promise<unknown> = Promise.resolve()
  #isClosed = false
  #version = 0

  constructor(
    capture: Capture,
    clock: Clock,
    subjects: SubjectSource,
    file: TriggerFile,
    deeds: TriggerDeeds,
  ) {
    this.#capture = capture
    this.#clock = clock
    this.#subjects = subjects
    this.#file = file
    this.#deeds = deeds
    this.#filters = new TriggerFilters(subjects)
    this.#engine = new TriggerEngine(clock, this.#filters, {
      fired: (trigger, moment) => this.#fired(trigger, moment),
      counted: () => this.#tell(),
    })
    this.#stopHearing = capture.hearMoments(this.#engine)
    this.#load()
    this.#watch()
  }

  state(): TriggersState {
    return {
      triggers: this.#known.map(({ trigger, problem }) => {
        const { matched, fired, lastAtMs, lastMessageId, isSpent } = this.#engine.countsOf(trigger.triggerId)
        const failure = this.#failures.get(trigger.triggerId) ?? null
        return {
          ...trigger,
          matched,
          fired,
          lastAtMs,
          lastMessageId,
          isSpent,
          problem: problem ?? failure,
        }
      }),
      skipped: this.#engine.skipped,
      problem: this.#problem,
    }
  }

  /**
   * Keeps a trigger. It begins anew, unless only its switch is another. Returns its number.
   *
   * @throws ConsoleError `FILTER_INVALID` and the codes of `TriggerFile.save`.
   */
  async save(content: TriggerContent, triggerId?: string): Promise<string> {
    this.#filters.compile(content.filter)
    const known = this.#known.find(({ trigger }) => trigger.triggerId === triggerId)?.trigger
    const saved = await this.#file.save(content, triggerId)
    const isSwitched = known !== undefined && known.isEnabled !== saved.isEnabled
    this.#load(isSwitched ? null : saved.triggerId)
    this.#watch()
    return saved.triggerId
  }

  /** @throws ConsoleError `TRIGGER_UNKNOWN`, `FILE_UNREADABLE`, `FILE_UNWRITABLE`. */
  async remove(triggerId: string): Promise<void> {
    await this.#file.remove(triggerId)
    this.#load()
  }

  /**
   * Which kept messages match and have come to this moment. Looks in turns, one test after the other.
   *
   * @throws ConsoleError `FILTER_INVALID`.
   */
  test(filter: string, moment: TriggerMoment): Promise<TriggerTest> {
    const filters = new TriggerFilters(this.#subjects)
    const matches = filters.compile(filter)
    const { messages } = this.#subjects
    const test = async (): Promise<TriggerTest> => {
      let [tested, matched] = [0, 0]
      const messageIds: number[] = []
      let untilMs = this.#clock.nowMs() + SLICE_MS
      for (let id = messages.firstId; id < messages.nextId && !this.#isClosed; id++) {
        if (filters.moveTo(id) && this.#hasCome(id, moment)) {
          tested += 1
          if (matches()) {
            matched += 1
            if (messageIds.length < MAX_TEST_MESSAGES) messageIds.push(id)
          }
        }
        if (this.#clock.nowMs() < untilMs) continue
        await new Promise<void>((go) => this.#clock.schedule(this.#clock.nowMs(), go))
        untilMs = this.#clock.nowMs() + SLICE_MS
      }
      return { matched, tested, messageIds }
    }
    const result = this.#testing.then(test)
    this.#testing = result.catch(() => undefined)
    return result
  }

  /** Calls `listener` when a trigger changed, matched or fired. Returns how to end it. */
  onChange(listener: () => void): () => void {
    const own = (): void => listener()
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  /** Grows whenever `state` may be another. */
  get version(): number {
    return this.#version
  }

  get lastFiringId(): number {
    return this.#lastFiringId
  }

  /** Firings after this one, oldest first, as far as they are kept. */
  firingsAfter(firingId: number): readonly TriggerFiring[] {
    return this.#firings.filter((firing) => firing.firingId > firingId)
  }

  close(): void {
    this.#isClosed = true
    this.#stopHearing()
    this.#engine.close()
    this.#file.close()
  }

  #watch(): void {
    this.#file.watch(() => this.#load())
  }

  /** @param renewedId - Begins anew even when it reads as before. */
  #load(renewedId: string | null = null): void {
    try {
      const blocks = this.#file.read()
      this.#problem = null
      const armed: ArmedTrigger[] = []
      this.#known = blocks.map(({ trigger, problem }, index) => {
        if (problem !== null) return { trigger, problem }
        try {
          const filter = this.#filters.compile(trigger.filter)
          if (index >= MAX_TRIGGERS) {
            throw new ConsoleError('TRIGGERS_TOO_MANY', `only the first ${MAX_TRIGGERS} triggers are at work`)
          }
          armed.push({ trigger, filter })
          return { trigger, problem: null }
        } catch (error) {
          return { trigger, problem: toWireError(asConsoleError(error)) }
        }
      })
      this.#engine.arm(armed, renewedId)
      const ids = new Set(this.#known.map(({ trigger }) => trigger.triggerId))
      for (const id of this.#savedMs.keys()) if (!ids.has(id)) this.#savedMs.delete(id)
      for (const id of this.#failures.keys()) if (id === renewedId || !ids.has(id)) this.#failures.delete(id)
    } catch (error) {
      this.#problem = toWireError(asConsoleError(error)) // what was armed stays at work
    }
    this.#tell()
  }

  #fired(trigger: Trigger, { messageId, atMs }: ReachedMoment): void {
    const { messages } = this.#subjects
    const columns = messages.columnsOf(messageId)
    const at = messages.indexOf(messageId)
    const linkId = columns.linkIds[at]!
    const route = visibleLine(columns.routes[at]!.slice(0, ROUTE_LENGTH))
    const { triggerId, name, actions } = trigger
    const { notify, pauseView, sound } = actions
    this.#capture.noteTrigger(linkId, atMs, name, messageId)
    this.#act(trigger, linkId, messageId, columns.openedMs[at]!)
    this.#lastFiringId += 1
    this.#firings.push({
      firingId: this.#lastFiringId,
      triggerId,
      name,
      messageId,
      linkId,
      atMs,
      route,
      notify,
      pauseView,
      sound,
    })
    if (this.#firings.length > MAX_KEPT_FIRINGS) this.#firings = this.#firings.slice(-MAX_KEPT_FIRINGS)
    this.#tell()
  }

  /** Part of it that fails stands at the trigger; the rest is done. */
  #act({ triggerId, name, actions }: Trigger, linkId: number, messageId: number, atMs: number): void {
    const { marker, note, snippet, recording, saveMinutes } = actions
    this.#failures.delete(triggerId)
    this.#tried(triggerId, () => {
      if (marker || note !== '') {
        this.#capture.setNote({ kind: marker ? 'marker' : 'note', atMs, messageId, text: note })
      }
    })
    this.#tried(triggerId, () => {
      if (snippet !== '') this.#deeds.startSnippet(snippet, linkId, name)
    })
    this.#tried(triggerId, () => {
      if (recording === 'start') this.#deeds.startRecording()
    })
    if (recording === 'stop') this.#await(triggerId, this.#deeds.stopRecording())
    if (saveMinutes > 0) this.#save(triggerId, saveMinutes)
  }

  #save(triggerId: string, minutes: number): void {
    const nowMs = this.#clock.nowMs()
    if (nowMs - (this.#savedMs.get(triggerId) ?? Number.NEGATIVE_INFINITY) < TRIGGER_SAVE_GAP_MS) return
    this.#savedMs.set(triggerId, nowMs)
    this.#await(triggerId, this.#deeds.saveMemory(minutes))
  }

  #await(triggerId: string, deed: Promise<void>): void {
    deed.catch((error: unknown) => {
      this.#failures.set(triggerId, toWireError(asConsoleError(error)))
      this.#tell()
    })
  }

  #tried(triggerId: string, act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#failures.set(triggerId, toWireError(asConsoleError(error)))
    }
  }

  #hasCome(messageId: number, moment: TriggerMoment): boolean {
    const { messages } = this.#subjects
    if (moment === 'opened') return true
    const columns = messages.columnsOf(messageId)
    const at = messages.indexOf(messageId)
    if (moment === 'settled') return isFinal(STATUSES.word(columns.statuses[at]!))
    return !Number.isNaN(columns.closedMs[at]!)
  }

  #tell(): void {
    this.#version += 1
    for (const listener of [...this.#listeners]) listener()
  }
}
