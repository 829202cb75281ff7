const encoder = new TextEncoder()
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lenient = new TextDecoder('utf-8', { ignoreBOM: true })

export const utf8 = (text: string): Uint8Array => encoder.encode(text)

/** The text, or undefined when the bytes are not valid UTF-8. A byte order mark is kept. */
export function tryUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}

/** Always a text; invalid bytes become U+FFFD. For showing only, never for forwarding. */
export const lenientUtf8 = (bytes: Uint8Array): string => lenient.decode(bytes)
