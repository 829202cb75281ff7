import { ConsoleError, type ErrorCode } from '../../../shared/errors'
import type { Clock } from '../../../shared/model/clock'
import { isDerived, placeOfChannel, sessionChannelId } from '../format/channels'
import { BlockBuffers } from './block-buffers'
import { ENTRY_HEAD_BYTES } from './block-builder'
import { type EncoderOptions, McapEncoder } from './mcap-encoder'
import type { RecordingDisk, RecordingFile } from './recording-disk'

/** How much may be lost by what (recording-formats study §4): a crash 250 ms, a power cut one second more. */
export const FLUSH_BYTES = 64 * 1024
export const FLUSH_MS = 250
export const SYNC_MS = 1000

export interface WriterLimits {
  /** Bytes that wait for the disk from which on nothing is kept that can be derived again. */
  readonly queuedBytes: number
  /** Bytes that wait from which on nothing is kept at all until half of them is written. The gap is recorded. */
  readonly mostQueuedBytes: number
}

export const DEFAULT_WRITER_LIMITS: WriterLimits = {
  queuedBytes: 16 * 1024 * 1024,
  mostQueuedBytes: 32 * 1024 * 1024,
}

export interface WriterOptions {
  readonly disk: RecordingDisk
  readonly clock: Clock
  /** Where the recording will stand; while it grows it has `.part` at its end. */
  readonly path: string
  readonly encoder: EncoderOptions
  /** Written behind the header, so that a part without an end says what it is. */
  readonly session: ReadonlyMap<string, string>
  /** Further records of metadata, by their names. */
  readonly told?: ReadonlyMap<string, ReadonlyMap<string, string>>
  readonly limits?: WriterLimits
  /** Every entry up to this number is on the medium. */
  readonly onDurable?: (entry: number) => void
  /** Writing has ended for good; the file can be read up to what was told to be durable. */
  readonly onFailure?: (problem: ConsoleError) => void
}

export interface WriterCounts {
  readonly entries: number
  readonly durableEntries: number
  readonly fileBytes: number
  readonly queuedBytes: number
  /** Places where entries are missing that cannot be derived again. */
  readonly gaps: number
  /** Left out because the disk was slow: what can be derived again, and what cannot; of it, the bytes of a line. */
  readonly droppedDerived: number
  readonly droppedEntries: number
  readonly droppedBytes: number
}

/** What is to be written next; or, in its turn, that what was written before is to be on the medium. */
type Order = Block | 'sync'

interface Block {
  readonly bytes: Uint8Array
  readonly lastEntry: number
}

/** What is handed to the disk at once; it stays in memory until all of it was written. */
const MOST_BYTES_AT_ONCE = 4 * 1024 * 1024
const MOST_BLOCKS_AT_ONCE = 256

export const PART_EXTENSION = '.part'
const MOST_NAMES = 1000

/** `a.mcap` -> `a (2).mcap`; parts of one recording are `a-2.mcap`. */
const besides = (path: string, turn: number): string => path.replace(/(\.[^./\\]*)?$/, ` (${turn})$1`)

/**
 * Writes one recording. Entries are taken at once and without waiting; the disk is written behind them, one operation at a
 * time. What the disk refuses ends the recording with a problem, and what it cannot take in time is counted and recorded as
 * a gap: raw bytes are the last to go.
 */
export class RecordingWriter {
  readonly #options: WriterOptions
  readonly #limits: WriterLimits
  readonly #encoder: McapEncoder
  readonly #orders: Order[] = []
  readonly #buffers = new BlockBuffers()
  #file: RecordingFile | undefined
  #queuedBytes = 0
  #writtenEntry = 0
  #durableEntry = 0
  #fileBytes = 0
  #path: string
  #gaps = 0
  #droppedDerived = 0
  #droppedEntries = 0
  #droppedBytes = 0
  /** What was dropped since the gap was recorded last. */
  #gap = { entries: 0, bytes: 0 }
  #lastNs = 0n
  #isFlooded = false
  #isEnding = false
  #problem: ConsoleError | null = null
  #work: Promise<void>
  #isWorking = false
  #cancelFlush: (() => void) | undefined
  #cancelSync: (() => void) | undefined

