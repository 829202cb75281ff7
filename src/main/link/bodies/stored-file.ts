import type { StoredBody } from '../../netcore/pipe/message-body'
import { BlockReader } from './block-reader'
import type { BodyFile } from './body-file'

/** A received body in a file, for as long as somebody holds it. */
export class StoredFile implements StoredBody {
  readonly byteLength: number
  readonly #file: BodyFile
  readonly #reader: BlockReader
  readonly #onReleased: (() => void) | undefined
  #holders = 1

  /** @param file - Complete. Its owner from now on. */
  constructor(file: BodyFile, onReleased?: () => void) {
    this.byteLength = file.byteLength
    this.#file = file
    this.#reader = new BlockReader(file.byteLength, (offset, length) => file.read(offset, length))
    this.#onReleased = onReleased
  }

  get place(): string {
    return this.#file.path
  }

  read(offset: number, length: number): Uint8Array {
    return this.#reader.read(offset, length)
  }

  retain(): void {
    if (this.#holders > 0) this.#holders += 1
  }

  release(): void {
    if (this.#holders === 0) return
    this.#holders -= 1
    if (this.#holders > 0) return
    this.#reader.clear()
    this.#file.letGo()
    this.#onReleased?.()
  }
}
