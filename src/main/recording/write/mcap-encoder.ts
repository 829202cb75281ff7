import { crc32 } from 'node:zlib'
import {
  type Channel,
  type ChunkIndex,
  type MetadataIndex,
  McapRecordBuilder,
  type AttachmentIndex,
  type Schema,
  type SummaryOffset,
} from '@mcap/core'
import { encodingOf, placeOfChannel, topicOf } from '../format/channels'
import { type EntrySchema, schemaOf } from '../format/schemas'
import { BlockBuilder } from './block-builder'

/** Blocks after which the records of channels are repeated, so that damage in one place does not take their names away. */
const REPEAT_CHANNELS_AFTER_BYTES = 1024 * 1024

/** What a channel is called and how its entries are written. */
export interface ChannelFacts {
  readonly topic: string
  readonly encoding: string
  readonly schema: EntrySchema | undefined
}

export interface EncoderOptions {
  /** Who wrote it, for the header of the file. */
  readonly library: string
  /** Number of the first entry, for a part that goes on counting; left out: 1. */
  readonly firstEntry?: number
  /** For files that are no recordings: what their channels are. Left out: those of format/channels.ts. */
  readonly channelOf?: (channelId: number) => ChannelFacts | undefined
  /** Makes a block smaller; null when that is not worth it. Left out: blocks stay as they are. */
  readonly compress?: (
    block: Uint8Array,
  ) => { readonly compression: string; readonly bytes: Uint8Array } | null
  /** Where the bytes of a block are put; the encoder writes all of them, and forgets them. Left out: memory of their own. */
  readonly allocate?: (byteCount: number) => Uint8Array
}

/**
 * Turns entries into the bytes of an MCAP file, block by block: whatever was taken can be read, also when nothing follows
 * (the stock writer keeps what it has until a block is full). Pure: the caller writes the bytes, in order, and all of them.
 */
export class McapEncoder {
  readonly #options: EncoderOptions
  readonly #block = new BlockBuilder()
  readonly #records = new McapRecordBuilder()
  readonly #schemas = new Map<string, Schema>()
  readonly #channels = new Map<number, Channel>()
  /** Channels whose record stands in a block since they were repeated last. */
  readonly #introduced = new Set<number>()
  readonly #blockIndexes: ChunkIndex[] = []
  readonly #metadataIndexes: MetadataIndex[] = []
  readonly #attachmentIndexes: AttachmentIndex[] = []
  readonly #counts = new Map<number, bigint>()
  #sinceRepeatedBytes = 0
  #position = 0n
  #dataCrc = 0
  #entryCount = 0
  #lastNumber: number
  #firstNs = 0n
  #lastNs = 0n

  constructor(options: EncoderOptions) {
    this.#options = options
    this.#lastNumber = (options.firstEntry ?? 1) - 1
  }

