import type { ErrorCode } from '../../shared/errors'
import type { FrameEvent, MessageClosed, MessageOpened } from '../../shared/model/trace'
import { BodyStore, type BytesTest } from './body-store'
import { ChangeLog } from './change-log'
import type { CaptureLimits } from './capture-limits'
import { headWeight } from './head-weight'
import { copyMessageRow, type MessageColumns, messageColumns, NO_HEADERS } from './message-columns'
import { codeNumber, codeWord, DIRECTIONS, KINDS, OUTCOMES, STATUSES } from './message-words'
import { messageStatus } from './message-status'
import { SegmentRing } from './segment-ring'

const CHANGE_LOG_CAPACITY = 65_536
/** Routes repeat: one text for all messages of a route. Cleared when full, because routes come from the peer. */
const MAX_SHARED_TEXTS = 4096
const SETTLED_ANSWERED = 1
const EMPTY_BODY = -2
const EMPTY = new Uint8Array(0)

/**
 * Messages as columns, numbered from 1 in order of appearance. Holds at most the limits' messages and bytes; beyond,
 * bodies go first (oldest first), then rows (oldest first).
 */
export class MessageStore {
  readonly changes = new ChangeLog(CHANGE_LOG_CAPACITY)
  readonly #ring: SegmentRing<MessageColumns>
  readonly #bodies: BodyStore
  readonly #limits: Pick<CaptureLimits, 'messages' | 'bodyBytes'>
  readonly #sharedTexts = new Map<string, string>()
  readonly #onChanged: (id: number) => void
  #headBytes = 0
  #evicted = 0
  #droppedBodies = 0

  /** @param onChanged - Called with the id of a row that was added or changed in any way. */
  constructor(limits: CaptureLimits, onChanged: (id: number) => void) {
    this.#limits = limits
    this.#onChanged = onChanged
    const segmentRows = Math.min(limits.messageSegmentRows, limits.messages)
    this.#ring = new SegmentRing(segmentRows, messageColumns)
    this.#bodies = new BodyStore(segmentRows)
  }

  /** Id of the oldest kept message; equals `nextId` when there is none. */
  get firstId(): number {
    return this.#ring.firstRow + 1
  }

  get nextId(): number {
    return this.#ring.endRow + 1
  }

  get kept(): number {
    return this.#ring.kept
  }

  /** Messages that went to make room, since the last `clear`. */
  get evicted(): number {
    return this.#evicted
  }

  /** Bodies that went to make room while their rows stayed (or never fitted), since the last `clear`. */
  get droppedBodies(): number {
    return this.#droppedBodies
  }

  /** Bytes of bodies and heads that are held. */
  get heldBytes(): number {
    return this.#headBytes + this.#bodies.heldBytes
  }

  has(id: number): boolean {
    return this.#ring.has(id - 1)
  }

  /** Columns in which the kept message `id` lies, at `indexOf(id)`. Only this folder writes to them. */
  columnsOf(id: number): MessageColumns {
    return this.#ring.segmentOf(id - 1)
  }

  indexOf(id: number): number {
    return this.#ring.indexOf(id - 1)
  }

