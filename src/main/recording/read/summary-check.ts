import { crc32 } from 'node:zlib'
import { BufferedSource } from './buffered-source'
import type { ByteSource } from './byte-source'
import type { DamageList } from './damage'
import type { DataTally } from './data-tally'
import { FieldReader } from './field-reader'
import { MAGIC, RECORD, RECORD_HEAD_BYTES } from './record-shape'

const DATA_END_BYTES = RECORD_HEAD_BYTES + 4
const FOOTER_BYTES = RECORD_HEAD_BYTES + 20
/** Of the footer, what its checksum is over. */
const FOOTER_CHECKED_BYTES = RECORD_HEAD_BYTES + 16
const MOST_RECORD_BYTES = 64 * 1024 * 1024
const MOST_UNKNOWN = 1000

export interface SummaryCheckOptions {
  readonly source: ByteSource
  /** Where the data ends. */
  readonly dataEnd: number
  /** What the data adds up to; null when not all of it could be read, then the index is held against itself alone. */
  readonly tally: DataTally | null
  readonly damage: DamageList
}

interface IndexRecord {
  readonly opcode: number
  readonly offset: number
  readonly endOffset: number
  readonly content: Uint8Array
}

interface Group {
  readonly opcode: number
  readonly offset: number
  endOffset: number
}

/**
 * Reads what stands behind the data of a file that was ended - checksum of the data, index, footer - and holds each record
 * against the data: an index that leads elsewhere is worse than none. Memory is bounded by one record.
 */
export async function checkSummary(options: SummaryCheckOptions): Promise<void> {
  await new SummaryCheck(options).run()
}

/** Whether a footer stands where it has to. */
export async function hasFooter(source: ByteSource): Promise<boolean> {
  const head = await source.read(source.size - MAGIC.length - FOOTER_BYTES, RECORD_HEAD_BYTES)
  return isFooter(head)
}

const isFooter = (head: Uint8Array): boolean =>
  head.length >= RECORD_HEAD_BYTES &&
  head[0] === RECORD.footer &&
  new DataView(head.buffer, head.byteOffset).getBigUint64(1, true) === 20n

class SummaryCheck {
  /** For places here and there: what is read one after the other is buffered. */
  readonly #source: ByteSource
  readonly #dataEnd: number
  readonly #tally: DataTally | null
  readonly #damage: DamageList
  readonly #groups: Group[] = []
  readonly #counts = new Map<number, number>()
  readonly #offsets = new Map<number, bigint>()
  /** Of kinds that others may use, so that they are no damage by themselves. */
  readonly #unknown: Group[] = []

  constructor({ source, dataEnd, tally, damage }: SummaryCheckOptions) {
    this.#source = source
    this.#dataEnd = dataEnd
    this.#tally = tally
    this.#damage = damage
  }

  async run(): Promise<void> {
    await this.#checkDataCrc()
    const footerAt = this.#source.size - MAGIC.length - FOOTER_BYTES
    const summaryAt = this.#dataEnd + DATA_END_BYTES
    const footer = await this.#source.read(footerAt, FOOTER_BYTES)
    if (footerAt < summaryAt || !isFooter(footer)) {
      this.#damage.add(Math.max(summaryAt, footerAt), this.#source.size, 'the footer is not one')
      return
    }
    const before = this.#damage.count
    const crc = await this.#readRecords(summaryAt, footerAt)
    const read = new FieldReader(footer.subarray(RECORD_HEAD_BYTES))
    const [start, offsetStart, claimedCrc] = [Number(read.u64()), Number(read.u64()), read.u32()]
    const firstOffset = this.#groups.find(({ opcode }) => opcode === RECORD.summaryOffset)?.offset ?? 0
    const isEmpty = footerAt === summaryAt
    if (start !== (isEmpty ? 0 : summaryAt) && !(isEmpty && start === summaryAt)) {
      this.#damage.add(footerAt, footerAt + FOOTER_BYTES, 'the footer leads elsewhere than to the index')
    } else if (offsetStart !== firstOffset && !(firstOffset === 0 && offsetStart === footerAt)) {
      this.#damage.add(footerAt, footerAt + FOOTER_BYTES, 'the footer leads elsewhere than to the index')
    }
    if (crc === null || claimedCrc === 0) return
    if (crc32(footer.subarray(0, FOOTER_CHECKED_BYTES), crc) === claimedCrc) return
    for (const { opcode, offset, endOffset } of this.#unknown) {
      this.#damage.add(offset, endOffset, `the index has a record of kind ${opcode}`)
    }
    if (this.#damage.count === before) {
      this.#damage.add(summaryAt, footerAt + FOOTER_BYTES, 'the index has a wrong checksum')
    }
  }

