import type { Direction, MessageKind, Priority } from '../../shared/model/trace'
import { revealLine } from '../ui/visible-text'
import { LanePacking, MAX_ROWS_PER_LANE } from './lane-packing'
import type { GutterLane, LanePin } from './worker-protocol'

/** Lanes kept. Further routes share one lane per link and direction, so that random route names cannot fill the pane. */
export const MAX_LANES = 256
/** CSS pixels between the rows of one lane: a 12 px chunk and 4 px of air. */
const SUB_ROW_PITCH = 16
const LINK_HEAD_HEIGHT = 20
/** A row of a lane that nothing visible needs any more stays for this long, so that the lanes below do not jump. */
const SHRINK_AFTER_MS = 1500

/** Messages that can have a lane of their own. */
export const MAX_MESSAGE_PINS = 16

const ROWS_PER_KEY = 8

/** One number for lane and row inside the lane. */
export const rowKeyOf = (laneId: number, row: number): number => laneId * ROWS_PER_KEY + row
export const laneIdOf = (rowKey: number): number => Math.floor(rowKey / ROWS_PER_KEY)
export const rowOf = (rowKey: number): number => rowKey % ROWS_PER_KEY
export const ROW_KEY_COUNT = (MAX_LANES + 64 + MAX_MESSAGE_PINS) * ROWS_PER_KEY

export interface Lane {
  readonly id: number
  /** What names it for as long as there is a session. */
  key: string
  linkId: number
  dir: Direction
  label: string
  kind: MessageKind
  packing: LanePacking
  /** The one message it is for, 0 when it is for all of its route. */
  messageId: number
  /** A lane of a message that is no longer pinned: its number waits to be used again. */
  isGone: boolean
  isPinned: boolean
  hue: number
  priority: Priority
  rows: number
  rowsNeededMs: Float64Array
  top: number
  height: number
  isFirstOfLink: boolean
  hasDivider: boolean
}

const labelOf = (route: string, kind: MessageKind): string =>
  route !== '' ? revealLine(route) : kind === 'bytes' ? 'bytes' : '(no route)'

/**
 * One lane per link, direction and route (replies apart), grouped by link, outgoing first, then in the order they were
 * first seen. Positions are CSS pixels from the top of the scrolled area.
 */
export class LaneLayout {
  readonly #lanes: Lane[] = []
  readonly #byKey = new Map<string, Lane>()
  #order: Lane[] = []
  #pins: readonly LanePin[] = []
  #messageLanes = 0
  #rowHeight = 22
  #contentHeight = 0
  #version = 0

  /** Changes whenever a lane appeared, moved or changed its height. */
  get version(): number {
    return this.#version
  }

  /** In the order of the screen. */
  get lanes(): readonly Lane[] {
    return this.#order
  }

  get contentHeight(): number {
    return this.#contentHeight
  }

  get rowHeight(): number {
    return this.#rowHeight
  }

