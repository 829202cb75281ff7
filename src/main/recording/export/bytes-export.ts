import type { Direction } from '../../../shared/model/trace'
import { printLossless } from '../format/lossless-json'
import type { SessionTime } from '../format/session-time'
import type { ReadEntry } from '../read/recording-trace'
import { type Exporter, type ExportHead, type ExportPiece, isoText } from './export-format'
import { FramedByteCutter, type FramedBytes } from './framed-bytes'

/**
 * The bytes of the lines and nothing else: `.rx.bin` and `.tx.bin`, for links after the first `.2.rx.bin` and so on, and an
 * index `.idx.jsonl` that says when each piece passed and where it stands. Under a filter: the frames of the wanted messages.
 */
export class BytesExport implements Exporter {
  readonly seesAll = true
  readonly #lengths = new Map<string, number>()
  readonly #cutter = new FramedByteCutter()
  #shows: ExportHead['shows'] = null
  #time: SessionTime | null = null

  begin({ facts, shows, time }: ExportHead): readonly ExportPiece[] {
    this.#shows = shows
    this.#time = time
    return [index({ session: Object.fromEntries(facts) })]
  }

  entry({ entry, event }: ReadEntry): readonly ExportPiece[] {
    if (this.#shows !== null) {
      if (event?.type === 'bytes') return this.#wanted(this.#cutter.bytes(event))
      return event?.type === 'frame' ? this.#wanted(this.#cutter.frame(event)) : []
    }
    return event?.type === 'bytes' ? this.#piece(event.linkId, event.dir, event.bytes, entry.timeNs) : []
  }

  end(): readonly ExportPiece[] {
    return []
  }

  #wanted(framed: readonly FramedBytes[]): ExportPiece[] {
    return framed.flatMap(({ linkId, dir, bytes, frame }) =>
      frame !== null && this.#shows?.(linkId, frame.messageKey, dir) === true
        ? this.#piece(linkId, dir, bytes, this.#time?.toNs(frame.endMs) ?? 0n)
        : [],
    )
  }

  #piece(linkId: number, dir: Direction, bytes: Uint8Array, timeNs: bigint): ExportPiece[] {
    const suffix = `${linkId === 1 ? '' : `.${linkId}`}.${dir === 'in' ? 'rx' : 'tx'}.bin`
    const offset = this.#lengths.get(suffix) ?? 0
    this.#lengths.set(suffix, offset + bytes.length)
    return [index({ t: isoText(timeNs), link: linkId, dir, offset, bytes: bytes.length }), { suffix, bytes }]
  }
}

const index = (fields: object): ExportPiece => ({ suffix: '.idx.jsonl', bytes: `${printLossless(fields)}\n` })
