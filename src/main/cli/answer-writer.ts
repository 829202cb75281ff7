import { createHash } from 'node:crypto'
import { accessSync, constants } from 'node:fs'
import { dirname } from 'node:path'
import { ConsoleError } from '../../shared/errors'
import { STATUS_ERROR, STATUS_HEADER } from '../../shared/model/peer-error'
import { fileWriter } from '../link/bodies/file-writer'
import { BodyParts } from '../netcore/pipe/body-parts'
import { bodyBlocks, type MessageBody } from '../netcore/pipe/message-body'
import type { Answer, OutgoingRequest } from '../netcore/stack-types'
import { content, type Output } from './output'
import { rounded } from './rounded'

/** Work for so many bytes, then let the links have their turn. */
const BYTES_PER_TURN = 8 * 1024 * 1024

/** Puts answers where they were asked for: as lines, as they are to standard output, or into a file. */
export class AnswerWriter {
  readonly #out: Output
  readonly #file: string | undefined

  /** @param file - Where bodies go; each one replaces the one before. @throws ConsoleError `FILE_UNWRITABLE`. */
  constructor(out: Output, file: string | undefined) {
    this.#out = out
    this.#file = file
    if (file !== undefined) checkFolder(file)
  }

  /** What a request needs so that its answers go to the file as they come. An error is no answer, and stays out of it. */
  get answerBody(): Pick<OutgoingRequest, 'answerBody'> {
    const file = this.#file
    if (file === undefined) return {}
    return {
      answerBody: ({ headers }) =>
        headers[STATUS_HEADER] === STATUS_ERROR ? new BodyParts() : fileWriter(file),
    }
  }

  /** @param error - What the peer said went wrong; it is told at the end, on standard error. */
  async write(answer: Answer, error: ConsoleError | null): Promise<void> {
    const { route, headers, body, bodyBytes, stored, roundTripMs } = answer
    try {
      if (this.#out.isJsonl) {
        const ms = rounded(roundTripMs)
        const code = error ? { code: error.code } : {}
        const shown = { body, bodyBytes, ...(stored && { sha256: await sha256Of(stored) }) }
        this.#out.line({
          event: 'answer',
          ok: error === null,
          ms,
          route,
          ...content(headers, shown),
          ...code,
        })
      }
      if (error === null && this.#file === undefined) {
        for (const block of bodyBlocks(stored ?? body)) this.#out.raw(block)
      }
    } finally {
      stored?.release()
    }
  }
}

/** Told before the request is sent, not when its answer has come. */
function checkFolder(file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConsoleError('FILE_UNWRITABLE', `${file} can not be written: ${reason}`, {}, { cause: error })
  }
}

async function sha256Of(body: MessageBody): Promise<string> {
  const hash = createHash('sha256')
  let bytes = 0
  for (const block of bodyBlocks(body)) {
    hash.update(block)
    bytes += block.length
    if (bytes < BYTES_PER_TURN) continue
    bytes = 0
    await new Promise((resolve) => setImmediate(resolve))
  }
  return hash.digest('hex')
}
