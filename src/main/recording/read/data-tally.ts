import { crc32 } from 'node:zlib'
import { FieldReader } from './field-reader'
import { MAGIC, RECORD, RECORD_HEAD_BYTES } from './record-shape'
import type { FoundRecord } from './record-scanner'

/** What the index at the end of a file claims to be the sum of; counted while the data is read. */
export class DataTally {
  readonly perChannel = new Map<number, number>()
  /** Checksums of the records of schemas and channels, by kind and number. */
  readonly #introduced = new Map<string, number>()
  #crc = crc32(Uint8Array.from(MAGIC))
  entries = 0
  blocks = 0
  metadata = 0
  attachments = 0
  firstNs: bigint | null = null
  lastNs: bigint | null = null
  /** Sums of places: an index that names one twice and another not at all has another sum. */
  blockOffsets = 0n
  metadataOffsets = 0n
  attachmentOffsets = 0n

  /** Over all bytes from the beginning of the file to the last record told of. */
  get crc(): number {
    return this.#crc
  }

  /** Undefined where the data has no such record. */
  introduced(opcode: number, id: number): number | undefined {
    return this.#introduced.get(`${opcode} ${id}`)
  }

  record({ opcode, offset, head, content, block }: FoundRecord): void {
    this.#crc = crc32(content, crc32(head, this.#crc))
    if (opcode === RECORD.metadata) {
      this.metadata += 1
      this.metadataOffsets += BigInt(offset)
    } else if (opcode === RECORD.attachment) {
      this.attachments += 1
      this.attachmentOffsets += BigInt(offset)
    } else if (opcode === RECORD.schema || opcode === RECORD.channel) this.#introduce(opcode, content)
    if (block === undefined) return
    this.blocks += 1
    this.blockOffsets += BigInt(offset)
    this.#readBlock(block.records)
    for (const { channelId, timeNs } of block.entries) {
      this.entries += 1
      this.perChannel.set(channelId, (this.perChannel.get(channelId) ?? 0) + 1)
      if (this.firstNs === null || timeNs < this.firstNs) this.firstNs = timeNs
      if (this.lastNs === null || timeNs > this.lastNs) this.lastNs = timeNs
    }
  }

  /** Schemas and channels within a block. */
  #readBlock(records: Uint8Array): void {
    const view = new DataView(records.buffer, records.byteOffset, records.length)
    for (let at = 0; at < records.length; ) {
      const from = at + RECORD_HEAD_BYTES
      const end = from + Number(view.getBigUint64(at + 1, true))
      const opcode = records[at]!
      if (opcode === RECORD.schema || opcode === RECORD.channel) {
        this.#introduce(opcode, records.subarray(from, end))
      }
      at = end
    }
  }

  #introduce(opcode: number, content: Uint8Array): void {
    if (content.length < 2) return
    this.#introduced.set(`${opcode} ${new FieldReader(content).u16()}`, crc32(content))
  }
}
