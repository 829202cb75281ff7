/**
 * Looks for a text whatever its case, without making a copy of what it looks through. Characters whose other case has
 * another length (ß) are compared as they are.
 */
export function caselessFinder(wanted: string): (text: string) => boolean {
  const lower = unitsOf(wanted, (char) => char.toLowerCase())
  const upper = unitsOf(wanted, (char) => char.toUpperCase())
  const length = wanted.length
  const firstLower = lower[0]
  const firstUpper = upper[0]
  return (text) => {
    const last = text.length - length
    for (let at = 0; at <= last; at++) {
      const first = text.charCodeAt(at)
      if (first !== firstLower && first !== firstUpper && length > 0) continue
      let matched = 1
      while (matched < length) {
        const unit = text.charCodeAt(at + matched)
        if (unit !== lower[matched] && unit !== upper[matched]) break
        matched += 1
      }
      if (matched >= length) return true
    }
    return false
  }
}

function unitsOf(text: string, cased: (char: string) => string): Uint16Array {
  const units = new Uint16Array(text.length)
  for (let at = 0; at < text.length; at++) {
    const other = cased(text[at]!)
    units[at] = other.length === 1 ? other.charCodeAt(0) : text.charCodeAt(at)
  }
  return units
}
