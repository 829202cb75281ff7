import type { Direction, FrameEvent, MessageOpened, TraceEvent } from '../../../shared/model/trace'
import { placeOfChannel } from '../format/channels'
import type { ReadEntry } from '../read/recording-trace'
import type { Exporter, ExportHead, ExportPiece } from './export-format'
import { MessageLanes } from './message-lanes'
import { noteOf } from './recorded-note'

interface OpenMessage {
  readonly opened: MessageOpened
  readonly lane: number
  endMs: number
}

/** Requests that wait for their answer at most; of older ones no arrow is drawn. */
const MAX_REQUESTS = 65_536
/** Received lanes come first. */
const OUT_LANES_FROM = 1000

/**
 * Chrome's trace format, as Perfetto reads it: a process per link, its lanes as threads, messages and the chunks in them as
 * slices, an arrow from each request to its answer, the queue as a counter. Times in microseconds of the session.
 */
export class ChromeTraceExport implements Exporter {
  readonly #lanes = new Map<string, MessageLanes>()
  readonly #named = new Set<string>()
  readonly #open = new Map<string, OpenMessage>()
  /** Where the slice of a request is. */
  readonly #requests = new Map<
    string,
    { readonly lane: number; readonly atMs: number; readonly dir: Direction }
  >()
  #flows = 0
  #isFirst = true

  begin({ facts }: ExportHead): readonly ExportPiece[] {
    const other = JSON.stringify(Object.fromEntries(facts))
    return [{ suffix: '', bytes: `{"displayTimeUnit":"ms","otherData":${other},"traceEvents":[\n` }]
  }

  entry({ entry, event }: ReadEntry): readonly ExportPiece[] {
    if (event === undefined) {
      const note = placeOfChannel(entry.channelId)?.name === 'note' ? noteOf(entry.data) : null
      return note === null
        ? []
        : [this.#event({ name: note.text, ph: 'i', s: 'g', pid: 0, tid: 0, ts: ts(note.atMs) })]
    }
    switch (event.type) {
      case 'link-state':
        return this.#linkState(event)
      case 'message-opened':
        return this.#opened(event)
      case 'frame':
        return this.#frame(event)
      case 'message-closed': {
        const key = keyOf(event.linkId, event.messageKey)
        const message = this.#open.get(key)
        if (message === undefined) return []
        message.endMs = Math.max(message.endMs, event.atMs)
        this.#open.delete(key)
        const { outcome, code, bodyBytes } = event
        return [this.#message(message, { outcome, bytes: bodyBytes, ...(code !== null && { code }) })]
      }
      case 'queue':
        return [
          this.#event({
            name: 'queue',
            ph: 'C',
            pid: event.linkId,
            ts: ts(event.atMs),
            args: { bytes: event.queuedBytes, messages: event.queuedMessages },
          }),
        ]
      case 'fault':
        return [this.#instant(event, event.code, { detail: event.detail, lostBytes: event.lostBytes })]
      default:
        return []
    }
  }

  end(): readonly ExportPiece[] {
    const open = [...this.#open.values()].map((message) => this.#message(message, { outcome: 'unfinished' }))
    return [...open, { suffix: '', bytes: '\n]}\n' }]
  }

  #linkState(event: Extract<TraceEvent, { readonly type: 'link-state' }>): ExportPiece[] {
    const { linkId, phase, url } = event
    const name = this.#nameOnce(`p ${linkId}`, {
      name: 'process_name',
      pid: linkId,
      args: { name: `link ${linkId}: ${url}` },
    })
    return [...name, this.#instant(event, phase, { url })]
  }

