import type { ByteSource } from './byte-source'
import type { Entry } from './block-entries'
import type { Decompress } from './plain-block'
import { scanRecording } from './record-scanner'

export interface Damage {
  /** Place in the file, in bytes. */
  readonly offset: number
  readonly byteCount: number
  readonly why: string
}

/** What is in a recording, and what is missing. */
export interface Verification {
  readonly entries: number
  readonly blocks: number
  readonly fileBytes: number
  readonly firstNs: bigint | null
  readonly lastNs: bigint | null
  /** Entries per channel number. */
  readonly perChannel: ReadonlyMap<number, number>
  /** At most `MAX_DAMAGE_KEPT`; `damageCount` counts all. */
  readonly damage: readonly Damage[]
  readonly damageCount: number
  /** Entry numbers between the first and the last that are not there. */
  readonly lostMiddle: number
  /** An entry came before one with a smaller number. */
  readonly isOrdered: boolean
  /** The file was ended: with its index behind the data. */
  readonly isWhole: boolean
  readonly session: ReadonlyMap<string, string> | null
}

export const MAX_DAMAGE_KEPT = 1000

/**
 * Reads a recording to its end and compares every checksum.
 *
 * @param onEntry - Every entry that can be read, in order.
 */
export async function verifyRecording(
  source: ByteSource,
  decompress: Decompress,
  onEntry: (entry: Entry) => void = () => undefined,
): Promise<Verification> {
  const perChannel = new Map<number, number>()
  const damage: Damage[] = []
  let [entries, blocks, damageCount, lostMiddle, lastNumber] = [0, 0, 0, 0, 0]
  let firstNs: bigint | null = null
  let lastNs: bigint | null = null
  let isOrdered = true
  let isWhole = false
  let session: ReadonlyMap<string, string> | null = null
  for await (const scanned of scanRecording(source, { decompress })) {
    if (scanned.found === 'metadata' && scanned.name === 'session') session ??= scanned.values
    if (scanned.found === 'end') isWhole = scanned.isWhole && damageCount === 0
    if (scanned.found === 'damage') {
      damageCount += 1
      const { offset, endOffset, why } = scanned
      if (damage.length < MAX_DAMAGE_KEPT) damage.push({ offset, byteCount: endOffset - offset, why })
    }
    if (scanned.found !== 'block') continue
    blocks += 1
    for (const entry of scanned.entries) {
      entries += 1
      perChannel.set(entry.channelId, (perChannel.get(entry.channelId) ?? 0) + 1)
      if (lastNumber > 0 && entry.number > lastNumber + 1) lostMiddle += entry.number - lastNumber - 1
      if (entry.number <= lastNumber) isOrdered = false
      lastNumber = entry.number
      if (firstNs === null || entry.timeNs < firstNs) firstNs = entry.timeNs
      if (lastNs === null || entry.timeNs > lastNs) lastNs = entry.timeNs
      onEntry(entry)
    }
  }
  const fileBytes = source.size
  return {
    entries,
    blocks,
    fileBytes,
    firstNs,
    lastNs,
    perChannel,
    damage,
    damageCount,
    lostMiddle,
    isOrdered,
    isWhole,
    session,
  }
}
