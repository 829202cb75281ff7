/** One entry of a recording. */
export interface Entry {
  readonly channelId: number
  /** Its number within the recording, from 1; entries of a file cut in parts go on counting. */
  readonly number: number
  /** Nanoseconds since 1970. */
  readonly timeNs: bigint
  /** Borrowed from the block. */
  readonly data: Uint8Array
}

const MESSAGE = 0x05
const RECORD_HEAD_BYTES = 9
const MESSAGE_HEAD_BYTES = 22

/**
 * The entries within the records of a block, in order. Records that introduce schemas and channels are passed over: what a
 * channel is follows from its number (format/channels.ts).
 *
 * @throws RangeError when lengths do not fit.
 */
export function entriesOf(records: Uint8Array): Entry[] {
  const view = new DataView(records.buffer, records.byteOffset, records.length)
  const entries: Entry[] = []
  let at = 0
  while (at < records.length) {
    if (at + RECORD_HEAD_BYTES > records.length) throw new RangeError('a block ends within a record')
    const length = Number(view.getBigUint64(at + 1, true))
    const from = at + RECORD_HEAD_BYTES
    const end = from + length
    if (end > records.length) throw new RangeError('a block ends within a record')
    if (records[at] === MESSAGE) {
      if (length < MESSAGE_HEAD_BYTES) throw new RangeError('an entry is too short')
      entries.push({
        channelId: view.getUint16(from, true),
        number: view.getUint32(from + 2, true),
        timeNs: view.getBigUint64(from + 6, true),
        data: records.subarray(from + MESSAGE_HEAD_BYTES, end),
      })
    }
    at = end
  }
  return entries
}