  /** The only checksum that covers the header, and the names and values of metadata. */
  async #checkDataCrc(): Promise<void> {
    const dataEnd = await this.#source.read(this.#dataEnd, DATA_END_BYTES)
    const claimed = new FieldReader(dataEnd.subarray(RECORD_HEAD_BYTES)).u32()
    if (claimed === 0 || this.#tally === null || this.#tally.crc === claimed) return
    if (this.#damage.count > 0) return // found already, and where
    this.#damage.add(
      0,
      this.#dataEnd + DATA_END_BYTES,
      'the checksum over all data is wrong, those within it are right: the header, a record of metadata or that checksum itself is damaged',
    )
  }

  /** @returns The checksum over the records; null when they could not be read to their end. */
  async #readRecords(from: number, end: number): Promise<number | null> {
    const source = new BufferedSource(this.#source)
    let crc = 0
    let beforeAt = from
    for (let at = from; at < end; ) {
      const head = await source.read(at, RECORD_HEAD_BYTES)
      const length = Number(new DataView(head.buffer, head.byteOffset).getBigUint64(1, true))
      const endOffset = at + RECORD_HEAD_BYTES + length
      if (endOffset > end || length > MOST_RECORD_BYTES) {
        // where there is no record, the one before may not be as long as it claims
        this.#damage.add(beforeAt, end, `a record of the index claims to have ${length} bytes`)
        return null
      }
      const content = await source.read(at + RECORD_HEAD_BYTES, length)
      crc = crc32(content, crc32(head, crc))
      await this.#take({ opcode: head[0]!, offset: at, endOffset, content })
      beforeAt = at
      at = endOffset
    }
    this.#checkTotals(from, end)
    return crc
  }

  async #take(record: IndexRecord): Promise<void> {
    const { opcode, offset, endOffset } = record
    const group = this.#groups.at(-1)
    if (group?.opcode === opcode) group.endOffset = endOffset
    else this.#groups.push({ opcode, offset, endOffset })
    this.#counts.set(opcode, (this.#counts.get(opcode) ?? 0) + 1)
    if (opcode > RECORD.dataEnd) {
      if (this.#unknown.length < MOST_UNKNOWN) this.#unknown.push({ opcode, offset, endOffset })
      return
    }
    let why: string | null
    try {
      const read = new FieldReader(record.content)
      why = await this.#problemOf(record, read)
      const isRead =
        why === null && this.#tally !== null && opcode !== RECORD.schema && opcode !== RECORD.channel
      if (isRead && !read.isAtEnd) why = 'a record of the index claims to be longer than what is in it'
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      why = 'a record of the index has lengths that do not agree'
    }
    if (why !== null) this.#damage.add(offset, endOffset, why)
  }

