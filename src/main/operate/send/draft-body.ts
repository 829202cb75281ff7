import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fromHex, utf8 } from '../../../shared/bytes'
import { jsonToMsgpack } from '../../../shared/body/json-to-msgpack'
import { readJsonBody } from '../../../shared/body/json-reader'
import { asConsoleError, ConsoleError } from '../../../shared/errors'
import type { BodyText } from '../../../shared/workspace/workspace-types'
import { fileBody } from '../../link/bodies/file-body'
import type { MessageBody } from '../../netcore/pipe/message-body'

/** Only whether it is JSON is asked; the tree itself is not needed. */
const JSON_NODES = 1

/** What is wrong with a text, at a character of it; null where no character is to blame. */
export interface TextProblem {
  readonly at: number | null
  readonly message: string
  readonly remedy: string
}

/**
 * The bytes of a body whose variables are filled. A file is not read but opened: the body is released by the caller.
 *
 * @param dir - Folder that relative paths of files begin in.
 */
export function encodeBody(body: BodyText, dir: string): { body: MessageBody } | TextProblem {
  try {
    switch (body.format) {
      case 'json':
        return jsonBytes(body.text)
      case 'msgpack':
        return { body: jsonToMsgpack(body.text) }
      case 'text':
        return { body: utf8(body.text) }
      case 'hex':
        return { body: fromHex(body.text) }
      case 'file':
        return { body: fileBody(resolve(dir, body.text)) }
    }
  } catch (error) {
    return problemOf(error)
  }
}

/** How many bytes a body has; a file is only looked at. */
export async function measureBody(body: BodyText, dir: string): Promise<{ bytes: number } | TextProblem> {
  if (body.format !== 'file') {
    const encoded = encodeBody(body, dir)
    return 'body' in encoded ? { bytes: encoded.body.byteLength } : encoded
  }
  const path = resolve(dir, body.text)
  try {
    const state = await stat(path)
    if (state.isFile()) return { bytes: state.size }
    return problemOf(new ConsoleError('FILE_UNREADABLE', `${path} is no ordinary file`))
  } catch (cause) {
    return problemOf(new ConsoleError('FILE_UNREADABLE', `${path} cannot be read`, {}, { cause }))
  }
}

/** JSON is sent to the character as it was written. */
function jsonBytes(text: string): { body: Uint8Array } | TextProblem {
  const bytes = utf8(text)
  const { problem } = readJsonBody(bytes, JSON_NODES)
  if (problem === null) return { body: bytes }
  const at = new TextDecoder().decode(bytes.subarray(0, problem.at)).length
  const remedy = 'Correct the JSON at this place. Variables may stand in quotes, or in place of a value.'
  return { at, message: `this is no JSON: ${problem.message}`, remedy }
}

/** Words of a failure that may be shown: those of our own errors hold positions, never the text around them. */
function problemOf(error: unknown): TextProblem {
  const { message, remedy, details } = asConsoleError(error)
  const at = details['at']
  return { at: typeof at === 'number' ? at : null, message, remedy }
}