  #opened(opened: MessageOpened): ExportPiece[] {
    const { linkId, dir, messageKey, atMs, answersKey } = opened
    const lane = this.#lanesOf(linkId, dir).take(atMs)
    this.#open.set(keyOf(linkId, messageKey), { opened, lane, endMs: atMs })
    if (opened.kind === 'request') {
      this.#requests.set(keyOf(linkId, messageKey), { lane, atMs, dir })
      const oldest = this.#requests.size > MAX_REQUESTS ? this.#requests.keys().next().value : undefined
      if (oldest !== undefined) this.#requests.delete(oldest)
    }
    const tid = threadOf(dir, lane)
    const names = this.#nameOnce(`t ${linkId} ${tid}`, {
      name: 'thread_name',
      pid: linkId,
      tid,
      args: { name: `${dir === 'in' ? 'received' : 'sent'} ${lane + 1}` },
    })
    const order =
      names.length === 0
        ? []
        : [this.#event({ name: 'thread_sort_index', ph: 'M', pid: linkId, tid, args: { sort_index: tid } })]
    return [...names, ...order, ...this.#arrow(opened, tid, answersKey)]
  }

  #arrow({ linkId, atMs, route }: MessageOpened, tid: number, answersKey: number): ExportPiece[] {
    const key = keyOf(linkId, answersKey)
    const request = answersKey === 0 ? undefined : this.#requests.get(key)
    if (request === undefined) return []
    this.#requests.delete(key)
    const flow = { name: 'answer', cat: 'exchange', id: ++this.#flows, pid: linkId, args: { route } }
    return [
      this.#event({ ...flow, ph: 's', tid: threadOf(request.dir, request.lane), ts: ts(request.atMs) }),
      this.#event({ ...flow, ph: 'f', bp: 'e', tid, ts: ts(atMs) }),
    ]
  }

  #frame(frame: FrameEvent): ExportPiece[] {
    const message = this.#open.get(keyOf(frame.linkId, frame.messageKey))
    if (message === undefined || frame.payloadBytes === 0) return []
    const { opened, lane } = message
    // slices of a thread must lie within each other: a chunk does not begin before its message
    const fromMs = Math.max(frame.startMs, opened.atMs)
    const untilMs = Math.max(fromMs, frame.endMs)
    message.endMs = Math.max(message.endMs, untilMs)
    return [
      this.#event({
        name: frame.isRepeat === true ? 'chunk again' : 'chunk',
        cat: 'chunk',
        ph: 'X',
        pid: frame.linkId,
        tid: threadOf(opened.dir, lane),
        ts: ts(fromMs),
        dur: ts(untilMs - fromMs),
        args: { index: frame.chunkIndex, bytes: frame.payloadBytes },
      }),
    ]
  }

  #message({ opened, lane, endMs }: OpenMessage, more: object): ExportPiece {
    const { linkId, dir, route, kind, priority, ref, atMs } = opened
    this.#lanesOf(linkId, dir).leave(lane, endMs)
    return this.#event({
      name: route === '' ? kind : route,
      cat: kind,
      ph: 'X',
      pid: linkId,
      tid: threadOf(dir, lane),
      ts: ts(atMs),
      dur: ts(endMs - atMs),
      args: { route, kind, priority, ref, ...more },
    })
  }

  #instant({ linkId, atMs }: TraceEvent, name: string, args: object): ExportPiece {
    return this.#event({ name, ph: 'i', s: 'p', pid: linkId, tid: 0, ts: ts(atMs), args })
  }

  #nameOnce(key: string, event: object): ExportPiece[] {
    if (this.#named.has(key)) return []
    this.#named.add(key)
    return [this.#event({ ph: 'M', ...event })]
  }

  #event(event: object): ExportPiece {
    const comma = this.#isFirst ? '' : ',\n'
    this.#isFirst = false
    return { suffix: '', bytes: `${comma}${JSON.stringify(event)}` }
  }

  #lanesOf(linkId: number, dir: Direction): MessageLanes {
    const key = `${linkId} ${dir}`
    let lanes = this.#lanes.get(key)
    if (lanes === undefined) {
      lanes = new MessageLanes()
      this.#lanes.set(key, lanes)
    }
    return lanes
  }
}

const keyOf = (linkId: number, messageKey: number): string => `${linkId} ${messageKey}`
const threadOf = (dir: Direction, lane: number): number => 1 + lane + (dir === 'in' ? 0 : OUT_LANES_FROM)
/** Microseconds, exact to a nanosecond. */
const ts = (ms: number): number => Math.round(ms * 1e6) / 1e3
