import { BodyParts } from '../../netcore/pipe/body-parts'
import { type BodyWriter, PREVIEW_BYTES, type ReceivedBody } from '../../netcore/pipe/message-body'
import { type BodyFile, WRITE_BLOCK_BYTES } from './body-file'

export interface SpillOptions {
  /** Bytes that stay in memory; more go to the file, all of them. Below a block of the file it would save nothing. */
  readonly memoryBytes: number
  /** Small bodies go to the file too, when they are whole. */
  readonly isAlwaysFile?: boolean
  /** Room in memory is needed elsewhere: go to the file as soon as that saves anything. */
  readonly isMemoryShort?: () => boolean
  /** Told how the bytes held in memory change. */
  readonly onHeld?: (byteCount: number) => void
  /** @throws ConsoleError: the message fails alone. */
  readonly openFile: () => BodyFile
  /** The body is whole, and in the file. @param start - Its first bytes, to show. @throws ConsoleError: the message fails alone. */
  readonly finished: (file: BodyFile, start: Uint8Array) => ReceivedBody
  /** Told when the body will not be whole; its file is gone by then. */
  readonly onAbandoned?: (wasInFile: boolean) => void
}

/** Gathers a body in memory, and in a file from the moment it becomes too large for that. */
export class SpillingWriter implements BodyWriter {
  readonly #options: SpillOptions
  readonly #spillBytes: number
  #parts: BodyParts | undefined = new BodyParts()
  #file: BodyFile | undefined
  #preview = new Uint8Array(0)
  #byteLength = 0
  #heldBytes = 0

  constructor(options: SpillOptions) {
    this.#options = options
    this.#spillBytes = Math.max(WRITE_BLOCK_BYTES, options.memoryBytes)
  }

  get byteLength(): number {
    return this.#byteLength
  }

  get heldBytes(): number {
    return this.#heldBytes
  }

  append(payload: Uint8Array): void {
    const parts = this.#parts
    if (parts === undefined) this.#file!.append(payload)
    else {
      parts.append(payload)
      this.#hold(parts.heldBytes)
      const { isMemoryShort } = this.#options
      const isTooLarge = parts.byteLength > this.#spillBytes
      if (isTooLarge || (parts.byteLength > WRITE_BLOCK_BYTES && isMemoryShort?.() === true))
        this.#spill(parts)
    }
    this.#byteLength += payload.length
  }

  finish(): ReceivedBody {
    const { isAlwaysFile = false, finished } = this.#options
    const parts = this.#parts
    // From here on nothing but the end changes `heldBytes`: whoever counts them looked before.
    if (parts !== undefined && isAlwaysFile) this.#write(parts)
    const file = this.#file
    let body: ReceivedBody
    if (file === undefined) body = parts!.finish()
    else {
      file.complete()
      body = finished(file, parts?.join().slice(0, PREVIEW_BYTES) ?? this.#preview)
    }
    this.#file = undefined
    this.#end()
    return body
  }

  abandon(): Uint8Array {
    const shown = this.#parts?.join() ?? this.#preview
    const file = this.#file
    this.#file = undefined
    file?.letGo()
    this.#end()
    this.#options.onAbandoned?.(file !== undefined)
    return shown
  }

  #spill(parts: BodyParts): void {
    this.#preview = this.#write(parts).slice(0, PREVIEW_BYTES)
    this.#parts = undefined
    this.#hold(WRITE_BLOCK_BYTES + this.#preview.length)
  }

  #write(parts: BodyParts): Uint8Array {
    const file = this.#options.openFile()
    this.#file = file // before the first byte: a file that can not be written has to go
    const bytes = parts.join()
    file.append(bytes)
    return bytes
  }

  #hold(byteCount: number): void {
    this.#options.onHeld?.(byteCount - this.#heldBytes)
    this.#heldBytes = byteCount
  }

  #end(): void {
    this.#hold(0)
    this.#parts = undefined
    this.#preview = new Uint8Array(0)
  }
}
