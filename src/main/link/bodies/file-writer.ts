import { randomBytes } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import type { BodyWriter } from '../../netcore/pipe/message-body'
import { type BodyDisk, systemDisk } from './body-disk'
import { BodyFile } from './body-file'
import { SpillingWriter } from './spilling-writer'
import { StoredFile } from './stored-file'

/** What the system's mask leaves of it: the file is the user's, like any other. */
const USUAL_MODE = 0o666
/** Gathered in memory before the file is made. */
const GATHERED_BYTES = 1024 * 1024

/**
 * Saves a body to `path` as it comes in, for `answerBody` of a request. It appears there when it is whole, replacing what
 * was there; until then it lies beside it under another name, and what does not become whole leaves nothing. Releasing
 * the body closes the file and leaves it where it is.
 *
 * A file that can not be written fails the message with `FILE_UNWRITABLE`.
 */
export function fileWriter(path: string, disk: BodyDisk = systemDisk): BodyWriter {
  return new SpillingWriter({
    memoryBytes: GATHERED_BYTES,
    isAlwaysFile: true,
    openFile() {
      const draft = `.${basename(path)}.${randomBytes(6).toString('hex')}.part`
      return new BodyFile({
        path: join(dirname(path), draft),
        disk,
        mode: USUAL_MODE,
        errorCode: 'FILE_UNWRITABLE',
      })
    },
    finished(file, bytes) {
      file.moveTo(path)
      return { byteLength: file.byteLength, bytes, stored: new StoredFile(file) }
    },
  })
}
