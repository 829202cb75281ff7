export const HUES = 8

/** Routes come from the peer: beyond this many the hue follows from the text and nothing is remembered. */
const MAX_REMEMBERED_ROUTES = 4096

/** Hues 1 to 8 by route, in order of first appearance, so that the first eight routes all differ. */
export class RouteHues {
  readonly #hues = new Map<string, number>()

  hueOf(route: string): number {
    const known = this.#hues.get(route)
    if (known !== undefined) return known
    if (this.#hues.size >= MAX_REMEMBERED_ROUTES) return (hash(route) % HUES) + 1
    const hue = (this.#hues.size % HUES) + 1
    this.#hues.set(route, hue)
    return hue
  }
}

function hash(text: string): number {
  let value = 0
  for (let at = 0; at < text.length; at++) value = (Math.imul(value, 31) + text.charCodeAt(at)) >>> 0
  return value
}
