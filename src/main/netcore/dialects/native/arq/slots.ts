import type { Priority } from '../../../../../shared/model/trace'
import { generationOf } from '../wire/frames'
import { OwnSlot, PeerSlot } from './exchange'

/** Slots of ours, the lowest free one first, so that numbers stay short. */
export class OwnSlots {
  readonly #slots: OwnSlot[] = []
  readonly #free: OwnSlot[] = []
  #ordinary = 0
  #urgent = 0
  #ordinaryLimit = 0
  #urgentLimit = 0

  get usedCount(): number {
    return this.#ordinary + this.#urgent
  }

  /** @param ordinary - For every message. @param urgent - More for priorities 0 and 1. */
  offer(ordinary: number, urgent: number): void {
    this.#ordinaryLimit = ordinary
    this.#urgentLimit = urgent
  }

  hasRoomFor(priority: Priority): boolean {
    if (this.#ordinary < this.#ordinaryLimit) return true
    return priority <= 1 && this.#urgent < this.#urgentLimit
  }

  /** Begins an exchange in a free slot. `hasRoomFor` said yes. */
  take(): OwnSlot {
    let slot = this.#free.pop()
    if (slot === undefined) {
      slot = new OwnSlot(this.#slots.length)
      this.#slots.push(slot)
    }
    slot.isUsed = true
    // Urgent messages leave the ordinary slots to others only when those are full: their own then are free for sure.
    slot.isUrgent = this.#ordinary >= this.#ordinaryLimit
    if (slot.isUrgent) this.#urgent += 1
    else this.#ordinary += 1
    slot.generation = (slot.generation + 1) & 3
    return slot
  }

  /** Takes back a slot in which nothing was sent: the peer never hears of this generation. */
  giveBack(slot: OwnSlot): void {
    slot.generation = (slot.generation - 1) & 3
    this.release(slot)
  }

  release(slot: OwnSlot): void {
    if (!slot.isUsed) return
    slot.isUsed = false
    if (slot.isUrgent) this.#urgent -= 1
    else this.#ordinary -= 1
    slot.request = null
    slot.answers = null
    slot.cancel = null
    slot.giveUpAtMs = Infinity
    this.#free.push(slot)
  }

  /** The exchange that this sid names, when it is going on. */
  find(sid: number): OwnSlot | undefined {
    const slot = this.#slots[Math.floor(sid / 4)]
    return slot !== undefined && slot.isUsed && slot.generation === generationOf(sid) ? slot : undefined
  }

  *used(): Iterable<OwnSlot> {
    for (const slot of this.#slots) if (slot.isUsed) yield slot
  }

  /** A new session: nothing was ever used. */
  clear(): void {
    this.#slots.length = 0
    this.#free.length = 0
    this.#ordinary = 0
    this.#urgent = 0
  }
}

export class PeerSlots {
  readonly #slots: (PeerSlot | undefined)[] = []
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Undefined beyond what we offer. */
  at(index: number): PeerSlot | undefined {
    if (index >= this.#limit) return undefined
    return (this.#slots[index] ??= new PeerSlot(index))
  }

  find(sid: number): PeerSlot | undefined {
    const slot = this.#slots[Math.floor(sid / 4)]
    return slot !== undefined && slot.generation === generationOf(sid) ? slot : undefined
  }

  *all(): Iterable<PeerSlot> {
    for (const slot of this.#slots) if (slot !== undefined) yield slot
  }

  clear(): void {
    this.#slots.length = 0
  }
}
