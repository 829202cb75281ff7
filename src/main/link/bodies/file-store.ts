import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { ConsoleError } from '../../../shared/errors'
import type { BodyWriter, MessageStore, ReceivedBody } from '../../netcore/pipe/message-body'
import { type BodyDisk, systemDisk } from './body-disk'
import { BodyFile } from './body-file'
import { BodyFolder, removeStaleFolders } from './body-folder'
import { SpillingWriter } from './spilling-writer'
import { StoredFile } from './stored-file'

const MIB = 1024 * 1024

/** A body up to this size stays in memory. */
const DEFAULT_THRESHOLD_BYTES = 8 * MIB
/** Bodies that are being received may hold so much memory together. */
const DEFAULT_MEMORY_BYTES = 256 * MIB
/** Files that nobody has released yet may be so large together. */
const DEFAULT_DISK_BYTES = 16 * 1024 * MIB
/** Left for others on a disk that gets full. */
const SPARE_BYTES = 64 * MIB

export interface FileStoreOptions {
  /** Where the private folder of this process is made. Default: the system's folder for temporary files. */
  readonly parentDir?: string
  /** Bodies above this go to a file. Default 8 MiB; at least 256 KiB. */
  readonly thresholdBytes?: number
  readonly memoryBytes?: number
  readonly diskBytes?: number
  readonly disk?: BodyDisk
}

/** What a store did since it was made. */
export interface FileStoreCounts {
  /** Bodies that became whole in a file. */
  readonly stored: number
  readonly storedBytes: number
  /** Bodies in files that will not become whole: cancelled, interrupted, not stored. */
  readonly abandoned: number
  /** Files there are now, and their bytes. */
  readonly files: number
  readonly fileBytes: number
  /** Memory that bodies on their way in hold now. */
  readonly heldBytes: number
}

/**
 * Gathers small bodies in memory and large ones in files of a private folder. One store serves all links of a session.
 *
 * Whoever gets a stored body releases it; one that was forgotten is released when the garbage collector finds it, and all
 * are gone after `close`. A disk that is full or fails costs the message that needed it (`BODY_NOT_STORED`), and no other.
 */
export class FileStore implements MessageStore {
  readonly #parentDir: string
  readonly #folder: BodyFolder
  readonly #thresholdBytes: number
  readonly #memoryBytes: number
  readonly #diskBytes: number
  readonly #disk: BodyDisk
  readonly #files = new Set<BodyFile>()
  readonly #forgotten = new FinalizationRegistry<BodyFile>((file) => file.letGo())
  #fileBytes = 0
  #heldBytes = 0
  #stored = 0
  #storedBytes = 0
  #abandoned = 0
  #hasSwept = false
  #isClosed = false

  constructor(options: FileStoreOptions = {}) {
    this.#parentDir = options.parentDir ?? tmpdir()
    this.#folder = new BodyFolder(this.#parentDir)
    this.#thresholdBytes = options.thresholdBytes ?? DEFAULT_THRESHOLD_BYTES
    this.#memoryBytes = options.memoryBytes ?? DEFAULT_MEMORY_BYTES
    this.#diskBytes = options.diskBytes ?? DEFAULT_DISK_BYTES
    this.#disk = options.disk ?? systemDisk
  }

  get counts(): FileStoreCounts {
    return {
      stored: this.#stored,
      storedBytes: this.#storedBytes,
      abandoned: this.#abandoned,
      files: this.#files.size,
      fileBytes: this.#fileBytes,
      heldBytes: this.#heldBytes,
    }
  }

  /** Deletes what earlier processes left behind. Also done before the first file is made. Never throws. */
  sweep(): void {
    if (this.#hasSwept) return
    this.#hasSwept = true
    removeStaleFolders(this.#parentDir)
  }

  open({ declaredBytes }: Parameters<MessageStore['open']>[0]): BodyWriter {
    const isKnownLarge = declaredBytes !== null && declaredBytes > this.#thresholdBytes
    return new SpillingWriter({
      memoryBytes: isKnownLarge ? 0 : this.#thresholdBytes,
      isMemoryShort: () => this.#heldBytes > this.#memoryBytes,
      onHeld: (byteCount) => {
        this.#heldBytes += byteCount
      },
      openFile: () => this.#openFile(declaredBytes ?? 0),
      finished: (file, start) => this.#finished(file, start),
      onAbandoned: (wasInFile) => {
        if (wasInFile) this.#abandoned += 1
      },
    })
  }

  /** Lets go of all files, also of those that are still held, and deletes the folder. Never throws. */
  close(): void {
    this.#isClosed = true
    for (const file of this.#files) file.letGo()
    this.#files.clear()
    this.#fileBytes = 0
    this.#folder.remove()
  }

  #openFile(declaredBytes: number): BodyFile {
    if (this.#isClosed) throw new ConsoleError('BODY_NOT_STORED', 'the store is closed')
    this.sweep()
    this.#needRoom(declaredBytes)
    const path = this.#folder.newPath()
    this.#needFree(path, declaredBytes)
    const file: BodyFile = new BodyFile({
      path,
      disk: this.#disk,
      onGrow: (byteCount) => {
        this.#needRoom(byteCount)
        this.#fileBytes += byteCount
      },
      onLetGo: () => this.#gone(file),
    })
    this.#files.add(file)
    return file
  }

  #finished(file: BodyFile, bytes: Uint8Array): ReceivedBody {
    const stored = new StoredFile(file, () => this.#forgotten.unregister(stored))
    this.#forgotten.register(stored, file, stored)
    const { byteLength } = file
    this.#stored += 1
    this.#storedBytes += byteLength
    return { byteLength, bytes, stored }
  }

  #gone(file: BodyFile): void {
    if (this.#files.delete(file)) this.#fileBytes -= file.grownBytes
  }

  #needRoom(byteCount: number): void {
    if (this.#fileBytes + byteCount <= this.#diskBytes) return
    const text = `${byteCount} bytes do not fit: ${this.#fileBytes} of ${this.#diskBytes} bytes are in files already`
    throw new ConsoleError('BODY_NOT_STORED', text, {
      remedy: 'Release bodies that are not needed any more.',
    })
  }

  #needFree(path: string, declaredBytes: number): void {
    const freeBytes = this.#disk.freeBytes(dirname(path))
    if (freeBytes - SPARE_BYTES >= declaredBytes) return
    const text = `${declaredBytes} bytes are announced, and ${freeBytes} are free in ${this.#parentDir}`
    throw new ConsoleError('BODY_NOT_STORED', text)
  }
}