  /** Id of the first kept message that was opened later, `nextId` when there is none. Messages open in order of time. */
  firstOpenedAfter(atMs: number): number {
    let low = this.firstId
    let high = this.nextId
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (this.columnsOf(middle).openedMs[this.indexOf(middle)]! <= atMs) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Adds a message. `route`, `hue` and `partnerId` are what the capture made of the event. */
  open(event: MessageOpened, route: string, hue: number, partnerId: number): number {
    const id = this.#ring.append() + 1
    const columns = this.columnsOf(id)
    const at = this.indexOf(id)
    const headBytes = headWeight([event.ref, event.route, event.correlationId], event.headers)
    columns.linkIds[at] = event.linkId
    columns.keys[at] = event.messageKey
    columns.dirs[at] = DIRECTIONS.number(event.dir)
    columns.kinds[at] = KINDS.number(event.kind)
    columns.priorities[at] = event.priority
    columns.subscriptions[at] = event.isSubscription === true ? 1 : 0
    columns.hues[at] = hue
    columns.awaited[at] =
      event.dir === 'out' && event.kind === 'request' && event.correlationId !== '' ? 1 : 0
    columns.partnerIds[at] = partnerId
    columns.openedMs[at] = event.atMs
    columns.declaredBytes[at] = event.declaredBytes ?? Number.NaN
    columns.headBytes[at] = headBytes
    columns.refs[at] = event.ref
    columns.routes[at] = this.#shared(route)
    columns.correlationIds[at] = event.correlationId
    if (hasKeys(event.headers)) columns.headers[at] = event.headers
    this.#headBytes += headBytes
    this.#updateStatus(id)
    this.#makeRoom()
    return id
  }

  /** Notes the end of a kept message and keeps its body as far as there is room. */
  close(id: number, event: MessageClosed): void {
    const columns = this.columnsOf(id)
    const at = this.indexOf(id)
    if (OUTCOMES.word(columns.outcomes[at]!) !== 'open') return
    columns.outcomes[at] = OUTCOMES.number(event.outcome)
    if (columns.codes[at] === 0) columns.codes[at] = codeNumber(event.code)
    columns.closedMs[at] = event.atMs
    columns.closedBytes[at] = event.bodyBytes
    // What came out of order, or twice, is known only now. What goes out may still be on its way to being traced.
    if (event.dir === 'in') columns.doneBytes[at] = event.bodyBytes
    if (event.body.length === 0) columns.bodyEntries[at] = EMPTY_BODY
    else if (event.body.length > this.#limits.bodyBytes) this.#droppedBodies += 1
    else columns.bodyEntries[at] = this.#bodies.keep(event.body)
    this.#updateStatus(id)
    this.#makeRoom()
  }

  /** Notes how the wait for an answer ended. */
  settle(id: number, atMs: number, code: Parameters<typeof codeNumber>[0], roundTripMs: number): void {
    const columns = this.columnsOf(id)
    const at = this.indexOf(id)
    columns.awaited[at] = 1
    columns.settledMs[at] = atMs
    columns.settled[at] = code === null ? SETTLED_ANSWERED : SETTLED_ANSWERED + codeNumber(code)
    if (code === null) columns.roundTripMs[at] = roundTripMs
    else columns.codes[at] = codeNumber(code)
    this.#updateStatus(id)
  }

  /** Notes what is wrong with a message whose transfer went well: the peer says so. */
  noteCode(id: number, code: ErrorCode): void {
    this.columnsOf(id).codes[this.indexOf(id)] = codeNumber(code)
    this.noteChange(id)
  }

  noteTask(id: number, task: string): void {
    this.columnsOf(id).tasks[this.indexOf(id)] = this.#shared(task)
    this.noteChange(id)
  }

  noteCacheKey(id: number, key: string): void {
    this.columnsOf(id).cacheKeys[this.indexOf(id)] = this.#shared(key)
    this.noteChange(id)
  }

  /** Links a request to its answer; the first answer stays unless `isFinal`. */
  setPartner(id: number, partnerId: number, isFinal: boolean): void {
    const { partnerIds } = this.columnsOf(id)
    const at = this.indexOf(id)
    if (partnerIds[at] === partnerId || (partnerIds[at] !== 0 && !isFinal)) return
    partnerIds[at] = partnerId
    this.noteChange(id)
  }

  /**
   * Counts a frame to its message. Runs for every frame of the link and allocates nothing. Bytes that were on the line
   * before are no progress but cost: a repeat counts as a chunk only where it goes on beyond them.
   *
   * @param busyBeforeMs - How long the line had been busy in all before this frame.
   * @returns Body bytes that it carries for the first time.
   */
  addFrame(id: number, frame: FrameEvent, busyBeforeMs: number): number {
    const columns = this.columnsOf(id)
    const at = this.indexOf(id)
    const wireMs = frame.endMs - frame.startMs
    columns.wireMs[at] = columns.wireMs[at]! + wireMs
    columns.busyAfterMs[at] = busyBeforeMs + wireMs
    const doneBytes = columns.doneBytes[at]!
    const newBytes =
      frame.isRepeat === true
        ? Math.max(0, frame.bodyOffset + frame.payloadBytes - doneBytes)
        : frame.payloadBytes
    columns.overheadBytes[at] = columns.overheadBytes[at]! + Math.max(0, frame.wireBytes - newBytes)
    if (newBytes > 0) {
      columns.chunks[at] = columns.chunks[at]! + 1
      columns.doneBytes[at] = doneBytes + newBytes
    }
    if (frame.payloadBytes > 0) {
      if (Number.isNaN(columns.firstChunkMs[at]!)) columns.firstChunkMs[at] = frame.startMs
      columns.lastChunkMs[at] = frame.endMs
    }
    if (Number.isNaN(columns.firstFrameMs[at]!)) {
      columns.firstFrameMs[at] = frame.startMs
      columns.busyBeforeMs[at] = busyBeforeMs
      this.#updateStatus(id)
    } else this.#onChanged(id)
    return newBytes
  }

  /** Tells readers that what lanes show of a message changed. */
  noteChange(id: number): void {
    this.columnsOf(id).changes[this.indexOf(id)] = this.changes.add(id)
    this.#onChanged(id)
  }

  /** The body of a kept message, borrowed; undefined when there is none or it went to make room. */
  bodyOf(id: number): Uint8Array | undefined {
    const entry = this.columnsOf(id).bodyEntries[this.indexOf(id)]!
    if (entry === EMPTY_BODY) return EMPTY
    return entry < 0 ? undefined : this.#bodies.read(entry)
  }

  /** Whether `test` holds for the body of a kept message; false when there is none, or none any more. Allocates nothing. */
  bodyPasses(columns: MessageColumns, at: number, test: BytesTest): boolean {
    const entry = columns.bodyEntries[at]!
    return entry >= 0 && this.#bodies.passes(entry, test)
  }

  /**
   * Forgets everything but the messages for which `isWanted` holds. These get new numbers at the end, so that numbers
   * of neighbouring rows stay neighbours. Returns the new number for an old one.
   */
  clear(isWanted: (id: number) => boolean): (id: number) => number | undefined {
    const oldEnd = this.nextId
    const newIds = new Map<number, number>()
    for (let id = this.firstId; id < oldEnd; id++) {
      if (!isWanted(id)) continue
      const newId = this.#ring.append() + 1
      copyMessageRow(this.columnsOf(id), this.indexOf(id), this.columnsOf(newId), this.indexOf(newId))
      this.#disown(id)
      newIds.set(id, newId)
    }
    while (this.firstId < oldEnd) this.#forgetOldest()
    this.#evicted = 0
    this.#droppedBodies = 0
    for (const newId of newIds.values()) {
      const { partnerIds } = this.columnsOf(newId)
      const at = this.indexOf(newId)
      partnerIds[at] = newIds.get(partnerIds[at]!) ?? 0
      this.noteChange(newId)
    }
    return (id) => newIds.get(id)
  }

  #updateStatus(id: number): void {
    const columns = this.columnsOf(id)
    const at = this.indexOf(id)
    const settled = columns.settled[at]!
    const status = messageStatus({
      dir: DIRECTIONS.word(columns.dirs[at]!),
      isAwaited: columns.awaited[at] === 1,
      outcome: OUTCOMES.word(columns.outcomes[at]!),
      hasFrames: !Number.isNaN(columns.firstFrameMs[at]!),
      settled:
        settled === 0
          ? null
          : settled === SETTLED_ANSWERED
            ? 'answered'
            : codeWord(settled - SETTLED_ANSWERED),
    })
    columns.statuses[at] = STATUSES.number(status)
    this.noteChange(id)
  }

  #makeRoom(): void {
    while (this.#ring.kept > this.#limits.messages) this.#evictOldest()
    while (this.heldBytes > this.#limits.bodyBytes && this.#bodies.releaseOldest()) this.#droppedBodies += 1
    while (this.heldBytes > this.#limits.bodyBytes && this.#ring.kept > 1) this.#evictOldest()
  }

  #evictOldest(): void {
    this.#forgetOldest()
    this.#evicted += 1
  }

  #forgetOldest(): void {
    const id = this.firstId
    const columns = this.columnsOf(id)
    const at = this.indexOf(id)
    if (columns.bodyEntries[at]! >= 0) this.#bodies.release(columns.bodyEntries[at]!)
    this.#headBytes -= columns.headBytes[at]!
    columns.headers[at] = NO_HEADERS // the segment may live on for a while
    columns.refs[at] = ''
    columns.correlationIds[at] = ''
    this.#ring.forgetBefore(id)
  }

  /** The row's body and head belong to another row now. */
  #disown(id: number): void {
    const columns = this.columnsOf(id)
    columns.bodyEntries[this.indexOf(id)] = -1
    columns.headBytes[this.indexOf(id)] = 0
  }

  #shared(text: string): string {
    const known = this.#sharedTexts.get(text)
    if (known !== undefined) return known
    if (this.#sharedTexts.size >= MAX_SHARED_TEXTS) this.#sharedTexts.clear()
    this.#sharedTexts.set(text, text)
    return text
  }
}

function hasKeys(headers: object): boolean {
  for (const _ in headers) return true
  return false
}