  /** Bytes given out so far: the length of the file when all were written. */
  get position(): number {
    return Number(this.#position)
  }

  /** Number of the entry added last, 0 before the first. */
  get lastNumber(): number {
    return this.#lastNumber
  }

  /** Bytes of entries that no block was made of yet. */
  get pendingBytes(): number {
    return this.#block.byteLength
  }

  /** The beginning of the file. To be taken once, first. */
  begin(): Uint8Array {
    this.#records.writeMagic()
    this.#records.writeHeader({ profile: '', library: this.#options.library })
    return this.#takeData()
  }

  /**
   * Adds an entry to the open block. The data is copied.
   *
   * @param channelId - See format/channels.ts.
   * @param timeNs - Nanoseconds since 1970.
   * @param number - Its number, above all before it; left out: the next one, from 1.
   * @returns Its number.
   */
  add(channelId: number, timeNs: bigint, data: Uint8Array, number = this.#lastNumber + 1): number {
    this.#introduce(channelId)
    this.#lastNumber = number
    this.#entryCount += 1
    this.#block.addEntry(channelId, number >>> 0, timeNs, data)
    this.#counts.set(channelId, (this.#counts.get(channelId) ?? 0n) + 1n)
    if (this.#entryCount === 1 || timeNs < this.#firstNs) this.#firstNs = timeNs
    if (timeNs > this.#lastNs) this.#lastNs = timeNs
    return number
  }

  /** Closes the open block and gives its bytes with their index; null when there is nothing in it. */
  takeBlock(): Uint8Array | null {
    if (this.#block.entries === 0) return null
    const { records: plain, indexes, firstNs, lastNs } = this.#block
    const packed = this.#options.compress?.(plain) ?? null
    const records = packed?.bytes ?? plain
    const compression = packed?.compression ?? ''
    const chunkLength = BLOCK_HEAD_BYTES + compression.length + records.length
    const indexLength = indexes.reduce((sum, { recordBytes }) => sum + recordBytes, 0)
    const bytes = (this.#options.allocate ?? ownMemory)(chunkLength + indexLength)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    view.setUint8(0, OPCODE.block)
    view.setBigUint64(1, BigInt(chunkLength - RECORD_HEAD_BYTES), true)
    view.setBigUint64(9, firstNs, true)
    view.setBigUint64(17, lastNs, true)
    view.setBigUint64(25, BigInt(plain.length), true)
    view.setUint32(33, crc32(plain), true)
    view.setUint32(37, compression.length, true)
    new TextEncoder().encodeInto(compression, bytes.subarray(41))
    view.setBigUint64(41 + compression.length, BigInt(records.length), true)
    bytes.set(records, BLOCK_HEAD_BYTES + compression.length)
    const messageIndexOffsets = new Map<number, bigint>()
    let at = chunkLength
    for (const index of indexes) {
      messageIndexOffsets.set(index.channelId, this.#position + BigInt(at))
      index.write(view, at)
      at += index.recordBytes
    }
    this.#blockIndexes.push({
      messageStartTime: firstNs,
      messageEndTime: lastNs,
      chunkStartOffset: this.#position,
      chunkLength: BigInt(chunkLength),
      messageIndexOffsets,
      messageIndexLength: BigInt(indexLength),
      compression,
      compressedSize: BigInt(records.length),
      uncompressedSize: BigInt(plain.length),
    })
    this.#sinceRepeatedBytes += plain.length
    if (this.#sinceRepeatedBytes >= REPEAT_CHANNELS_AFTER_BYTES) {
      this.#sinceRepeatedBytes = 0
      this.#introduced.clear()
    }
    this.#block.reset()
    return this.#passed(bytes)
  }

  /** A record of names and values, between blocks: close the open block first if the order matters. */
  metadata(name: string, values: ReadonlyMap<string, string>): Uint8Array {
    const length = this.#records.writeMetadata({ name, metadata: new Map(values) })
    this.#metadataIndexes.push({ name, offset: this.#position, length })
    return this.#takeData()
  }

  /** A file within the file. */
  attachment(name: string, mediaType: string, timeNs: bigint, data: Uint8Array): Uint8Array {
    const attachment = { name, mediaType, logTime: timeNs, createTime: timeNs, data }
    const length = this.#records.writeAttachment(attachment)
    const place = { name, mediaType, logTime: timeNs, createTime: timeNs, dataSize: BigInt(data.length) }
    this.#attachmentIndexes.push({ ...place, offset: this.#position, length })
    return this.#takeData()
  }

  /** What stands behind the last block: the index of everything. The file is whole with it. Nothing may be added after. */
  end(): Uint8Array {
    if (this.#block.entries > 0) throw new Error('the open block must be taken first')
    this.#records.writeDataEnd({ dataSectionCrc: this.#dataCrc })
    const dataEnd = this.#take()
    const summaryStart = this.#position
    const offsets: SummaryOffset[] = []
    const group = (groupOpcode: number, write: () => void): void => {
      const from = this.#records.length
      write()
      const groupLength = BigInt(this.#records.length - from)
      if (groupLength > 0n) {
        offsets.push({ groupOpcode, groupStart: summaryStart + BigInt(from), groupLength })
      }
    }
    group(OPCODE.schema, () => this.#schemas.forEach((schema) => this.#records.writeSchema(schema)))
    group(OPCODE.channel, () => this.#channels.forEach((channel) => this.#records.writeChannel(channel)))
    group(OPCODE.statistics, () => this.#writeStatistics())
    group(OPCODE.metadataIndex, () =>
      this.#metadataIndexes.forEach((index) => this.#records.writeMetadataIndex(index)),
    )
    group(OPCODE.attachmentIndex, () =>
      this.#attachmentIndexes.forEach((index) => this.#records.writeAttachmentIndex(index)),
    )
    group(OPCODE.chunkIndex, () =>
      this.#blockIndexes.forEach((index) => this.#records.writeChunkIndex(index)),
    )
    const summaryOffsetStart = summaryStart + BigInt(this.#records.length)
    for (const offset of offsets) this.#records.writeSummaryOffset(offset)
    const summary = this.#records.buffer
    const footer = footerHead(summaryStart, summaryOffsetStart)
    const summaryCrc = crc32(footer, crc32(summary))
    this.#records.writeFooter({ summaryStart, summaryOffsetStart, summaryCrc })
    this.#records.writeMagic()
    return Buffer.concat([dataEnd, this.#take()])
  }

  #introduce(channelId: number): void {
    if (this.#introduced.has(channelId)) return
    this.#introduced.add(channelId)
    const known = this.#channels.get(channelId) ?? this.#makeChannel(channelId)
    for (const schema of this.#schemas.values()) {
      if (schema.id === known.schemaId) this.#records.writeSchema(schema)
    }
    this.#records.writeChannel(known)
    this.#block.addRecord(this.#records.buffer)
    this.#records.reset()
  }

  #makeChannel(channelId: number): Channel {
    const facts = (this.#options.channelOf ?? recordedChannel)(channelId)
    if (facts === undefined) throw new RangeError(`there is no channel ${channelId}`)
    const channel = {
      id: channelId,
      schemaId: this.#schemaId(facts.schema),
      topic: facts.topic,
      messageEncoding: facts.encoding,
      metadata: new Map<string, string>(),
    }
    this.#channels.set(channelId, channel)
    return channel
  }

  /** 0, which means none in MCAP, for bytes. */
  #schemaId(schema: EntrySchema | undefined): number {
    if (schema === undefined) return 0
    const known = this.#schemas.get(schema.name)
    if (known !== undefined) return known.id
    const id = this.#schemas.size + 1
    const data = new TextEncoder().encode(schema.text)
    this.#schemas.set(schema.name, { id, name: schema.name, encoding: 'jsonschema', data })
    return id
  }

  #writeStatistics(): void {
    this.#records.writeStatistics({
      messageCount: BigInt(this.#entryCount),
      schemaCount: this.#schemas.size,
      channelCount: this.#channels.size,
      attachmentCount: this.#attachmentIndexes.length,
      metadataCount: this.#metadataIndexes.length,
      chunkCount: this.#blockIndexes.length,
      messageStartTime: this.#firstNs,
      messageEndTime: this.#lastNs,
      channelMessageCounts: this.#counts,
    })
  }

  #takeData(): Uint8Array {
    const bytes = this.#records.buffer
    this.#records.reset()
    return this.#passed(bytes)
  }

  /** Bytes of the data section, which has a checksum of its own. */
  #passed(bytes: Uint8Array): Uint8Array {
    this.#dataCrc = crc32(bytes, this.#dataCrc)
    this.#position += BigInt(bytes.length)
    return bytes
  }

  #take(): Uint8Array {
    const bytes = this.#records.buffer
    this.#records.reset()
    this.#position += BigInt(bytes.length)
    return bytes
  }
}

function recordedChannel(channelId: number): ChannelFacts | undefined {
  const place = placeOfChannel(channelId)
  if (place === undefined) return undefined
  return { topic: topicOf(place), encoding: encodingOf(place.name), schema: schemaOf(place.name) }
}

const ownMemory = (byteCount: number): Uint8Array => new Uint8Array(byteCount)

const RECORD_HEAD_BYTES = 9
/** Up to the records, without the name of the compression. */
const BLOCK_HEAD_BYTES = RECORD_HEAD_BYTES + 40

const OPCODE = {
  block: 0x06,
  schema: 0x03,
  channel: 0x04,
  chunkIndex: 0x08,
  attachmentIndex: 0x0a,
  statistics: 0x0b,
  metadataIndex: 0x0d,
} as const

/** The footer up to its checksum, which is part of what the checksum is made of. */
function footerHead(summaryStart: bigint, summaryOffsetStart: bigint): Uint8Array {
  const view = new DataView(new ArrayBuffer(25))
  view.setUint8(0, 0x02)
  view.setBigUint64(1, 20n, true)
  view.setBigUint64(9, summaryStart, true)
  view.setBigUint64(17, summaryOffsetStart, true)
  return new Uint8Array(view.buffer)
}
