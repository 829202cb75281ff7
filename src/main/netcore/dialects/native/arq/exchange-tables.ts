import { KeyTable } from './key-table'
import type { Outgoing, OutgoingHalf, OwnSlot, PeerSlot } from './exchange'
import { QueueRoom } from './queue-room'
import { OwnSlots, PeerSlots } from './slots'

/** Everything that goes on between us and the peer, and what waits to begin. */
export class ExchangeTables {
  readonly own = new OwnSlots()
  readonly theirs: PeerSlots
  readonly room: QueueRoom
  /** Our messages that are not settled. */
  readonly byKey = new KeyTable<Outgoing>()
  /** Requests of ours whose exchange goes on. */
  readonly byRequest = new KeyTable<OwnSlot>()
  /** Messages of the peer that may be answered. */
  readonly byIncoming = new KeyTable<PeerSlot>()
  /** Wait for their alias, for a peer that takes no names. */
  readonly unnamed: Outgoing[] = []

  /** @param peerSlots - How many the peer may use. @param queuedBytes - What may wait to be sent. */
  constructor(peerSlots: number, queuedBytes: number) {
    this.theirs = new PeerSlots(peerSlots)
    this.room = new QueueRoom(queuedBytes)
  }

  /** Nothing is going on and nothing waits. */
  get isIdle(): boolean {
    return this.byKey.size === 0 && this.own.usedCount === 0 && this.byIncoming.size === 0
  }

  /** Every half in which we send. */
  *halves(): Iterable<OutgoingHalf> {
    for (const { request } of this.own.used()) {
      const half = request?.half ?? null
      if (half !== null) yield half
    }
    for (const { answers } of this.theirs.all()) if (answers !== null) yield answers
  }
}
