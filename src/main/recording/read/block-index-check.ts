import type { Entry } from './block-entries'
import type { DamageList } from './damage'
import { FieldReader } from './field-reader'
import { RECORD, RECORD_HEAD_BYTES } from './record-shape'
import type { FoundRecord } from './record-scanner'

/** Of an entry: channel, number and two times, before its data. */
const ENTRY_FIELDS_BYTES = 22

type Block = FoundRecord & { readonly block: NonNullable<FoundRecord['block']> }

/**
 * Holds the index that stands behind each block against the entries in it, and the times in its head too. A file without
 * such indexes is right as well, but an index that stands there has to be.
 */
export class BlockIndexCheck {
  readonly #damage: DamageList
  #block: Block | null = null
  /** Times of the entries of the block by channel and place; made when the first index comes. */
  #places: Map<number, Map<number, bigint>> | null = null

  constructor(damage: DamageList) {
    this.#damage = damage
  }

  /** In the order of the file. */
  record(found: FoundRecord): void {
    if (found.opcode === RECORD.messageIndex) {
      this.#compare(found)
      return
    }
    this.end()
    const { block } = found
    if (block === undefined) return
    this.#block = { ...found, block }
    if (!hasTimesOf(found.content, block.entries)) {
      const headEnd = found.offset + RECORD_HEAD_BYTES + 16
      this.#damage.add(found.offset, headEnd, 'the times in the head of a block are not those of its entries')
    }
  }

  /** The index of the block cannot be read: there is damage where it may have been. */
  drop(): void {
    this.#block = null
    this.#places = null
  }

  /** Something else than an index comes: that of the block before is done. */
  end(): void {
    if (this.#block !== null && this.#places !== null && this.#places.size > 0) {
      const { offset, endOffset } = this.#block
      this.#damage.add(endOffset, endOffset, `the index of the block at byte ${offset} lacks a channel`)
    }
    this.drop()
  }

  #compare({ content, offset, endOffset }: FoundRecord): void {
    if (this.#block === null) {
      this.#damage.add(offset, endOffset, 'an index of entries stands behind no block')
      return
    }
    this.#places ??= placesOf(this.#block.block)
    const read = new FieldReader(content)
    const channelId = read.u16()
    const places = this.#places.get(channelId)
    this.#places.delete(channelId)
    const listEnd = read.u32() + read.at
    let left = places?.size ?? 0
    while (read.at < listEnd) {
      const timeNs = read.u64()
      if (places?.get(Number(read.u64())) !== timeNs) {
        left = -1
        break
      }
      left -= 1
    }
    if (left === 0) return
    const block = this.#block.offset
    this.#damage.add(offset, endOffset, `the index of the block at byte ${block} is not that of its entries`)
  }
}

function placesOf({ records, entries }: Block['block']): Map<number, Map<number, bigint>> {
  const channels = new Map<number, Map<number, bigint>>()
  for (const { channelId, timeNs, data } of entries) {
    const place = data.byteOffset - records.byteOffset - ENTRY_FIELDS_BYTES - RECORD_HEAD_BYTES
    const places = channels.get(channelId)
    if (places === undefined) channels.set(channelId, new Map([[place, timeNs]]))
    else places.set(place, timeNs)
  }
  return channels
}

function hasTimesOf(content: Uint8Array, entries: readonly Entry[]): boolean {
  if (entries.length === 0) return true
  let [first, last] = [entries[0]!.timeNs, entries[0]!.timeNs]
  for (const { timeNs } of entries) {
    if (timeNs < first) first = timeNs
    if (timeNs > last) last = timeNs
  }
  const read = new FieldReader(content)
  return read.u64() === first && read.u64() === last
}
