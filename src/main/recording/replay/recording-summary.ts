import { type ByteSource, partOf } from '../read/byte-source'
import { FieldReader } from '../read/field-reader'

/** What the index at the end of a recording claims. It shows the length before the file is read, and nothing else hangs on it. */
export interface RecordingSummary {
  readonly firstNs: bigint
  readonly lastNs: bigint
}

const MAGIC_BYTES = 8
const RECORD_HEAD_BYTES = 9
const FOOTER_BYTES = RECORD_HEAD_BYTES + 20
const MOST_SUMMARY_BYTES = 64 * 1024 * 1024
const OPCODE = { footer: 0x02, blockIndex: 0x08 } as const

/** Of all parts that have an index. Undefined where there is none, or it makes no sense. */
export async function readSummary(source: ByteSource): Promise<RecordingSummary | undefined> {
  let all: RecordingSummary | undefined
  for (const index of source.starts.keys()) {
    const part = await summaryOf(partOf(source, index))
    if (part === undefined) continue
    all = {
      firstNs: all === undefined || part.firstNs < all.firstNs ? part.firstNs : all.firstNs,
      lastNs: all === undefined || part.lastNs > all.lastNs ? part.lastNs : all.lastNs,
    }
  }
  return all
}

async function summaryOf(source: ByteSource): Promise<RecordingSummary | undefined> {
  try {
    const end = source.size - MAGIC_BYTES
    const footer = await source.read(end - FOOTER_BYTES, FOOTER_BYTES)
    if (footer.length < FOOTER_BYTES || footer[0] !== OPCODE.footer) return undefined
    const start = Number(new FieldReader(footer.subarray(RECORD_HEAD_BYTES)).u64())
    const length = end - FOOTER_BYTES - start
    if (start < MAGIC_BYTES || length <= 0 || length > MOST_SUMMARY_BYTES) return undefined
    return blocksOf(await source.read(start, length))
  } catch {
    return undefined
  }
}

/** @throws RangeError when lengths do not fit. */
function blocksOf(summary: Uint8Array): RecordingSummary | undefined {
  const view = new DataView(summary.buffer, summary.byteOffset, summary.length)
  let [firstNs, lastNs]: [bigint | null, bigint] = [null, 0n]
  for (let at = 0; at + RECORD_HEAD_BYTES <= summary.length; ) {
    const length = Number(view.getBigUint64(at + 1, true))
    const content = summary.subarray(at + RECORD_HEAD_BYTES, at + RECORD_HEAD_BYTES + length)
    if (content.length < length) return undefined
    if (summary[at] === OPCODE.blockIndex) {
      const read = new FieldReader(content)
      const [fromNs, toNs] = [read.u64(), read.u64()]
      if (firstNs === null || fromNs < firstNs) firstNs = fromNs
      if (toNs > lastNs) lastNs = toNs
    }
    at += RECORD_HEAD_BYTES + length
  }
  return firstNs === null ? undefined : { firstNs, lastNs }
}
