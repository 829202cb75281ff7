import { placeOfChannel } from '../format/channels'
import type { Entry } from '../read/block-entries'
import type { ByteSource } from '../read/byte-source'
import type { Decompress } from '../read/plain-block'
import { type Scanned, scanRecording } from '../read/record-scanner'
import { type EncoderOptions, McapEncoder } from './mcap-encoder'
import type { RecordingDisk, RecordingFile } from './recording-disk'

/** What a rewritten file is called until it is whole. */
export const DRAFT_EXTENSION = '.making'
/** Entries of one block, in bytes: enough to pack well, little enough to look up a moment. */
const BLOCK_BYTES = 256 * 1024

/** Writes a recording in one go: no clock, nothing is waited for but the disk. */
export class RecordingDraft {
  readonly #disk: RecordingDisk
  readonly #path: string
  readonly #file: RecordingFile
  readonly #encoder: McapEncoder

  private constructor(disk: RecordingDisk, path: string, file: RecordingFile, encoder: McapEncoder) {
    this.#disk = disk
    this.#path = path
    this.#file = file
    this.#encoder = encoder
  }

  /** @throws the system's error, `EEXIST` when the draft is there already. */
  static async create(disk: RecordingDisk, path: string, options: EncoderOptions): Promise<RecordingDraft> {
    const encoder = new McapEncoder(options)
    const draft = new RecordingDraft(disk, path, await disk.create(path + DRAFT_EXTENSION), encoder)
    try {
      await draft.#file.append(encoder.begin())
    } catch (error) {
      await draft.discard()
      throw error
    }
    return draft
  }

  /** Where it stands until it gets its name. */
  get draftPath(): string {
    return this.#path + DRAFT_EXTENSION
  }

  /** Takes an entry; a promise only when a block is full. The data is copied. */
  add(channelId: number, timeNs: bigint, data: Uint8Array, number?: number): Promise<void> | undefined {
    this.#encoder.add(channelId, timeNs, data, number)
    return this.#encoder.pendingBytes >= BLOCK_BYTES ? this.#flush() : undefined
  }

  async metadata(name: string, values: ReadonlyMap<string, string>): Promise<void> {
    await this.#flush()
    await this.#file.append(this.#encoder.metadata(name, values))
  }

  async attachment(name: string, mediaType: string, timeNs: bigint, data: Uint8Array): Promise<void> {
    await this.#flush()
    await this.#file.append(this.#encoder.attachment(name, mediaType, timeNs, data))
  }

  /** Makes the file whole and lasting; it has no name yet. */
  async finish(): Promise<void> {
    await this.#flush()
    await this.#file.append(this.#encoder.end())
    await this.#file.sync()
    await this.#file.close()
  }

  /** Gives the finished file its name. @throws the system's error when something has it already. */
  async publish(): Promise<void> {
    await this.#disk.publish(this.draftPath, this.#path)
  }

  /** Puts the finished file in the place of the one that has its name. */
  async replace(): Promise<void> {
    await this.#disk.replace(this.draftPath, this.#path)
  }

  /** Takes back what was written. Never fails. */
  async discard(): Promise<void> {
    await this.#file.close().catch(() => undefined)
    await this.#disk.remove(this.draftPath).catch(() => undefined)
  }

  async #flush(): Promise<void> {
    const block = this.#encoder.takeBlock()
    if (block !== null) await this.#file.append(block)
  }
}

export interface CopyOptions {
  readonly source: ByteSource
  readonly decompress: Decompress
  readonly draft: RecordingDraft
  readonly signal?: AbortSignal
  /** Of the bytes of the source. */
  readonly onProgress?: (doneBytes: number) => void
  /** Told of each entry that is copied. */
  readonly onEntry?: (entry: Entry) => void
}

export interface Copied {
  readonly entries: number
  readonly damagedBytes: number
  /** Why the first of the damaged places could not be read; empty when all could. */
  readonly firstProblem: string
  readonly isWhole: boolean
}

/**
 * Copies what can be read of a recording into a draft: entries with their numbers, times and bytes, metadata and attachments.
 *
 * @throws the reason of `signal` when that ends it.
 */
export async function copyRecording(options: CopyOptions): Promise<Copied> {
  const { source, decompress, draft, signal, onProgress, onEntry } = options
  let [entries, damagedBytes, firstProblem, isWhole] = [0, 0, '', false]
  for await (const scanned of scanRecording(source, { decompress })) {
    signal?.throwIfAborted()
    if (scanned.found === 'damage') {
      damagedBytes += scanned.endOffset - scanned.offset
      firstProblem ||= scanned.why
    }
    if (scanned.found === 'end') isWhole = scanned.isWhole
    if (scanned.found === 'metadata') await draft.metadata(scanned.name, scanned.values)
    if (scanned.found === 'attachment') await copyAttachment(draft, scanned)
    if (scanned.found !== 'block') continue
    for (const entry of scanned.entries) {
      if (placeOfChannel(entry.channelId) === undefined) continue
      onEntry?.(entry)
      entries += 1
      await draft.add(entry.channelId, entry.timeNs, entry.data, entry.number)
    }
    onProgress?.(scanned.endOffset)
  }
  return { entries, damagedBytes, firstProblem, isWhole: isWhole && damagedBytes === 0 }
}

const copyAttachment = (
  draft: RecordingDraft,
  { name, mediaType, timeNs, data }: Extract<Scanned, { readonly found: 'attachment' }>,
): Promise<void> => draft.attachment(name, mediaType, timeNs, data)
