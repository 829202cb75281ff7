import { ConsoleError } from '../../../shared/errors'
import type { BytesEvent } from '../../../shared/model/trace'
import { placeOfChannel } from '../format/channels'
import type { ReadEntry } from '../read/recording-trace'
import { type Exporter, type ExportHead, type ExportPiece, secondsText } from './export-format'
import { noteOf } from './recorded-note'

const COLUMNS = 80
const ROWS = 24

/**
 * The first raw link as asciicast v3: what came is shown, what was sent is input, notes are markers, gaps are comments.
 * Terminals are text: bytes that are no UTF-8 are replaced, so this is not for binary data.
 */
export class AsciicastExport implements Exporter {
  readonly #texts = { in: new TextDecoder(), out: new TextDecoder() }
  #linkId = 0
  #head: ExportHead | null = null
  #lastMs = 0

  begin(head: ExportHead): readonly ExportPiece[] {
    this.#head = head
    return []
  }

  entry({ entry, event }: ReadEntry): readonly ExportPiece[] {
    if (event?.type === 'link-state' && this.#linkId === 0 && /[?&]dialect=raw\b/.test(event.url)) {
      this.#linkId = event.linkId
      this.#lastMs = event.atMs
      return [this.#header(event.url, entry.timeNs)]
    }
    if (this.#linkId === 0) return []
    const name = placeOfChannel(entry.channelId)?.name
    if (name === 'note') return this.#marker(entry.data)
    if (name === 'gap') return [piece('# bytes are missing here')]
    if (event?.linkId !== this.#linkId) return []
    if (event.type === 'bytes') return this.#text(event)
    return event.type === 'fault' ? [piece(`# ${oneLine(event.code)}: ${oneLine(event.detail)}`)] : []
  }

  end(): readonly ExportPiece[] {
    if (this.#linkId !== 0) return []
    throw new ConsoleError('EXPORT_EMPTY', 'the recording has no link of the dialect "raw"')
  }

  #header(title: string, timeNs: bigint): ExportPiece {
    const timestamp = Number(secondsText(timeNs).split('.')[0])
    const header = { version: 3, term: { cols: COLUMNS, rows: ROWS }, timestamp, title }
    const session = this.#head?.facts.get('session_id')
    return piece(JSON.stringify(session === undefined ? header : { ...header, tags: [`session ${session}`] }))
  }

  #text({ dir, bytes, atMs }: BytesEvent): ExportPiece[] {
    const text = this.#texts[dir].decode(bytes, { stream: true })
    return text === '' ? [] : [this.#event(atMs, dir === 'in' ? 'o' : 'i', text)]
  }

  #marker(data: Uint8Array): ExportPiece[] {
    const note = noteOf(data)
    return note === null ? [] : [this.#event(this.#lastMs, 'm', note.text)]
  }

  /** Version 3 counts the time since the event before. */
  #event(atMs: number, code: string, text: string): ExportPiece {
    const seconds = Math.max(0, atMs - this.#lastMs) / 1000
    this.#lastMs = Math.max(this.#lastMs, atMs)
    return piece(JSON.stringify([Number(seconds.toFixed(6)), code, text]))
  }
}

const oneLine = (text: string): string => text.replaceAll(/\p{C}/gu, ' ')
const piece = (text: string): ExportPiece => ({ suffix: '', bytes: `${text}\n` })
