import { ConsoleError } from '../errors'

const DIGITS = '0123456789abcdef'

/** Lower-case hex without separators. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += DIGITS[byte >> 4]! + DIGITS[byte & 15]!
  return text
}

/**
 * Reads hex as people write it: pairs of digits; blanks, `:`, `-`, `,` and a `0x` before a pair are skipped.
 *
 * @throws ConsoleError `HEX_INVALID` with the position (0-based) of the first character that does not fit.
 */
export function fromHex(text: string): Uint8Array {
  const bytes: number[] = []
  let at = 0
  while (at < text.length) {
    const char = text[at]!
    if (/[\s:,-]/.test(char)) at += 1
    else if (/^0x[0-9a-f]{2}/i.test(text.slice(at, at + 4))) at += 2
    else {
      const pair = text.slice(at, at + 2)
      if (!/^[0-9a-fA-F]{2}$/.test(pair)) {
        throw new ConsoleError('HEX_INVALID', `"${pair}" at position ${at} is not a pair of hex digits`, {
          at,
        })
      }
      bytes.push(Number.parseInt(pair, 16))
      at += 2
    }
  }
  return Uint8Array.from(bytes)
}
