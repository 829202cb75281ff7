/**
 * The part of "select graphic rendition" (SGR) a device may use: weight, slant, lines and colours. Left out is what hides
 * text (conceal) or does not keep still (blink). Colours of 24 bits become the nearest of the 256, for which the screen
 * has style classes.
 *
 * @param params - As between `CSI` and `m`. @returns the same, or an empty text when nothing is left.
 */
export function allowedColours(params: string): string {
  if (params === '') return '0'
  if (!/^[0-9;:]+$/.test(params)) return ''
  const codes = params
    .split(/[;:]/)
    .slice(0, 64)
    .map((code) => (code === '' ? 0 : Number(code)))
  const allowed: number[] = []
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at]!
    if (code === 38 || code === 48 || code === 58) {
      const { palette, length } = extendedColour(codes, at)
      if (palette !== null && code !== 58) allowed.push(code, 5, palette)
      at += length - 1
    } else if (isAllowed(code)) allowed.push(code)
  }
  return allowed.join(';')
}

const ALLOWED: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 7, 9, 21, 22, 23, 24, 27, 29, 39, 49, 53, 55])
const isAllowed = (code: number): boolean =>
  ALLOWED.has(code) ||
  (code >= 30 && code <= 37) ||
  (code >= 40 && code <= 47) ||
  (code >= 90 && code <= 97) ||
  (code >= 100 && code <= 107)

function extendedColour(codes: readonly number[], at: number): { palette: number | null; length: number } {
  if (codes[at + 1] === 5) {
    const index = codes[at + 2] ?? 0
    return { palette: index <= 255 ? index : null, length: 3 }
  }
  if (codes[at + 1] !== 2) return { palette: null, length: 1 }
  // between colons a colour space may stand before the three parts; a device that leaves it out writes five numbers
  const parts = codes.slice(at + 2, at + 5)
  return { palette: nearest(parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0), length: 5 }
}

/** In the cube of 6 × 6 × 6 colours from 16 on, or in the greys from 232 on. */
function nearest(red: number, green: number, blue: number): number {
  const [r, g, b] = [red, green, blue].map((part) => Math.min(255, part)) as [number, number, number]
  if (Math.max(r, g, b) - Math.min(r, g, b) < 8) {
    if (r < 8) return 16
    return r > 248 ? 231 : 232 + Math.min(23, Math.round((r - 8) / 10))
  }
  const level = (part: number): number => (part < 48 ? 0 : part < 115 ? 1 : Math.floor((part - 35) / 40))
  return 16 + 36 * level(r) + 6 * level(g) + level(b)
}
