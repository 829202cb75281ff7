import { printLossless } from '../format/lossless-json'
import type { ReadEntry } from '../read/recording-trace'
import { type Exporter, type ExportHead, type ExportPiece, isoText } from './export-format'

/**
 * The bytes of the lines and nothing else: `.rx.bin` and `.tx.bin`, for links after the first `.2.rx.bin` and so on, and an
 * index `.idx.jsonl` that says when each piece passed and where it stands.
 */
export class BytesExport implements Exporter {
  readonly #lengths = new Map<string, number>()

  begin({ facts }: ExportHead): readonly ExportPiece[] {
    return [index({ session: Object.fromEntries(facts) })]
  }

  entry({ entry, event }: ReadEntry): readonly ExportPiece[] {
    if (event?.type !== 'bytes') return []
    const { linkId, dir, bytes } = event
    const suffix = `${linkId === 1 ? '' : `.${linkId}`}.${dir === 'in' ? 'rx' : 'tx'}.bin`
    const offset = this.#lengths.get(suffix) ?? 0
    this.#lengths.set(suffix, offset + bytes.length)
    const place = { t: isoText(entry.timeNs), link: linkId, dir, offset, bytes: bytes.length }
    return [index(place), { suffix, bytes }]
  }

  end(): readonly ExportPiece[] {
    return []
  }
}

const index = (fields: object): ExportPiece => ({ suffix: '.idx.jsonl', bytes: `${printLossless(fields)}\n` })