  /** @throws RangeError when lengths do not fit. */
  async #problemOf({ opcode, content }: IndexRecord, read: FieldReader): Promise<string | null> {
    switch (opcode) {
      case RECORD.schema:
      case RECORD.channel: {
        const known = this.#tally?.introduced(opcode, read.u16())
        const what = opcode === RECORD.schema ? 'schema' : 'channel'
        return known === undefined || known === crc32(content) ? null : `a ${what} is not that of the data`
      }
      case RECORD.statistics:
        return this.#isStatistics(read) ? null : 'the statistics are not those of the data'
      case RECORD.metadataIndex:
        return this.#placed(RECORD.metadata, read, 'metadata', (place) => place.text() === read.text())
      case RECORD.attachmentIndex:
        return this.#placed(RECORD.attachment, read, 'an attachment', (place) => {
          const isTimed = place.u64() === read.u64() && place.u64() === read.u64()
          const dataBytes = read.u64()
          const isNamed = place.text() === read.text() && place.text() === read.text()
          return isTimed && isNamed && place.u64() === dataBytes
        })
      case RECORD.blockIndex:
        return this.#blockIndexProblem(read)
      case RECORD.summaryOffset:
        return this.#isGroup(read) ? null : 'the overview of the index leads elsewhere'
      default:
        return `the index has a record of kind ${opcode}`
    }
  }

  #isStatistics(read: FieldReader): boolean {
    const tally = this.#tally
    if (tally === null) return true
    const entries = read.u64()
    const [schemas, channels] = [read.u16(), read.u32()]
    const [attachments, metadata, blocks] = [read.u32(), read.u32(), read.u32()]
    const [firstNs, lastNs] = [read.u64(), read.u64()]
    const listEnd = read.u32() + read.at
    let counted = 0
    while (read.at < listEnd) {
      const count = tally.perChannel.get(read.u16()) ?? 0
      counted += count
      if (BigInt(count) !== read.u64()) return false
    }
    const listed = (opcode: number, claimed: number): boolean =>
      (this.#counts.get(opcode) ?? claimed) === claimed
    return (
      entries === BigInt(tally.entries) &&
      counted === tally.entries &&
      listed(RECORD.schema, schemas) &&
      listed(RECORD.channel, channels) &&
      attachments === tally.attachments &&
      metadata === tally.metadata &&
      blocks === tally.blocks &&
      firstNs === (tally.firstNs ?? 0n) &&
      lastNs === (tally.lastNs ?? 0n)
    )
  }

  async #placed(
    opcode: number,
    read: FieldReader,
    what: string,
    isSame: (place: FieldReader) => boolean,
  ): Promise<string | null> {
    const [offset, length] = [read.u64(), read.u64()]
    const wrong = `the index of ${what} leads elsewhere`
    this.#add(opcode, offset)
    if (this.#tally === null) return null
    if (length > BigInt(MOST_RECORD_BYTES) || offset + length > BigInt(this.#dataEnd)) return wrong
    const record = await this.#source.read(Number(offset), Number(length))
    const head = new DataView(record.buffer, record.byteOffset, record.length)
    if (record[0] !== opcode || head.getBigUint64(1, true) + BigInt(RECORD_HEAD_BYTES) !== length)
      return wrong
    return isSame(new FieldReader(record.subarray(RECORD_HEAD_BYTES))) ? null : wrong
  }

  async #blockIndexProblem(read: FieldReader): Promise<string | null> {
    const [firstNs, lastNs, offset, length] = [read.u64(), read.u64(), read.u64(), read.u64()]
    const places = read.bytes(read.u32())
    const indexBytes = Number(read.u64())
    const compression = read.text()
    const [packedBytes, plainBytes] = [read.u64(), read.u64()]
    this.#add(RECORD.block, offset)
    if (this.#tally === null) return null
    const wrong = 'the index of a block leads elsewhere, or is about another one'
    const end = offset + length
    if (end + BigInt(indexBytes) > BigInt(this.#dataEnd)) return wrong
    // kind, length, times, sizes, checksum, name and length
    const head = await this.#source.read(Number(offset), RECORD_HEAD_BYTES + 40 + compression.length)
    const block = new FieldReader(head.subarray(1))
    const isBlock =
      head[0] === RECORD.block &&
      block.u64() + BigInt(RECORD_HEAD_BYTES) === length &&
      block.u64() === firstNs &&
      block.u64() === lastNs &&
      block.u64() === plainBytes
    if (!isBlock) return wrong
    block.u32()
    if (block.text() !== compression || block.u64() !== packedBytes) return wrong
    return (await this.#hasIndexes(places, Number(end), indexBytes)) ? null : wrong
  }

  /** Whether the places of a block's indexes are those where they stand. @throws RangeError when lengths do not fit. */
  async #hasIndexes(claimed: Uint8Array, from: number, byteCount: number): Promise<boolean> {
    if (byteCount > MOST_RECORD_BYTES) return false
    const places = new Map<number, number>()
    for (const read = new FieldReader(claimed); !read.isAtEnd; ) places.set(read.u16(), Number(read.u64()))
    const indexes = new FieldReader(await this.#source.read(from, byteCount))
    for (let offset = from; !indexes.isAtEnd; offset = from + indexes.at) {
      if (indexes.bytes(1)[0] !== RECORD.messageIndex) return false
      const index = new FieldReader(indexes.bytes(Number(indexes.u64())))
      const channelId = index.u16()
      if (places.get(channelId) !== offset) return false
      places.delete(channelId)
    }
    return places.size === 0
  }

  #isGroup(read: FieldReader): boolean {
    const opcode = read.bytes(1)[0]
    const [offset, length] = [Number(read.u64()), Number(read.u64())]
    return this.#groups.some(
      (group) =>
        group.opcode === opcode && group.offset === offset && group.endOffset - group.offset === length,
    )
  }

  /** Whether all there is is indexed, once, where anything of its kind is. */
  #checkTotals(from: number, end: number): void {
    const tally = this.#tally
    if (tally === null) return
    const kinds = [
      { index: RECORD.blockIndex, of: RECORD.block, count: tally.blocks, sum: tally.blockOffsets },
      { index: RECORD.metadataIndex, of: RECORD.metadata, count: tally.metadata, sum: tally.metadataOffsets },
      {
        index: RECORD.attachmentIndex,
        of: RECORD.attachment,
        count: tally.attachments,
        sum: tally.attachmentOffsets,
      },
    ]
    for (const { index, of, count, sum } of kinds) {
      const found = this.#counts.get(index) ?? 0
      if (found === 0 || (found === count && this.#offsets.get(of) === sum)) continue
      const group = this.#groups.find(({ opcode }) => opcode === index)
      const why = `the index has ${found} of ${count} records, or one of them twice`
      if (this.#damage.count === 0) this.#damage.add(group?.offset ?? from, group?.endOffset ?? end, why)
    }
  }

  #add(opcode: number, offset: bigint): void {
    this.#offsets.set(opcode, (this.#offsets.get(opcode) ?? 0n) + offset)
  }
}
