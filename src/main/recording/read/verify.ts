import { REDACTION_RECORD } from '../format/schemas'
import { type ByteSource, partOf } from './byte-source'
import type { Entry } from './block-entries'
import { BlockIndexCheck } from './block-index-check'
import { type Damage, DamageList } from './damage'
import { DataTally } from './data-tally'
import type { Decompress } from './plain-block'
import { type FoundRecord, scanRecording } from './record-scanner'
import { checkSummary, hasFooter } from './summary-check'

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
  /** Numbers of its first entry and its last; 0 without entries. */
  readonly firstNumber: number
  readonly lastNumber: number
  /** Entry numbers between the first and the last that are not there. */
  readonly lostMiddle: number
  /** An entry came before one with a smaller number. */
  readonly isOrdered: boolean
  /** The file was ended, with its index behind the data, and nothing in it is damaged. */
  readonly isWhole: boolean
  readonly session: ReadonlyMap<string, string> | null
  /** By which rules secrets were left out; null where nothing says so. */
  readonly redaction: ReadonlyMap<string, string> | null
}

/** Whether nothing of a file is missing or damaged. */
export const isSoundFile = ({ isWhole, damageCount, lostMiddle, isOrdered }: Verification): boolean =>
  isWhole && damageCount === 0 && lostMiddle === 0 && isOrdered

/**
 * Verifies each part of a recording. Entries that are missing between it and the one before count as its own.
 *
 * @param onEntry - Every entry that can be read, in order.
 */
export async function* verifyParts(
  source: ByteSource,
  decompress: Decompress,
  onEntry?: (entry: Entry) => void,
): AsyncGenerator<Verification> {
  let lastNumber = 0
  for (const index of source.starts.keys()) {
    const found = await verifyRecording(partOf(source, index), decompress, onEntry)
    const { firstNumber, lostMiddle } = found
    const lostBefore = lastNumber > 0 && firstNumber > 0 ? Math.max(0, firstNumber - lastNumber - 1) : 0
    const isAfter = firstNumber === 0 || firstNumber > lastNumber
    yield { ...found, lostMiddle: lostMiddle + lostBefore, isOrdered: found.isOrdered && isAfter }
    lastNumber = Math.max(lastNumber, found.lastNumber)
  }
}

/**
 * Reads one file of a recording to its end, compares every checksum, and holds each index against what it is the index of.
 *
 * @param onEntry - Every entry that can be read, in order.
 */
export async function verifyRecording(
  source: ByteSource,
  decompress: Decompress,
  onEntry: (entry: Entry) => void = () => undefined,
): Promise<Verification> {
  const damage = new DamageList()
  const tally = new DataTally()
  const blockIndexes = new BlockIndexCheck(damage)
  let [lostMiddle, firstNumber, lastNumber] = [0, 0, 0]
  let [isOrdered, isEnded, isDataSound] = [true, false, true]
  let session: ReadonlyMap<string, string> | null = null
  let redaction: ReadonlyMap<string, string> | null = null
  const onRecord = (record: FoundRecord): void => {
    tally.record(record)
    blockIndexes.record(record)
  }
  for await (const scanned of scanRecording(source, { decompress, onRecord })) {
    if (scanned.found === 'metadata' && scanned.name === 'session') session ??= scanned.values
    if (scanned.found === 'metadata' && scanned.name === REDACTION_RECORD) redaction ??= scanned.values
    if (scanned.found === 'damage') {
      isDataSound = false
      blockIndexes.drop()
      damage.add(scanned.offset, scanned.endOffset, scanned.why, 'left-out')
    }
    if (scanned.found === 'end') {
      blockIndexes.end()
      isEnded = scanned.isWhole
      const options = { source, dataEnd: scanned.offset, tally: isDataSound ? tally : null, damage }
      if (isEnded) await checkSummary(options)
      else if (await hasFooter(source)) damage.add(source.size - 8, source.size, 'the last 8 bytes are wrong')
    }
    if (scanned.found !== 'block') continue
    for (const entry of scanned.entries) {
      const { number } = entry
      if (lastNumber > 0 && number > lastNumber + 1) lostMiddle += number - lastNumber - 1
      if (number <= lastNumber) isOrdered = false
      if (firstNumber === 0) firstNumber = number
      lastNumber = number
      onEntry(entry)
    }
  }
  const { entries, blocks, firstNs, lastNs, perChannel } = tally
  return {
    entries,
    blocks,
    fileBytes: source.size,
    firstNs,
    lastNs,
    perChannel,
    damage: damage.places,
    damageCount: damage.count,
    firstNumber,
    lastNumber,
    lostMiddle,
    isOrdered,
    isWhole: isEnded && damage.count === 0,
    session,
    redaction,
  }
}