  constructor(options: WriterOptions) {
    this.#options = options
    this.#path = options.path
    this.#limits = options.limits ?? DEFAULT_WRITER_LIMITS
    this.#encoder = new McapEncoder({ ...options.encoder, allocate: (count) => this.#buffers.take(count) })
    this.#push(this.#encoder.begin())
    this.#push(this.#encoder.metadata('session', options.session))
    for (const [name, values] of options.told ?? []) this.#push(this.#encoder.metadata(name, values))
    this.#work = this.#pump()
  }

  /** Why nothing is written any more; null while all is well. */
  get problem(): ConsoleError | null {
    return this.#problem
  }

  /** Where the recording will stand: as asked for, or beside it where that name is taken. */
  get path(): string {
    return this.#path
  }

  get counts(): WriterCounts {
    return {
      entries: this.#encoder.lastNumber,
      durableEntries: this.#durableEntry,
      fileBytes: this.#fileBytes,
      queuedBytes: this.#queuedBytes + this.#encoder.pendingBytes,
      gaps: this.#gaps,
      droppedDerived: this.#droppedDerived,
      droppedEntries: this.#droppedEntries,
      droppedBytes: this.#droppedBytes,
    }
  }

  /**
   * Takes an entry; its data is copied at once.
   *
   * @param timeNs - Nanoseconds since 1970.
   * @returns Its number, or 0 when it was dropped (and counted), or when the writing has ended.
   */
  add(channelId: number, timeNs: bigint, data: Uint8Array): number {
    if (this.#isEnding || this.#problem !== null) return 0
    if (!this.#hasRoom(channelId, data.length)) return 0
    if (this.#gap.entries > 0) this.#recordGap(timeNs)
    this.#lastNs = timeNs
    const entry = this.#encoder.add(channelId, timeNs, data)
    if (this.#encoder.pendingBytes >= FLUSH_BYTES) this.flush()
    else this.#cancelFlush ??= this.#after(FLUSH_MS, () => this.flush())
    return entry
  }

  /** Hands what there is to the disk now. */
  flush(): void {
    this.#cancelFlush?.()
    this.#cancelFlush = undefined
    const bytes = this.#encoder.takeBlock()
    if (bytes === null) return
    this.#push(bytes)
    this.#cancelSync ??= this.#after(SYNC_MS, () => this.#syncSoon())
    this.#begin()
  }

  /** Hands what there is to the medium now: before something may go wrong, such as a device that was pulled. */
  sync(): void {
    this.flush()
    this.#syncSoon()
  }

  /** A file within the file, such as notes. It takes its place behind what was added before. */
  attach(name: string, mediaType: string, timeNs: bigint, data: Uint8Array): void {
    if (this.#isEnding || this.#problem !== null) return
    this.flush()
    this.#push(this.#encoder.attachment(name, mediaType, timeNs, data))
    this.#begin()
  }

  /**
   * Ends the recording and gives the file its name.
   *
   * @throws ConsoleError `RECORDING_DISK_FULL`, `RECORDING_WRITE_FAILED`: the part stays, with everything that was durable.
   */
  async end(): Promise<string> {
    if (this.#gap.entries > 0) this.#recordGap(this.#lastNs)
    this.flush()
    this.#isEnding = true
    this.#stopTimers()
    if (this.#problem === null) {
      this.#push(this.#encoder.end())
      this.#orders.push('sync')
      this.#begin()
    }
    await this.#work
    if (this.#problem !== null) throw this.#problem
    try {
      await this.#file?.close()
      await this.#withFreeName((path) => this.#options.disk.publish(this.#path + PART_EXTENSION, path))
    } catch (cause) {
      throw this.#failed(cause)
    }
    return this.#path
  }

  #hasRoom(channelId: number, bytes: number): boolean {
    const queued = this.#queuedBytes + this.#encoder.pendingBytes
    if (this.#isFlooded && queued <= this.#limits.mostQueuedBytes / 2) this.#isFlooded = false
    const name = placeOfChannel(channelId)?.name
    const isRaw = name === undefined || !isDerived(name)
    const isOver = queued + bytes + ENTRY_HEAD_BYTES > this.#limits.mostQueuedBytes
    if (isRaw && (this.#isFlooded || isOver)) {
      const lineBytes = name === 'rx' || name === 'tx' ? bytes : 0
      this.#isFlooded = true
      this.#droppedEntries += 1
      this.#droppedBytes += lineBytes
      if (this.#gap.entries === 0) this.#gaps += 1
      this.#gap = { entries: this.#gap.entries + 1, bytes: this.#gap.bytes + lineBytes }
      return false
    }
    if (isRaw || (queued <= this.#limits.queuedBytes && !this.#isFlooded && !isOver)) return true
    this.#droppedDerived += 1
    return false
  }

  #recordGap(timeNs: bigint): void {
    const gap = { reason: 'the disk was too slow', ...this.#gap }
    this.#gap = { entries: 0, bytes: 0 }
    this.#encoder.add(sessionChannelId('gap'), timeNs, new TextEncoder().encode(JSON.stringify(gap)))
  }

  #push(bytes: Uint8Array): void {
    this.#orders.push({ bytes, lastEntry: this.#encoder.lastNumber })
    this.#queuedBytes += bytes.length
  }

  #syncSoon(): void {
    this.#cancelSync?.()
    this.#cancelSync = undefined
    this.#orders.push('sync')
    this.#begin()
  }

  #begin(): void {
    if (this.#isWorking || this.#problem !== null) return
    this.#work = this.#pump()
  }

  /** Writes what waits, in order, and syncs when that is due. Never fails: a failure is the problem of the recording. */
  async #pump(): Promise<void> {
    this.#isWorking = true
    try {
      this.#file ??= await this.#withFreeName((path) => this.#options.disk.create(path + PART_EXTENSION))
      for (let order = this.#orders.shift(); order !== undefined; order = this.#orders.shift()) {
        if (order === 'sync') {
          await this.#makeDurable(this.#file)
          continue
        }
        await this.#write(this.#file, [order, ...this.#blocksThatFollow()])
      }
    } catch (cause) {
      this.#failed(cause)
      await this.#file?.close().catch(() => undefined)
    }
    this.#isWorking = false
  }

  /** They are written with the one before: a busy program comes to the disk seldom. */
  #blocksThatFollow(): Block[] {
    let end = 0
    for (let bytes = 0; end < MOST_BLOCKS_AT_ONCE && bytes < MOST_BYTES_AT_ONCE; end++) {
      const order = this.#orders[end]
      if (order === undefined || order === 'sync') break
      bytes += order.bytes.length
    }
    return this.#orders.splice(0, end) as Block[]
  }

  async #write(file: RecordingFile, blocks: readonly Block[]): Promise<void> {
    await file.append(...blocks.map(({ bytes }) => bytes))
    for (const { bytes, lastEntry } of blocks) {
      this.#queuedBytes -= bytes.length
      this.#fileBytes += bytes.length
      this.#writtenEntry = lastEntry
      this.#buffers.giveBack(bytes)
    }
  }

  /** A name that somebody took meanwhile is no reason to lose a recording: it gets the next one. */
  async #withFreeName<T>(act: (path: string) => Promise<T>): Promise<T> {
    for (let turn = 1; ; turn++) {
      const path = turn === 1 ? this.#path : besides(this.#options.path, turn)
      try {
        const done = await act(path)
        this.#path = path
        return done
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'EEXIST' || turn === MOST_NAMES) throw cause
      }
    }
  }

  async #makeDurable(file: RecordingFile): Promise<void> {
    const entry = this.#writtenEntry
    await file.sync()
    this.#buffers.tidy()
    if (entry <= this.#durableEntry) return
    this.#durableEntry = entry
    this.#options.onDurable?.(entry)
  }

  #failed(cause: unknown): ConsoleError {
    this.#stopTimers()
    this.#orders.length = 0
    this.#queuedBytes = 0
    const { onFailure } = this.#options
    const path = this.#path
    const code = failureCode(cause)
    const words = code === 'RECORDING_DISK_FULL' ? 'the disk is full' : 'the disk refused it'
    const detail = cause instanceof Error ? `: ${cause.message}` : ''
    this.#problem = new ConsoleError(code, `recording to ${path} ended, ${words}${detail}`, {}, { cause })
    onFailure?.(this.#problem)
    return this.#problem
  }

  #after(delayMs: number, then: () => void): () => void {
    const { clock } = this.#options
    return clock.schedule(clock.nowMs() + delayMs, then)
  }

  #stopTimers(): void {
    this.#cancelFlush?.()
    this.#cancelSync?.()
    this.#cancelFlush = undefined
    this.#cancelSync = undefined
  }
}

function failureCode(cause: unknown): ErrorCode {
  const code = (cause as NodeJS.ErrnoException).code
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'RECORDING_DISK_FULL' : 'RECORDING_WRITE_FAILED'
}