  set rowHeight(cssPixels: number) {
    if (cssPixels === this.#rowHeight) return
    this.#rowHeight = cssPixels
    this.#place()
  }

  clear(): void {
    this.#lanes.length = 0
    this.#messageLanes = 0
    this.#byKey.clear()
    this.#place()
  }

  byId(laneId: number): Lane | undefined {
    return this.#lanes[laneId]
  }

  /** The lane of such messages; made when it is the first. */
  laneFor(linkId: number, dir: Direction, route: string, kind: MessageKind): Lane {
    const isReply = kind === 'response'
    const key = `${linkId}\n${dir}\n${isReply ? 'reply' : ''}\n${route}`
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    const routeLanes = this.#lanes.length - this.#messageLanes
    if (routeLanes < MAX_LANES) return this.#add(key, linkId, dir, labelOf(route, kind), kind)
    const restKey = `${linkId}\n${dir}\nrest`
    // one rest lane per link and direction; should even those run out, the last lane takes everything
    const rest = this.#byKey.get(restKey)
    if (rest !== undefined) return rest
    if (routeLanes >= MAX_LANES + 64) return this.#lanes.findLast((lane) => lane.messageId === 0)!
    return this.#add(restKey, linkId, dir, '(other routes)', kind)
  }

  /** The lane of one pinned message; undefined when there are too many. */
  laneForMessage(message: {
    readonly id: number
    readonly linkId: number
    readonly dir: Direction
    readonly route: string
    readonly kind: MessageKind
  }): Lane | undefined {
    const { id, linkId, dir, kind } = message
    const key = `message\n${id}`
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    const label = `#${id} ${labelOf(message.route, kind)}`
    const free = this.#lanes.find((lane) => lane.isGone)
    if (free === undefined) {
      if (this.#messageLanes >= MAX_MESSAGE_PINS) return undefined
      this.#messageLanes++
      return this.#add(key, linkId, dir, label, kind, id)
    }
    Object.assign(free, { key, linkId, dir, label, kind, messageId: id, isGone: false, rows: 1 })
    free.packing = new LanePacking()
    this.#byKey.set(key, free)
    this.#place()
    return free
  }

  /** Takes the lane of a message away that is no longer pinned. */
  dropMessageLane(messageId: number): void {
    const lane = this.#byKey.get(`message\n${messageId}`)
    if (lane === undefined) return
    lane.isGone = true
    this.#byKey.delete(lane.key)
    this.#place()
  }

  /** What stands at the top, in this order. */
  pin(pins: readonly LanePin[]): void {
    this.#pins = pins
    this.#place()
  }

  /**
   * Gives each lane as many rows as the visible messages need.
   *
   * @param isNeeded - For a row key: whether a visible message uses it.
   * @returns True when something moved.
   */
  fitRows(isNeeded: (rowKey: number) => boolean, nowMs: number): boolean {
    let isChanged = false
    for (const lane of this.#lanes) {
      let rows = 1
      for (let row = 1; row < MAX_ROWS_PER_LANE; row++) {
        if (isNeeded(rowKeyOf(lane.id, row))) lane.rowsNeededMs[row] = nowMs
        if (nowMs - lane.rowsNeededMs[row]! <= SHRINK_AFTER_MS) rows = row + 1
      }
      if (rows === lane.rows) continue
      lane.rows = rows
      isChanged = true
    }
    if (isChanged) this.#place()
    return isChanged
  }

  /** Top of the row's 12 px bar, or -1 when the lane does not show this row now. */
  barTop(rowKey: number): number {
    const lane = this.#lanes[laneIdOf(rowKey)]
    const row = rowOf(rowKey)
    if (lane === undefined || row >= lane.rows) return -1
    return lane.top + Math.floor((this.#rowHeight - 12) / 2) + row * SUB_ROW_PITCH
  }

  /** The row at a height of the scrolled area, or -1 between lanes. */
  rowKeyAt(y: number): number {
    for (const lane of this.#order) {
      if (y < lane.top || y >= lane.top + lane.height) continue
      const first = lane.top + Math.floor((this.#rowHeight - 12) / 2) - 2
      const row = Math.floor((y - first) / SUB_ROW_PITCH)
      return rowKeyOf(lane.id, Math.min(lane.rows - 1, Math.max(0, row)))
    }
    return -1
  }

  gutter(isSelected: (laneId: number) => boolean): GutterLane[] {
    return this.#order.map((lane) => ({
      id: lane.id,
      linkId: lane.linkId,
      dir: lane.dir,
      label: lane.label,
      priority: lane.priority,
      hue: lane.hue,
      kind: lane.kind,
      top: lane.top,
      height: lane.height,
      isSelected: isSelected(lane.id),
      isFirstOfLink: lane.isFirstOfLink,
      hasDivider: lane.hasDivider,
      key: lane.key,
      isPinned: lane.isPinned,
      messageId: lane.messageId,
    }))
  }

  /** The newest message of a lane decides what its head says. */
  describe(lane: Lane, hue: number, priority: Priority): void {
    if (lane.hue === hue && lane.priority === priority) return
    lane.hue = hue
    lane.priority = priority
    this.#version++
  }

  #add(key: string, linkId: number, dir: Direction, label: string, kind: MessageKind, messageId = 0): Lane {
    const lane: Lane = {
      id: this.#lanes.length,
      key,
      messageId,
      isGone: false,
      isPinned: false,
      linkId,
      dir,
      label,
      kind,
      packing: new LanePacking(),
      hue: 0,
      priority: 3,
      rows: 1,
      rowsNeededMs: new Float64Array(MAX_ROWS_PER_LANE).fill(-Infinity),
      top: 0,
      height: this.#rowHeight,
      isFirstOfLink: false,
      hasDivider: false,
    }
    this.#lanes.push(lane)
    this.#byKey.set(key, lane)
    this.#place()
    return lane
  }

  #place(): void {
    const places = new Map(
      this.#pins.map((pin, at) => [pin.what === 'lane' ? pin.key : `message\n${pin.messageId}`, at] as const),
    )
    for (const lane of this.#lanes) lane.isPinned = lane.messageId > 0 || places.has(lane.key)
    // the pinned ones stand above all others, in the order in which they were pinned
    const rank = (lane: Lane): number =>
      lane.isPinned
        ? (places.get(lane.key) ?? 0) - places.size
        : lane.linkId * 2 + (lane.dir === 'in' ? 1 : 0)
    this.#order = this.#lanes.filter((lane) => !lane.isGone).sort((a, b) => rank(a) - rank(b) || a.id - b.id)
    const hasLinks = this.#order.some((lane) => lane.linkId !== this.#order[0]!.linkId)
    let top = 0
    let previous: Lane | undefined
    for (const lane of this.#order) {
      const isFirstBelowPins = previous?.isPinned === true && !lane.isPinned
      lane.isFirstOfLink =
        hasLinks && !lane.isPinned && (isFirstBelowPins || lane.linkId !== previous?.linkId)
      lane.hasDivider =
        previous !== undefined &&
        (isFirstBelowPins || lane.isFirstOfLink || (!lane.isPinned && lane.dir !== previous.dir))
      if (lane.hasDivider) top += 1
      if (lane.isFirstOfLink) top += LINK_HEAD_HEIGHT
      lane.top = top
      lane.height = this.#rowHeight + (lane.rows - 1) * SUB_ROW_PITCH
      top += lane.height
      previous = lane
    }
    this.#contentHeight = top
    this.#version++
  }
}
