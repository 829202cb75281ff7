import { FieldReader } from './field-reader'

/** Kinds of records of an MCAP file. */
export const RECORD = {
  header: 0x01,
  footer: 0x02,
  schema: 0x03,
  channel: 0x04,
  message: 0x05,
  block: 0x06,
  messageIndex: 0x07,
  blockIndex: 0x08,
  attachment: 0x09,
  attachmentIndex: 0x0a,
  statistics: 0x0b,
  metadata: 0x0c,
  metadataIndex: 0x0d,
  summaryOffset: 0x0e,
  dataEnd: 0x0f,
} as const

export const MAGIC = [0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a] as const
/** A kind and a length. */
export const RECORD_HEAD_BYTES = 9
/** Of one entry in a message index: time and place. */
const INDEXED_BYTES = 16

/**
 * Compares the length of a record that has no checksum with the lengths within it: one that claims to be longer than it is
 * would hide what stands behind it.
 *
 * @throws RangeError when they do not agree.
 */
export function checkShape(opcode: number, content: Uint8Array): void {
  const read = new FieldReader(content)
  switch (opcode) {
    case RECORD.header:
      read.text()
      read.text()
      break
    case RECORD.schema:
      read.u16()
      read.text()
      read.text()
      read.bytes(read.u32())
      break
    case RECORD.channel:
      read.u16()
      read.u16()
      read.text()
      read.text()
      read.map()
      break
    case RECORD.messageIndex: {
      read.u16()
      const listBytes = read.u32()
      if (listBytes % INDEXED_BYTES > 0) throw new RangeError('an index has a part of an entry')
      read.bytes(listBytes)
      break
    }
    default:
      return
  }
  if (!read.isAtEnd) throw new RangeError('a record claims to be longer than what is in it')
}
