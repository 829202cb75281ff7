const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const hex2 = (byte: number): string => byte.toString(16).padStart(2, '0')

/** UTF-8 decoded leniently: each byte that fits no sequence becomes `\xNN`. */
export function decodeVisibly(bytes: Uint8Array): { readonly text: string; readonly invalidBytes: number } {
  try {
    return { text: decoder.decode(bytes), invalidBytes: 0 }
  } catch {
    return decodePiecewise(bytes)
  }
}

function decodePiecewise(bytes: Uint8Array): { text: string; invalidBytes: number } {
  const parts: string[] = []
  let invalidBytes = 0
  let at = 0
  let soundFrom = 0
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at)
    if (length > 0) {
      at += length
      continue
    }
    parts.push(decoder.decode(bytes.subarray(soundFrom, at)), `\\x${hex2(bytes[at]!)}`)
    invalidBytes += 1
    at += 1
    soundFrom = at
  }
  parts.push(decoder.decode(bytes.subarray(soundFrom)))
  return { text: parts.join(''), invalidBytes }
}

/** Length of the valid UTF-8 sequence at `at`, or 0 (RFC 3629, table of well-formed sequences). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!
  if (lead < 0x80) return 1
  const length =
    lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0
  if (length === 0 || at + length > bytes.length) return 0
  const second = bytes[at + 1]!
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (second < least || second > most) return 0
  for (let index = 2; index < length; index++) {
    const next = bytes[at + index]!
    if (next < 0x80 || next > 0xbf) return 0
  }
  return length
}
