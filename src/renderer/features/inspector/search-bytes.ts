import { findBytes } from '../../../shared/body/find-bytes'
import { fromHex, utf8 } from '../../../shared/bytes'
import { hasCode } from '../../../shared/errors'

const STEP_BYTES = 256 * 1024

export interface RangeSource {
  readonly totalBytes: number
  readRange(offset: number, count: number): Promise<Uint8Array>
}

/** What is looked for: pairs of hex digits, or with quotes around it a text. Null when it is neither. */
export function readNeedle(text: string): Uint8Array | null {
  const quoted = /^"(.*)"?$/s.exec(text.trim())
  if (quoted !== null) return utf8(quoted[1]!.replace(/"$/, ''))
  try {
    return fromHex(text)
  } catch (error) {
    if (hasCode(error, 'HEX_INVALID')) return null
    throw error
  }
}

/**
 * Where the needle stands next after `from` (or before it), going round the ends; -1 when nowhere. Large bodies are read
 * piece by piece.
 */
export async function searchBody(
  source: RangeSource,
  needle: Uint8Array,
  from: number,
  isBackward: boolean,
): Promise<number> {
  const { totalBytes } = source
  if (needle.length === 0 || needle.length > totalBytes) return -1
  const starts: number[] = []
  for (let at = 0; at < totalBytes; at += STEP_BYTES) starts.push(at)
  const first = Math.min(Math.max(0, Math.floor(from / STEP_BYTES)), starts.length - 1)
  // the piece it begins in is looked at twice: behind the place, and at the very end before it
  for (let turn = 0; turn <= starts.length; turn++) {
    const number = (first + (isBackward ? -turn : turn) + 2 * starts.length) % starts.length
    const begin = starts[number]!
    const count = Math.min(STEP_BYTES + needle.length - 1, totalBytes - begin)
    const bytes = await source.readRange(begin, count)
    const place = turn === 0 ? from - begin + (isBackward ? -1 : 1) : isBackward ? bytes.length : 0
    const found = place < 0 && isBackward ? -1 : findBytes(bytes, needle, place, isBackward)
    if (found >= 0 && found < STEP_BYTES) return begin + found
  }
  return -1
}
