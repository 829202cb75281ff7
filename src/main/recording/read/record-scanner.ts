import { crc32 } from 'node:zlib'
import { type ByteSource, partOf } from './byte-source'
import { FieldReader } from './field-reader'
import { type Entry, entriesOf } from './block-entries'
import { type Decompress, plainBlock } from './plain-block'
import { checkShape, MAGIC, RECORD, RECORD_HEAD_BYTES } from './record-shape'

/** A record of a recording, as the scanner found it; and what it could not make sense of. */
export type Scanned =
  | {
      readonly found: 'block'
      readonly offset: number
      readonly endOffset: number
      readonly entries: readonly Entry[]
    }
  | {
      readonly found: 'metadata'
      readonly offset: number
      readonly name: string
      readonly values: ReadonlyMap<string, string>
    }
  | {
      readonly found: 'attachment'
      readonly offset: number
      readonly name: string
      readonly mediaType: string
      readonly timeNs: bigint
      readonly data: Uint8Array
    }
  /** Bytes that are no record, or one with a wrong checksum. */
  | { readonly found: 'damage'; readonly offset: number; readonly endOffset: number; readonly why: string }
  /** The end of the data: what follows is the index. `isWhole` when that ends as a finished file does. */
  | { readonly found: 'end'; readonly offset: number; readonly isWhole: boolean }

/** Opcode and length of a block, its times, sizes, checksum, no name of a compression, length of its records. */
const BLOCK_HEAD_BYTES = RECORD_HEAD_BYTES + 8 + 8 + 8 + 4 + 4 + 8
/** A length in a file is a claim. Ours stay far below these. */
export const MAX_BLOCK_BYTES = 64 * 1024 * 1024
export const MAX_ATTACHMENT_BYTES = 256 * 1024 * 1024
const SEARCH_BYTES = 1024 * 1024
const LONGEST_COMPRESSION_NAME = 8
/**
 * What is read in vain while a block is searched for, in lengths of the file: bytes may look like any number of blocks that
 * reach to its end. Beyond, what such a block claims is passed over as a whole.
 */
const MOST_IN_VAIN = 4
const FREE_IN_VAIN_BYTES = 256 * 1024 * 1024

/** A record that stands before the end of the data, as it is in the file. Borrowed. */
export interface FoundRecord {
  readonly opcode: number
  readonly offset: number
  readonly endOffset: number
  /** Kind and length. */
  readonly head: Uint8Array
  readonly content: Uint8Array
  /** Of a block: the records within it, unpacked, and its entries. */
  readonly block?: { readonly records: Uint8Array; readonly entries: readonly Entry[] }
}

export interface ScanOptions {
  readonly decompress: Decompress
  /** Where a record begins; default: the beginning of the file. */
  readonly fromOffset?: number
  /** Told of each record before what was found in it is given, with places in its own file. */
  readonly onRecord?: (record: FoundRecord) => void
}

/**
 * Reads a recording from its beginning to its end without its index, whatever state it is in: cut off anywhere, with bytes
 * that are not what was written, or whole. A block is given when its checksum holds, and never in part. After damage the
 * next block is searched for. Memory is bounded by one block and one attachment. Of a recording in parts each is read so,
 * one after another.
 */
export async function* scanRecording(source: ByteSource, options: ScanOptions): AsyncGenerator<Scanned> {
  const { fromOffset = 0 } = options
  for (const [index, start] of source.starts.entries()) {
    const end = source.starts[index + 1] ?? source.size
    if (end <= fromOffset) continue
    const within = { ...options, fromOffset: Math.max(0, fromOffset - start) }
    if (source.starts.length === 1) yield* scanFile(source, within)
    else for await (const scanned of scanFile(partOf(source, index), within)) yield movedBy(start, scanned)
  }
}

const movedBy = (start: number, scanned: Scanned): Scanned =>
  'endOffset' in scanned
    ? { ...scanned, offset: scanned.offset + start, endOffset: scanned.endOffset + start }
    : { ...scanned, offset: scanned.offset + start }

async function* scanFile(source: ByteSource, options: ScanOptions): AsyncGenerator<Scanned> {
  let offset = options.fromOffset ?? 0
  const magic = await source.read(0, MAGIC.length)
  if (offset > 0) {
    // somebody was here before
  } else if (MAGIC.every((byte, at) => magic[at] === byte)) offset = MAGIC.length
  else if (source.size > 0) {
    offset = await nextBlock(source, 0)
    yield {
      found: 'damage',
      offset: 0,
      endOffset: offset,
      why: 'the file does not begin as a recording does',
    }
  }
  let inVainBytes = 0
  while (offset < source.size) {
    const record = await readRecord(source, offset, options)
    if (record === 'end') {
      yield { found: 'end', offset, isWhole: await endsWhole(source) }
      return
    }
    if ('why' in record) {
      inVainBytes += record.claimedBytes
      const isOften = inVainBytes > source.size * MOST_IN_VAIN + FREE_IN_VAIN_BYTES
      const next = await nextBlock(source, offset + Math.max(1, isOften ? record.claimedBytes : 1))
      yield { found: 'damage', offset, endOffset: next, why: record.why }
      offset = next
      continue
    }
    if (record.scanned !== null) yield record.scanned
    offset = record.endOffset
  }
}

