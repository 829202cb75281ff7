import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { jsonToMsgpack } from '../../../shared/body/json-to-msgpack'
import { fromHex, utf8 } from '../../../shared/bytes'
import { ConsoleError } from '../../../shared/errors'
import { parseJsonBody } from '../../../shared/model/json-body'
import { type FileBody, fileBody } from '../../link/bodies/file-body'
import type { BodySource, MessageBody } from '../../netcore/pipe/message-body'
import type { BodyMaker } from './answer-maker'

/** Files up to here are read as a whole, so that all of the answer can be looked at. */
const WHOLE_FILE_BYTES = 64 * 1024

/** @param dir - What paths of files are relative to. */
export const bodyMaker =
  (dir: string): BodyMaker =>
  ({ format, text }) => {
    switch (format) {
      case 'json': {
        const bytes = utf8(text.trim())
        parseJsonBody(bytes) // what is sent as JSON is JSON
        return bytes
      }
      case 'msgpack':
        return jsonToMsgpack(text)
      case 'text':
        return utf8(text)
      case 'hex':
        return fromHex(text)
      case 'file':
        return ofFile(resolve(dir, text))
    }
  }

function ofFile(path: string): MessageBody {
  const bytes = sizeOf(path)
  if (bytes > WHOLE_FILE_BYTES) return new AnswerFile(path, bytes)
  const body = fileBody(path)
  try {
    return body.read(0, body.byteLength)
  } finally {
    body.release()
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size
  } catch (cause) {
    throw new ConsoleError('FILE_UNREADABLE', `${path} can not be read`, {}, { cause })
  }
}

/** A large file as an answer: open from its first byte that is sent to the last, and never when nobody wants it. */
class AnswerFile implements BodySource {
  readonly byteLength: number
  readonly #path: string
  #open: FileBody | undefined
  #holders = 0

  constructor(path: string, byteLength: number) {
    this.#path = path
    this.byteLength = byteLength
  }

  read(offset: number, length: number): Uint8Array {
    this.#open ??= this.#opened()
    return this.#open.read(offset, length)
  }

  retain(): void {
    this.#holders += 1
  }

  release(): void {
    this.#holders -= 1
    if (this.#holders > 0) return
    this.#open?.release()
    this.#open = undefined
  }

  #opened(): FileBody {
    const file = fileBody(this.#path)
    if (file.byteLength === this.byteLength) return file
    file.release()
    throw new ConsoleError('BODY_UNREADABLE', `${this.#path} changed before it was sent`)
  }
}
