import { tryUtf8 } from '../../../../../shared/bytes'
import { jsonToMsgpack } from '../../../../../shared/body/json-to-msgpack'
import { asConsoleError, ConsoleError, hasCode } from '../../../../../shared/errors'
import { checkPacked, isArray, isMap, PackError } from '../wire/pack-reader'
import { binaryHead, PACKED_NIL, packText } from '../wire/pack-writer'

/**
 * The MessagePack value that a body stands for, in parts that may be views of it:
 *
 * | body | value |
 * | --- | --- |
 * | no bytes | nil |
 * | JSON | the same value; whole numbers are integers, others doubles |
 * | a MessagePack map or array as a whole | that, byte for byte |
 * | other readable text | text |
 * | other bytes | bytes (bin) |
 *
 * What the peer sends is read the other way round (`bodyOfPacked`), so that a body given back is the value that came.
 *
 * @throws ConsoleError `BODY_NOT_ENCODABLE`: JSON that MessagePack has no word for.
 */
export function packedBody(body: Uint8Array): readonly Uint8Array[] {
  const lead = body[0]
  if (lead === undefined) return [PACKED_NIL]
  if ((isMap(lead) || isArray(lead)) && isPacked(body)) return [body]
  const text = tryUtf8(body)
  if (text === undefined) return [binaryHead(body.length), body]
  const json = JSON_BEGIN.test(text) ? packedJson(text) : undefined
  if (json !== undefined) return [json]
  return isReadable(text) ? [packText(text)] : [binaryHead(body.length), body]
}

const JSON_BEGIN = /^[ \t\r\n]*[{["\-0-9tfn]/

function isPacked(body: Uint8Array): boolean {
  try {
    checkPacked(body)
    return true
  } catch (error) {
    if (error instanceof PackError) return false
    throw error
  }
}

/** Undefined where it is no JSON. */
function packedJson(text: string): Uint8Array | undefined {
  try {
    return jsonToMsgpack(text)
  } catch (error) {
    if (!hasCode(error, 'JSON_INVALID')) throw error
    // An object that can not be said must not go out as the text it was written in.
    if (!isJson(text)) return undefined
    const reason = asConsoleError(error).message
    throw new ConsoleError('BODY_NOT_ENCODABLE', `the body has no form in MessagePack: ${reason}`)
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Nothing but letters, line ends and tabs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const isReadable = (text: string): boolean => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text)
