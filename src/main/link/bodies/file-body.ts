import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { ConsoleError, unreadableFile } from '../../../shared/errors'
import type { BodySource } from '../../netcore/pipe/message-body'
import { BlockReader } from './block-reader'
import { readFully, reasonOf } from './body-disk'

/**
 * The bytes of a file as a body to send; they are read as they are sent, never as a whole. The file must stay as it is
 * until then: one that changes ends its message with `BODY_UNREADABLE` instead of sending a mixture.
 *
 * Release it when nothing more is to be sent from it. Messages that are on their way hold it by themselves.
 *
 * @param part - Only these bytes of the file. Default: all of it.
 * @throws ConsoleError `FILE_UNREADABLE` when it can not be opened, or is no ordinary file, or has fewer bytes.
 */
export function fileBody(
  path: string,
  part: { readonly offset?: number; readonly byteLength?: number } = {},
): FileBody {
  const file = openToRead(path)
  try {
    return new FileBody(path, file, part)
  } catch (error) {
    closeSync(file)
    throw error
  }
}

function openToRead(path: string): number {
  try {
    // A pipe without a writer would keep the whole program waiting.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    throw unreadableFile(path, error)
  }
}

export class FileBody implements BodySource {
  readonly path: string
  readonly byteLength: number
  readonly #file: number
  readonly #offset: number
  readonly #fileBytes: number
  readonly #changedMs: number
  readonly #reader: BlockReader
  #holders = 1

  /** @param file - Open; closed by the last `release`. */
  constructor(path: string, file: number, part: { readonly offset?: number; readonly byteLength?: number }) {
    const state = fstatSync(file)
    if (!state.isFile()) throw new ConsoleError('FILE_UNREADABLE', `${path} is no ordinary file`)
    const { offset = 0, byteLength = state.size - offset } = part
    if (offset < 0 || byteLength < 0 || offset + byteLength > state.size) {
      const text = `${path} has ${state.size} bytes, ${byteLength} from ${offset} on are asked for`
      throw new ConsoleError('FILE_UNREADABLE', text)
    }
    this.path = path
    this.byteLength = byteLength
    this.#file = file
    this.#offset = offset
    this.#fileBytes = state.size
    this.#changedMs = state.mtimeMs
    this.#reader = new BlockReader(byteLength, (from, length) => this.#fetch(from, length))
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
    closeSync(this.#file)
  }

  #fetch(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    let count = 0
    let isSame = false
    try {
      if (this.#holders > 0) {
        count = readFully(this.#file, bytes, this.#offset + offset)
        // After the bytes were read: what changes later is not in them.
        const { size, mtimeMs } = fstatSync(this.#file)
        isSame = size === this.#fileBytes && mtimeMs === this.#changedMs
      }
    } catch (error) {
      const text = `${this.path} can not be read on: ${reasonOf(error)}`
      throw new ConsoleError('BODY_UNREADABLE', text, {}, { cause: error })
    }
    if (this.#holders === 0) throw new ConsoleError('BODY_UNREADABLE', `${this.path} was let go of`)
    if (count === length && isSame) return bytes
    throw new ConsoleError('BODY_UNREADABLE', `${this.path} changed while it was being sent`)
  }
}
