import { concatBytes, tryUtf8, utf8 } from '../../../../shared/bytes'
import { ConsoleError } from '../../../../shared/errors'
import type { Headers } from '../../../../shared/model/trace'
import { MAX_SENT_HEAD_BYTES } from './limits'
import { readObject } from './packet-head'
import { encodePythonJson } from './python-json-encode'

/**
 * The layout in which the Python Netcore keeps a message in a file (netcore-lso.md §10): exactly one packet. Lengths are
 * signed 32-bit numbers, little-endian.
 *
 * ```
 * 0      4  E, length of the extension
 * 4      E  extension: a text, usually the headers as JSON
 * 4+E    4  M, length of the body
 * 8+E    M  body
 * ```
 */
export interface LsoFileHead {
  readonly extension: Uint8Array
  /** Where the body begins. */
  readonly bodyOffset: number
  /** Length of the body as the file says. */
  readonly declaredBytes: number
  /** Bytes behind the head minus those that are declared: below 0 the body is cut off. */
  readonly extraBytes: number
}

const MIN_LSO_FILE_BYTES = 8
/** As much as a packet head on a line may have. */
export const MAX_LSO_FILE_EXTENSION_BYTES = MAX_SENT_HEAD_BYTES
export const MAX_LSO_FILE_BODY_BYTES = 0x7fff_ffff

const LENGTH_BYTES = 4

/** Bytes from the beginning of a file that hold its head for certain, as far as the file has so many. */
export const LSO_FILE_HEAD_BYTES = MAX_LSO_FILE_EXTENSION_BYTES + MIN_LSO_FILE_BYTES

/**
 * Everything in front of the body.
 *
 * @throws ConsoleError `HEAD_TOO_LARGE` for an extension above 64 KiB, `MESSAGE_TOO_LARGE` for a body of 2 GiB or more.
 */
export function encodeLsoFileHead(extension: Uint8Array, bodyBytes: number): Uint8Array {
  if (extension.length > MAX_LSO_FILE_EXTENSION_BYTES) {
    const text = `the extension has ${extension.length} bytes, ${MAX_LSO_FILE_EXTENSION_BYTES} are allowed`
    throw new ConsoleError('HEAD_TOO_LARGE', text)
  }
  if (bodyBytes > MAX_LSO_FILE_BODY_BYTES) {
    const text = `the body has ${bodyBytes} bytes, a file of Netcore can hold ${MAX_LSO_FILE_BODY_BYTES}`
    throw new ConsoleError('MESSAGE_TOO_LARGE', text, { limit: MAX_LSO_FILE_BODY_BYTES })
  }
  const head = new Uint8Array(MIN_LSO_FILE_BYTES + extension.length)
  const view = new DataView(head.buffer)
  view.setInt32(0, extension.length, true)
  head.set(extension, LENGTH_BYTES)
  view.setInt32(LENGTH_BYTES + extension.length, bodyBytes, true)
  return head
}

/**
 * Reads what is in front of the body.
 *
 * @param start - The first `LSO_FILE_HEAD_BYTES` of the file, or all of a shorter one. The extension is a view into it.
 * @param fileBytes - Length of the whole file.
 * @throws ConsoleError `LSO_FILE_INVALID`: too short for a head, a negative length, an extension beyond the end;
 *   `HEAD_TOO_LARGE`. (Python replaces such a file by an empty one and says nothing.)
 */
export function decodeLsoFileHead(start: Uint8Array, fileBytes: number): LsoFileHead {
  if (fileBytes < MIN_LSO_FILE_BYTES) throw invalid(`it has ${fileBytes} bytes, a head alone has 8`)
  const view = new DataView(start.buffer, start.byteOffset, start.length)
  const extensionBytes = view.getInt32(0, true)
  if (extensionBytes < 0) throw invalid(`the length of its extension is ${extensionBytes}`)
  const bodyOffset = MIN_LSO_FILE_BYTES + extensionBytes
  if (bodyOffset > fileBytes) {
    throw invalid(`an extension of ${extensionBytes} bytes does not fit into ${fileBytes}`)
  }
  if (extensionBytes > MAX_LSO_FILE_EXTENSION_BYTES) {
    const text = `the extension has ${extensionBytes} bytes, ${MAX_LSO_FILE_EXTENSION_BYTES} are allowed`
    throw new ConsoleError('HEAD_TOO_LARGE', text)
  }
  const declaredBytes = view.getInt32(LENGTH_BYTES + extensionBytes, true)
  if (declaredBytes < 0) throw invalid(`the length of its body is ${declaredBytes}`)
  return {
    extension: start.subarray(LENGTH_BYTES, LENGTH_BYTES + extensionBytes),
    bodyOffset,
    declaredBytes,
    extraBytes: fileBytes - bodyOffset - declaredBytes,
  }
}

/** A whole file in memory. @throws ConsoleError as `encodeLsoFileHead`. */
export const encodeLsoFile = (extension: Uint8Array, body: Uint8Array): Uint8Array =>
  concatBytes([encodeLsoFileHead(extension, body.length), body])

/**
 * Extension and body of a whole file in memory, as views into it.
 *
 * @throws ConsoleError as `decodeLsoFileHead`; `LSO_FILE_INCOMPLETE` when the body is cut off.
 */
export function decodeLsoFile(file: Uint8Array): {
  readonly extension: Uint8Array
  readonly body: Uint8Array
} {
  const { extension, bodyOffset, declaredBytes, extraBytes } = decodeLsoFileHead(file, file.length)
  if (extraBytes < 0) throw incomplete(declaredBytes, extraBytes)
  return { extension, body: file.subarray(bodyOffset, bodyOffset + declaredBytes) }
}

export const incomplete = (declaredBytes: number, extraBytes: number): ConsoleError =>
  new ConsoleError(
    'LSO_FILE_INCOMPLETE',
    `${-extraBytes} of ${declaredBytes} bytes of the body are missing`,
    {
      declaredBytes,
      missingBytes: -extraBytes,
    },
  )

/** An extension as it is stored: a text as UTF-8, headers as Python writes JSON. @throws ConsoleError `HEAD_NOT_ENCODABLE`. */
export function toExtension(extension: string | Uint8Array | Headers): Uint8Array {
  if (extension instanceof Uint8Array) return extension
  return utf8(typeof extension === 'string' ? extension : encodePythonJson(extension))
}

/** An extension that is text. @throws ConsoleError `LSO_FILE_INVALID`. */
export function extensionText(extension: Uint8Array): string {
  const text = tryUtf8(extension)
  if (text === undefined) throw invalid('its extension is not UTF-8 text')
  return text
}

/** An extension that holds headers; an empty one holds none. @throws ConsoleError `LSO_BAD_JSON`, `LSO_BAD_PACKET`. */
export const extensionHeaders = (extension: Uint8Array): Headers =>
  extension.length === 0 ? {} : readObject(extension, 'the extension')

const invalid = (why: string): ConsoleError =>
  new ConsoleError('LSO_FILE_INVALID', `no file of Netcore: ${why}`)
