import { crc32c } from '../shared/bytes/crc32c'
import type { Priority } from '../shared/model/trace'
import type { IncomingRequest } from '../main/netcore/stack-types'
import { NativeLine, type NativeLineOptions, seededUnit } from './native-line'

export interface TrafficOptions extends NativeLineOptions {
  readonly forMs: number
  /** Large messages under way at the same time, each direction. */
  readonly bulkAtATime?: number
  readonly bulkBytes?: number
  readonly bulkPriority?: Priority
  /** Between two urgent messages, on average; they come at random times. 0: none. */
  readonly urgentEveryMs?: number
  readonly urgentBytes?: number
  /** Pull the cable about this often, at random times. */
  readonly unplugEveryMs?: number
}

export interface TrafficCounts {
  sent: number
  delivered: number
  /** Arrived with other bytes than were sent. */
  wrong: number
  doubled: number
  lost: number
  /** Body bytes that arrived in the measured time, as a share of what the line can carry; both directions. */
  goodput: number
  repeated: number
  busy: number
  urgentP50Ms: number
  urgentP99Ms: number
  unplugged: number
  /** Everything settled and every table empty at the end. */
  isIdle: boolean
  /** When the last message had arrived, counted from the end of the traffic. */
  drainedAfterMs: number
}

interface Sent {
  readonly crc: number
  readonly bytes: number
  readonly atMs: number
  readonly isUrgent: boolean
  arrivals: number
}

type Side = 'near' | 'far'
const SIDES: readonly Side[] = ['near', 'far']

/**
 * Traffic over a simulated line, every body checked: large messages without a pause and urgent ones now and then, both ways,
 * then time to finish what was begun.
 */
export function runTraffic(options: TrafficOptions): TrafficCounts {
  const {
    forMs,
    bulkAtATime = 2,
    bulkBytes = 65_536,
    bulkPriority = 5,
    urgentEveryMs = 500,
    urgentBytes = 100,
    unplugEveryMs = 0,
  } = options
  const unit = seededUnit(options.seed + 77)
  const messages = new Map<string, Sent>()
  const waits: number[] = []
  let wrong = 0
  let isOver = false
  let serial = 0
  let unplugged = 0
  const open = new Map<string, true>()
  const line = new NativeLine({
    ...options,
    onTrace: (side, event) => {
      options.onTrace?.(side, event)
      if (event.type !== 'message-closed' || event.dir !== 'out') return
      open.delete(`${side}${event.messageKey}`)
      const isBulk = event.bodyBytes === bulkBytes
      if (isBulk && !isOver) line.at(line.nowMs, () => sendBulk(side))
    },
  })

  function send(side: Side, bytes: number, priority: Priority, isUrgent: boolean): void {
    serial += 1
    const body = new Uint8Array(bytes)
    const view = new DataView(body.buffer)
    for (let at = 0; at + 4 <= bytes; at += 4) view.setUint32(at, Math.floor(unit() * 2 ** 32))
    view.setUint32(0, serial)
    const id = `${side}${serial}`
    messages.set(id, { crc: crc32c(0, body, 0, bytes), bytes, atMs: line.nowMs, isUrgent, arrivals: 0 })
    const { messageKey } = line[side].stack.send(
      { route: isUrgent ? 'alarm' : 'bulk', kind: 'event', body, priority },
      line.nowMs,
    )
    open.set(`${side}${messageKey}`, true)
  }
  const sendBulk = (side: Side): void => send(side, bulkBytes, bulkPriority, false)

  function arrived(from: Side, { body }: IncomingRequest): undefined {
    const id = `${from}${new DataView(body.buffer, body.byteOffset).getUint32(0)}`
    const sent = messages.get(id)
    if (sent === undefined || body.length !== sent.bytes || crc32c(0, body, 0, body.length) !== sent.crc) {
      wrong += 1
      return
    }
    sent.arrivals += 1
    if (sent.isUrgent) waits.push(line.nowMs - sent.atMs)
  }
  line.near.stack.onUnrouted((request) => arrived('far', request))
  line.far.stack.onUnrouted((request) => arrived('near', request))
  line.plug()
  line.run(2_000, () => line.near.stack.isReady && line.far.stack.isReady)
  const startMs = line.nowMs
  const endMs = startMs + forMs
  for (const side of SIDES) {
    for (let k = 0; k < bulkAtATime; k++) sendBulk(side)
    const nextUrgent = (): void => {
      if (isOver) return
      send(side, urgentBytes, 0, true)
      line.at(line.nowMs - Math.log(1 - unit()) * urgentEveryMs, nextUrgent)
    }
    if (urgentEveryMs > 0) line.at(startMs + unit() * urgentEveryMs, nextUrgent)
  }
  if (unplugEveryMs > 0) {
    const pull = (): void => {
      if (isOver) return
      line.unplug()
      unplugged += 1
      line.at(line.nowMs + unit() * 200, () => line.plug())
      line.at(line.nowMs + 200 - Math.log(1 - unit()) * unplugEveryMs, pull)
    }
    line.at(startMs + unit() * unplugEveryMs, pull)
  }
  const before = [line.near.counts.carriedBytes, line.far.counts.carriedBytes]
  const newBefore = line.newBodyBytes
  line.run(endMs)
  const carried = line.near.counts.carriedBytes + line.far.counts.carriedBytes - before[0]! - before[1]!
  const goodBytes = line.newBodyBytes - newBefore
  isOver = true
  line.run(endMs + 600_000, () => open.size === 0)
  const drainedAfterMs = line.nowMs - endMs
  line.run(line.nowMs + 2_000)

  let delivered = 0
  let doubled = 0
  let lost = 0
  for (const { arrivals } of messages.values()) {
    if (arrivals > 0) delivered += 1
    if (arrivals > 1) doubled += 1
    if (arrivals === 0) lost += 1
  }
  const lineBytes = (2 * forMs * (options.baud ?? 0)) / 10_000
  waits.sort((a, b) => a - b)
  return {
    sent: messages.size,
    delivered,
    wrong,
    doubled,
    lost,
    goodput: goodBytes / lineBytes,
    repeated: (line.near.counts.repeatedBytes + line.far.counts.repeatedBytes) / carried,
    busy: carried / lineBytes,
    urgentP50Ms: waits[Math.floor(waits.length / 2)] ?? 0,
    urgentP99Ms: waits[Math.min(waits.length - 1, Math.floor(waits.length * 0.99))] ?? 0,
    unplugged,
    isIdle: open.size === 0 && line.near.stack.queuedBytes === 0 && line.far.stack.queuedBytes === 0,
    drainedAfterMs,
  }
}
