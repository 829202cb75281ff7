import { UNSAFE_CHARACTERS } from '../unsafe-characters'

export const isHarmless = (text: string): boolean => text.search(UNSAFE_CHARACTERS) < 0

/** One line of text in which nothing acts on whoever shows it: `\n`, `\u001b`, and a backslash itself as `\\`. */
export const harmlessLine = (text: string): string =>
  text.replaceAll('\\', '\\\\').replace(UNSAFE_CHARACTERS, (char) => SHORT[char] ?? unicodeEscape(char))

/** A JSON text with every such character escaped, which changes nothing of its meaning. It must be valid JSON. */
export function harmlessJson(json: string): string {
  if (isHarmless(json)) return json
  let line = ''
  let isText = false
  let from = 0
  // Between the values a line break is only a blank; inside of texts JSON has none.
  for (let at = 0; at < json.length; at++) {
    const char = json[at]!
    if (isText) {
      if (char === '\\') at += 1
      else if (char === '"') isText = false
    } else if (char === '"') isText = true
    else if (char === '\n' || char === '\r' || char === '\t') {
      line += json.slice(from, at)
      from = at + 1
    }
  }
  return (line + json.slice(from)).replace(UNSAFE_CHARACTERS, unicodeEscape)
}

const unicodeEscape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
