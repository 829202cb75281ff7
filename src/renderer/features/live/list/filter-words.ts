/** A text as the filter language writes it: in double quotes, with the escapes of C. */
export function quoted(text: string): string {
  let result = ''
  for (const char of text) {
    const code = char.codePointAt(0)!
    if (char === '"' || char === '\\') result += `\\${char}`
    else if (code < 0x20 || code === 0x7f) result += `\\x${code.toString(16).padStart(2, '0')}`
    else result += char
  }
  return `"${result}"`
}

/** The filter narrowed by one more condition; what is in force stays in force. */
export function narrowed(filter: string, condition: string): string {
  const before = filter.trim()
  if (before === '') return condition
  return /\bor\b|\|\|/.test(before) ? `(${before}) and ${condition}` : `${before} and ${condition}`
}

export const routeIs = (route: string): string => `msg.route == ${quoted(route)}`
export const routeIsNot = (route: string): string => `msg.route != ${quoted(route)}`
