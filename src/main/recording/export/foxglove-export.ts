import type { LineRate } from '../../../shared/model/line-rate'
import type { MessageOpened, TraceEvent } from '../../../shared/model/trace'
import { placeOfChannel } from '../format/channels'
import type { SessionTime } from '../format/session-time'
import type { ReadEntry } from '../read/recording-trace'
import { McapEncoder } from '../write/mcap-encoder'
import { ExplainedMessages } from './explained-messages'
import type { Exporter, ExportHead, ExportPiece } from './export-format'
import { foxgloveChannel, foxgloveChannelId, type FoxgloveTopic } from './foxglove-channels'
import { foxgloveLayout } from './foxglove-layout'
import { type Figures, LineFigures } from './line-figures'
import { lineRateOfUrl } from './line-rate-of-url'
import { plainJson, readableBody, readableBytes } from './readable-body'
import { noteOf } from './recorded-note'

const BLOCK_BYTES = 256 * 1024
/** Foxglove's levels. */
const LEVEL = { info: 2, warning: 3, error: 4 } as const

/**
 * A file for Foxglove and Lichtblick: JSON channels with schemas alone, since viewers decode nothing of ours; a log, figures
 * at 10 Hz to plot, and a layout file beside it. Integers that no double holds are texts, times `{sec, nsec}`.
 */
export class FoxgloveExport implements Exporter {
  readonly #encoder = new McapEncoder({ library: 'netcore-console', channelOf: foxgloveChannel })
  readonly #explained = new ExplainedMessages()
  readonly #opened = new Map<string, MessageOpened>()
  readonly #figures = new Map<number, LineFigures>()
  readonly #rates = new Map<number, LineRate | null>()
  #time: SessionTime | null = null
  #nowMs = 0

  begin({ facts, time }: ExportHead): readonly ExportPiece[] {
    this.#time = time
    return [piece(this.#encoder.begin()), piece(this.#encoder.metadata('session', facts))]
  }

  entry({ entry, event }: ReadEntry): readonly ExportPiece[] {
    if (event !== undefined) {
      this.#nowMs = Math.max(this.#nowMs, event.atMs)
      this.#explained.observe(event)
      this.#countFigures(event)
      this.#event(event)
    } else if (placeOfChannel(entry.channelId)?.name === 'note') {
      const note = noteOf(entry.data)
      if (note !== null) this.#log(0, note.atMs, LEVEL.info, 'note', note.text)
    } else if (placeOfChannel(entry.channelId)?.name === 'gap') {
      this.#log(0, this.#nowMs, LEVEL.warning, 'recorder', 'entries are missing here')
    }
    if (this.#encoder.pendingBytes < BLOCK_BYTES) return []
    return [piece(this.#encoder.takeBlock()!)]
  }

  end(): readonly ExportPiece[] {
    for (const [linkId, figures] of this.#figures) {
      for (const each of figures.end(this.#nowMs, this.#rates.get(linkId) ?? null)) this.#stats(linkId, each)
    }
    const block = this.#encoder.takeBlock()
    const links = [...this.#figures.keys()]
    return [
      ...(block === null ? [] : [piece(block)]),
      piece(this.#encoder.end()),
      { suffix: '.layout.json', bytes: `${JSON.stringify(foxgloveLayout(links), null, 2)}\n` },
    ]
  }

  #event(event: TraceEvent): void {
    const { linkId, atMs } = event
    switch (event.type) {
      case 'bytes': {
        const { dir, streamOffset, bytes } = event
        this.#add(dir === 'in' ? 'rx' : 'tx', linkId, atMs, {
          offset: streamOffset,
          ...readableBytes(bytes),
        })
        return
      }
      case 'message-opened':
        this.#opened.set(`${linkId} ${event.messageKey}`, event)
        return
      case 'message-closed':
        this.#closed(event)
        return
      case 'request-settled':
        this.#add('message', linkId, atMs, this.#explained.settled(event))
        return
      case 'frame':
        this.#add('chunk', linkId, atMs, plainJson(withoutBase(event)))
        return
      case 'link-state':
        this.#rates.set(linkId, lineRateOfUrl(event.url))
        this.#add('event', linkId, atMs, plainJson(withoutBase(event)))
        this.#log(
          linkId,
          atMs,
          event.code === null ? LEVEL.info : LEVEL.warning,
          `link ${linkId}`,
          wordsOf(event.phase, event.detail),
        )
        return
      case 'fault':
        this.#add('event', linkId, atMs, plainJson(withoutBase(event)))
        this.#log(linkId, atMs, LEVEL.error, `link ${linkId}`, wordsOf(event.code, event.detail))
        return
      default:
        this.#add('event', linkId, atMs, plainJson(withoutBase(event)))
        return
    }
  }

  #closed(event: Extract<TraceEvent, { readonly type: 'message-closed' }>): void {
    const key = `${event.linkId} ${event.messageKey}`
    const opened = this.#opened.get(key)
    this.#opened.delete(key)
    if (opened === undefined) return
    const { linkId, atMs, dir, messageKey } = event
    const { route, kind, priority } = opened
    const head = { message: this.#explained.numberOf(linkId, messageKey), route, kind, dir, priority }
    if (event.body.length > 0) this.#add('body', linkId, atMs, { ...head, body: readableBody(event.body) })
    const isAwaited = kind === 'request' && dir === 'out' && event.outcome === 'complete'
    if (isAwaited) return // told when it is known how long its answer took
    this.#add('message', linkId, atMs, this.#explained.ended(event, opened))
  }

  #countFigures(event: TraceEvent): void {
    const { linkId } = event
    if (linkId === 0) return
    let figures = this.#figures.get(linkId)
    if (figures === undefined) {
      figures = new LineFigures()
      this.#figures.set(linkId, figures)
    }
    for (const each of figures.take(event, this.#rates.get(linkId) ?? null)) this.#stats(linkId, each)
  }

  #stats(linkId: number, { atMs, ...figures }: Figures): void {
    this.#add('stats', linkId, atMs, figures)
    if (linkId === Math.min(...this.#figures.keys())) this.#add('stats', 0, atMs, figures)
  }

  #log(linkId: number, atMs: number, level: number, name: string, message: string): void {
    const { timestamp } = this.#stamp(atMs)
    this.#add('console', 0, atMs, {
      timestamp,
      level,
      message,
      name,
      file: linkId === 0 ? '' : `link/${linkId}`,
      line: 0,
    })
  }

  #add(topic: FoxgloveTopic, linkId: number, atMs: number, fields: unknown): void {
    if (typeof fields !== 'object' || fields === null) return
    const channelId = foxgloveChannelId(topic, linkId)
    if (channelId === undefined) return
    const { timeNs, timestamp } = this.#stamp(atMs)
    this.#encoder.add(channelId, timeNs, Buffer.from(JSON.stringify({ timestamp, ...fields })))
  }

  #stamp(atMs: number): { timeNs: bigint; timestamp: { sec: number; nsec: number } } {
    const timeNs = this.#time?.toNs(atMs) ?? 0n
    const sec = Number(timeNs / 1_000_000_000n)
    return { timeNs, timestamp: { sec, nsec: Number(timeNs % 1_000_000_000n) } }
  }
}

function withoutBase(event: Exclude<TraceEvent, { readonly type: 'bytes' }>): object {
  const { linkId, ...fields } = event
  return { link: linkId, ...fields }
}

const wordsOf = (what: string, detail: string): string => (detail === '' ? what : `${what}: ${detail}`)
const piece = (bytes: Uint8Array): ExportPiece => ({ suffix: '', bytes })
