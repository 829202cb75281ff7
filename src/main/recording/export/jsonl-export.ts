import { encodingOf, placeOfChannel, topicOf } from '../format/channels'
import { printLossless } from '../format/lossless-json'
import type { ReadEntry } from '../read/recording-trace'
import { type Exporter, type ExportHead, type ExportPiece, isoText } from './export-format'

/** One object per entry: `t` (ISO 8601, nanoseconds), `ch` (the topic), `n` (its number), then what it says; bytes as base64. */
export class JsonlExport implements Exporter {
  begin({ facts }: ExportHead): readonly ExportPiece[] {
    return [line({ session: Object.fromEntries(facts) })]
  }

  entry({ entry, event }: ReadEntry): readonly ExportPiece[] {
    const place = placeOfChannel(entry.channelId)
    if (place === undefined) return []
    const head = { t: isoText(entry.timeNs), ch: topicOf(place), n: entry.number }
    if (encodingOf(place.name) === 'octets') {
      return [line({ ...head, bytes: Buffer.from(entry.data).toString('base64') })]
    }
    if (event === undefined) return [line({ ...head, ...plainJson(entry.data) })]
    const { atMs, linkId, ...fields } = event
    const told = 'body' in fields ? { ...fields, body: undefined } : fields
    return [line({ ...head, atMs, link: linkId, ...told })]
  }

  end(): readonly ExportPiece[] {
    return []
  }
}

const line = (fields: object): ExportPiece => ({ suffix: '', bytes: `${printLossless(fields)}\n` })

function plainJson(data: Uint8Array): object {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(data))
    return typeof value === 'object' && value !== null ? value : { value }
  } catch {
    return { unreadable: Buffer.from(data).toString('base64') }
  }
}