interface ReadRecord {
  readonly endOffset: number
  readonly scanned: Scanned | null
}

interface NoRecord {
  readonly why: string
  /** What was read of it. */
  readonly claimedBytes: number
}

/** The record at an offset; why it is none; or that the data ends here. */
async function readRecord(
  source: ByteSource,
  offset: number,
  { decompress, onRecord }: ScanOptions,
): Promise<ReadRecord | NoRecord | 'end'> {
  const no = (why: string, claimedBytes = 0): NoRecord => ({ why, claimedBytes })
  const head = await source.read(offset, RECORD_HEAD_BYTES)
  if (head.length < RECORD_HEAD_BYTES) return no('the file ends within a record')
  const opcode = head[0]!
  const length = Number(new DataView(head.buffer, head.byteOffset).getBigUint64(1, true))
  const endOffset = offset + RECORD_HEAD_BYTES + length
  if (opcode === RECORD.dataEnd) return length === 4 ? 'end' : no('a record has a wrong length')
  if (!(opcode in MOST_BYTES)) return no(`there is no record of kind ${opcode}`)
  if (length > MOST_BYTES[opcode as keyof typeof MOST_BYTES])
    return no(`a record claims to have ${length} bytes`)
  if (endOffset > source.size) return no('the file ends within a record')
  const content = await source.read(offset + RECORD_HEAD_BYTES, length)
  if (content.length < length) return no('the file ends within a record')
  try {
    const found = { opcode, offset, endOffset, head, content }
    if (opcode === RECORD.block) {
      const records = plainBlock(new FieldReader(content), decompress)
      const entries = entriesOf(records)
      onRecord?.({ ...found, block: { records, entries } })
      return { endOffset, scanned: { found: 'block', offset, endOffset, entries } }
    }
    const scanned = sideRecord(opcode, offset, content)
    onRecord?.(found)
    return { endOffset, scanned }
  } catch (error) {
    return no(error instanceof Error ? error.message : String(error), length)
  }
}

/** @throws RangeError when its lengths do not agree, or a checksum does not. */
function sideRecord(opcode: number, offset: number, content: Uint8Array): Scanned | null {
  const read = new FieldReader(content)
  if (opcode === RECORD.attachment) return attachmentAt(offset, read, content)
  if (opcode !== RECORD.metadata) {
    checkShape(opcode, content)
    return null
  }
  const metadata = { found: 'metadata', offset, name: read.text(), values: read.map() } as const
  if (!read.isAtEnd) throw new RangeError('a record claims to be longer than what is in it')
  return metadata
}

function attachmentAt(offset: number, read: FieldReader, content: Uint8Array): Scanned {
  const timeNs = read.u64()
  read.u64()
  const name = read.text()
  const mediaType = read.text()
  const data = read.bytes(Number(read.u64()))
  const crc = read.u32()
  if (crc !== 0 && crc32(content.subarray(0, content.length - 4)) !== crc) {
    throw new RangeError('an attachment is not what was written')
  }
  return { found: 'attachment', offset, name, mediaType, timeNs, data }
}

/** Where the next block may begin, or the end of the file: lengths within its head must agree with each other. */
async function nextBlock(source: ByteSource, from: number): Promise<number> {
  for (let at = from; at < source.size; at += SEARCH_BYTES) {
    const bytes = await source.read(at, SEARCH_BYTES + BLOCK_HEAD_BYTES + LONGEST_COMPRESSION_NAME)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const end = Math.min(SEARCH_BYTES, bytes.length)
    for (
      let index = bytes.indexOf(RECORD.block);
      index !== -1 && index < end;
      index = bytes.indexOf(RECORD.block, index + 1)
    ) {
      if (looksLikeBlock(view, index, source.size - at - index)) return at + index
    }
  }
  return source.size
}

function looksLikeBlock(view: DataView, at: number, bytesLeft: number): boolean {
  if (at + BLOCK_HEAD_BYTES > view.byteLength) return false
  const length = view.getBigUint64(at + 1, true)
  if (length > BigInt(Math.min(MAX_BLOCK_BYTES, bytesLeft))) return false
  const nameBytes = view.getUint32(at + 37, true)
  if (nameBytes > LONGEST_COMPRESSION_NAME || at + BLOCK_HEAD_BYTES + nameBytes > view.byteLength)
    return false
  const recordBytes = view.getBigUint64(at + 41 + nameBytes, true)
  return recordBytes + BigInt(BLOCK_HEAD_BYTES - RECORD_HEAD_BYTES + nameBytes) === length
}

async function endsWhole(source: ByteSource): Promise<boolean> {
  const tail = await source.read(source.size - MAGIC.length, MAGIC.length)
  return MAGIC.every((byte, at) => tail[at] === byte)
}

/** Kinds of records before the end of the data, with the most that one may have. */
const MOST_BYTES = {
  [RECORD.header]: 64 * 1024,
  [RECORD.schema]: 1024 * 1024,
  [RECORD.channel]: 1024 * 1024,
  [RECORD.block]: MAX_BLOCK_BYTES,
  [RECORD.messageIndex]: MAX_BLOCK_BYTES,
  [RECORD.attachment]: MAX_ATTACHMENT_BYTES,
  [RECORD.metadata]: 1024 * 1024,
} as const
