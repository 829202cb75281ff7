/**
 * Turns the path of a request (still percent-encoded, as it came) into the name under which a file of the built page is
 * kept: `/assets/main.js`. The names are looked up in a table, never on the disk; this function only makes sure that no
 * spelling means two things.
 *
 * @returns undefined for anything a page of ours never asks: relative parts, backslashes, control characters, double
 *   slashes, broken escapes, other forms than an absolute path.
 */
export function assetName(rawPath: string): string | undefined {
  const path = rawPath.split(/[?#]/, 1)[0] ?? ''
  let decoded: string
  try {
    decoded = decodeURIComponent(path)
  } catch {
    return undefined
  }
  if (!decoded.startsWith('/') || hasForbiddenCharacter(decoded)) return undefined
  if (decoded === '/') return '/index.html'
  const segments = decoded.slice(1).split('/')
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) return undefined
  return decoded
}

/** Control characters; the backslash and the colon, which mean paths on Windows; the percent sign of a double escape. */
function hasForbiddenCharacter(text: string): boolean {
  for (const char of text) {
    const code = char.codePointAt(0)!
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || char === '\\' || char === ':' || char === '%')
      return true
  }
  return false
}
