import type { Clock } from '../../../shared/model/clock'
import type { Trigger, TriggerCounts, TriggerMoment } from '../../../shared/model/triggers'
import { MomentQueue, type ReachedMoment } from './moment-queue'
import type { TriggerFilter, TriggerFilters } from './trigger-filters'

/** Moments that may wait for their turn. Beyond, they are passed over, and counted. */
const MAX_WAITING_MOMENTS = 16_384
/** Working time in one go: the wire is served in between. */
export const SLICE_MS = 4

export interface ArmedTrigger {
  readonly trigger: Trigger
  readonly filter: TriggerFilter
}

export interface TriggerListener {
  /** May change the capture; must not throw. */
  fired(trigger: Trigger, moment: ReachedMoment): void
  /** Counts are others than before. */
  counted(): void
}

/** One trigger at work. */
class Armed implements ArmedTrigger {
  trigger: Trigger
  readonly filter: TriggerFilter
  matched = 0
  fired = 0
  lastAtMs: number | null = null
  lastMessageId: number | null = null

  constructor({ trigger, filter }: ArmedTrigger) {
    this.trigger = trigger
    this.filter = filter
  }

  get isSpent(): boolean {
    return this.trigger.fires === 'once' && this.fired > 0
  }

  /** A match at this time: does it fire? */
  isDue(atMs: number): boolean {
    return !this.isSpent && (this.lastAtMs === null || atMs - this.lastAtMs >= this.trigger.cooldownMs)
  }
}

const NO_COUNTS: TriggerCounts & { readonly isSpent: boolean } = {
  matched: 0,
  fired: 0,
  lastAtMs: null,
  lastMessageId: null,
  isSpent: false,
}

/**
 * Holds messages against triggers. Whoever tells that a message reached a moment is never kept waiting: what is to be
 * looked at goes into a queue that has an end, and the clock comes back to it for a few milliseconds at a time.
 */
export class TriggerEngine {
  readonly #clock: Clock
  readonly #filters: TriggerFilters
  readonly #listener: TriggerListener
  readonly #queue: MomentQueue
  #armed: readonly Armed[] = []
  #moments: ReadonlySet<TriggerMoment> = new Set()
  /** The moment in hand, and the trigger it is held against next. */
  #current: ReachedMoment | undefined
  #nextTrigger = 0
  #skipped = 0
  /** Something was counted since it was told. */
  #hasCounted = false
  #stopTurn: (() => void) | undefined

  constructor(
    clock: Clock,
    filters: TriggerFilters,
    listener: TriggerListener,
    maxWaiting = MAX_WAITING_MOMENTS,
  ) {
    this.#clock = clock
    this.#filters = filters
    this.#listener = listener
    this.#queue = new MomentQueue(maxWaiting)
  }

  /** Moments that no trigger was held against. */
  get skipped(): number {
    return this.#skipped
  }

  countsOf(triggerId: string): TriggerCounts & { readonly isSpent: boolean } {
    return this.#armed.find(({ trigger }) => trigger.triggerId === triggerId) ?? NO_COUNTS
  }

  /**
   * From now on these triggers are at work, those that are enabled. One that stayed as it was but for its switch keeps
   * its counts.
   *
   * @param renewedId - A trigger that begins anew even so: it was saved again.
   */
  arm(triggers: readonly ArmedTrigger[], renewedId: string | null = null): void {
    if (this.#current !== undefined) this.#judge(Number.POSITIVE_INFINITY)
    this.#armed = triggers.map((given) => {
      const { trigger } = given
      const known = this.#armed.find((armed) => armed.trigger.triggerId === trigger.triggerId)
      const isKept = known !== undefined && trigger.triggerId !== renewedId && isSame(known.trigger, trigger)
      if (!isKept) return new Armed(given)
      known.trigger = trigger
      return known
    })
    const enabled = triggers.filter(({ trigger }) => trigger.isEnabled)
    this.#moments = new Set(enabled.map(({ trigger }) => trigger.moment))
  }

  /** A message reached a moment. Costs next to nothing, also in a storm. */
  reached(messageId: number, moment: TriggerMoment, atMs: number): void {
    if (!this.#moments.has(moment)) return
    if (!this.#queue.add(messageId, moment, atMs)) this.#skip(1)
    this.#goOnSoon()
  }

  /** Messages got other numbers: what waits can not be found any more. */
  cleared(): void {
    this.#skip(this.#queue.count + (this.#current === undefined ? 0 : 1))
    this.#queue.clear()
    this.#current = undefined
    for (const armed of this.#armed) armed.lastMessageId = null
    this.#goOnSoon()
    this.#hasCounted = true
  }

  close(): void {
    this.#stopTurn?.()
    this.#stopTurn = undefined
    this.#armed = []
    this.#moments = new Set()
  }

  #goOnSoon(): void {
    this.#stopTurn ??= this.#clock.schedule(this.#clock.nowMs(), this.#turn)
  }

  readonly #turn = (): void => {
    this.#stopTurn = undefined
    this.#judge(this.#clock.nowMs() + SLICE_MS)
    if (this.#current !== undefined || this.#queue.count > 0) this.#goOnSoon()
    if (!this.#hasCounted) return
    this.#hasCounted = false
    this.#listener.counted()
  }

  #skip(moments: number): void {
    this.#skipped += moments
    this.#hasCounted = true
  }

  /** Goes on until the time is up, or until everything was looked at; without a time, only with the moment in hand. */
  #judge(untilMs: number): void {
    const isLast = untilMs === Number.POSITIVE_INFINITY
    // the message may have changed, or gone, since the turn before
    if (this.#current !== undefined) this.#pickUp(this.#current)
    while (this.#hasMoment(isLast)) {
      const armed = this.#armed[this.#nextTrigger]
      this.#nextTrigger += 1
      if (armed === undefined) this.#current = undefined
      else this.#hold(armed, this.#current!)
      if (this.#clock.nowMs() >= untilMs) return
    }
  }

  /** There is a moment in hand, or now there is. What went before its turn is passed over. */
  #hasMoment(isLast: boolean): boolean {
    while (this.#current === undefined && !isLast) {
      const next = this.#queue.take()
      if (next === undefined) return false
      this.#nextTrigger = 0
      this.#pickUp(next)
    }
    return this.#current !== undefined
  }

  #pickUp(moment: ReachedMoment): void {
    const isKept = this.#filters.moveTo(moment.messageId)
    if (!isKept) this.#skip(1)
    this.#current = isKept ? moment : undefined
  }

  #hold(armed: Armed, moment: ReachedMoment): void {
    const { isEnabled, moment: wanted } = armed.trigger
    if (!isEnabled || wanted !== moment.moment || !armed.filter()) return
    armed.matched += 1
    this.#hasCounted = true
    if (!armed.isDue(moment.atMs)) return
    armed.fired += 1
    armed.lastAtMs = moment.atMs
    armed.lastMessageId = moment.messageId
    this.#listener.fired(armed.trigger, moment)
  }
}

/** But for the switch. Both were read from the same kind of text: their parts stand in the same order. */
const isSame = (one: Trigger, other: Trigger): boolean =>
  JSON.stringify({ ...one, isEnabled: true }) === JSON.stringify({ ...other, isEnabled: true })
