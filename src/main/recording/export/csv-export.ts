import type { MessageClosed, MessageOpened, RequestSettled, TraceEvent } from '../../../shared/model/trace'
import type { SessionTime } from '../format/session-time'
import type { ReadEntry } from '../read/recording-trace'
import { type Exporter, type ExportHead, type ExportPiece, isoText } from './export-format'

const COLUMNS = [
  'time',
  'session_s',
  'link',
  'dir',
  'route',
  'kind',
  'priority',
  'bytes',
  'status',
  'code',
  'duration_ms',
  'round_trip_ms',
  'body',
] as const
const PREVIEW_BYTES = 256

interface Row {
  readonly opened: MessageOpened
  closed?: MessageClosed
}

/**
 * One row per message, when it is known how it ended: a request's row waits for its answer or its time-out. RFC 4180; times
 * as ISO 8601 and as seconds since the start of the session. A cell that a spreadsheet would calculate begins with `'`.
 */
export class CsvExport implements Exporter {
  readonly #open = new Map<string, Row>()
  /** Requests that ended but are not answered yet. */
  readonly #waiting = new Map<string, Row>()
  #time: SessionTime | null = null

  begin({ time }: ExportHead): readonly ExportPiece[] {
    this.#time = time
    return [row(COLUMNS)]
  }

  entry({ event }: ReadEntry): readonly ExportPiece[] {
    const key = event === undefined ? '' : keyOf(event)
    switch (event?.type) {
      case 'message-opened':
        this.#open.set(key, { opened: event })
        return []
      case 'message-closed': {
        const found = this.#open.get(key)
        if (found === undefined) return []
        this.#open.delete(key)
        found.closed = event
        if (found.opened.kind !== 'request' || found.opened.dir !== 'out') return [this.#row(found, null)]
        this.#waiting.set(key, found)
        return []
      }
      case 'request-settled': {
        const found = this.#waiting.get(key)
        this.#waiting.delete(key)
        return found === undefined ? [] : [this.#row(found, event)]
      }
      default:
        return []
    }
  }

  end(): readonly ExportPiece[] {
    return [...this.#waiting.values(), ...this.#open.values()].map((found) => this.#row(found, null))
  }

  #row({ opened, closed }: Row, settled: RequestSettled | null): ExportPiece {
    const isUnanswered = settled !== null && settled.code !== null
    const status = isUnanswered ? 'unanswered' : (closed?.outcome ?? 'unfinished')
    return row([
      isoText(this.#time?.toNs(opened.atMs) ?? 0n),
      (opened.atMs / 1000).toFixed(6),
      opened.linkId,
      opened.dir === 'in' ? 'received' : 'sent',
      opened.route,
      opened.kind,
      opened.priority,
      closed?.bodyBytes ?? '',
      status,
      settled?.code ?? closed?.code ?? '',
      closed === undefined ? '' : (closed.atMs - opened.atMs).toFixed(3),
      settled === null || settled.answerKey === 0 ? '' : settled.roundTripMs.toFixed(3),
      new TextDecoder().decode(closed?.body.subarray(0, PREVIEW_BYTES)),
    ])
  }
}

function keyOf(event: TraceEvent): string {
  switch (event.type) {
    case 'message-opened':
    case 'message-closed':
      return `${event.linkId} ${event.dir} ${event.messageKey}`
    case 'request-settled':
      return `${event.linkId} out ${event.requestKey}`
    default:
      return ''
  }
}

const row = (cells: readonly (string | number)[]): ExportPiece => ({
  suffix: '',
  bytes: `${cells.map(cell).join(',')}\r\n`,
})

function cell(value: string | number): string {
  if (typeof value === 'number') return `${value}`
  const text = /^[=+@\t\r]|^-(?!\d)/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
