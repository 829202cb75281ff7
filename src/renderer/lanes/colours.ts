import { COLOUR_COUNT } from './chunk-style'
import type { ColourMode, PaletteText } from './worker-protocol'

/** Red, green, blue, alpha, each 0 to 255. */
export type Rgba = readonly [number, number, number, number]

/** Reads `#rgb`, `#rrggbb`, `rgb(…)`, `rgba(…)` and `transparent`; anything else counts as opaque grey. */
export function parseColour(text: string): Rgba {
  const value = text.trim()
  if (value === 'transparent') return [0, 0, 0, 0]
  const short = /^#([\da-f])([\da-f])([\da-f])$/i.exec(value)
  if (short !== null)
    return [hex(short[1]! + short[1]!), hex(short[2]! + short[2]!), hex(short[3]! + short[3]!), 255]
  const long = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})([\da-f]{2})?$/i.exec(value)
  if (long !== null)
    return [hex(long[1]!), hex(long[2]!), hex(long[3]!), long[4] === undefined ? 255 : hex(long[4])]
  const parts = /^rgba?\(([^)]*)\)$/i
    .exec(value)?.[1]
    ?.split(/[\s,/]+/)
    .filter((part) => part !== '')
  if (parts === undefined || parts.length < 3) return [128, 128, 128, 255]
  const [red, green, blue] = parts.map(Number)
  const alpha = parts[3] === undefined ? 1 : Number(parts[3])
  return [red!, green!, blue!, Math.round(alpha * 255)]
}

const hex = (digits: string): number => Number.parseInt(digits, 16)

/** One pixel as `ImageData` keeps it on little-endian machines (all that browsers run on). */
export const packPixel = ([red, green, blue]: Rgba, alpha: number): number =>
  ((Math.round(Math.min(1, alpha) * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0

/** Fill of every colour index of `colourTable`, then the same made faint. */
export function fillsOf(palette: PaletteText, mode: ColourMode): readonly string[] {
  const hues = mode === 'priority' ? palette.priorities : palette.streams
  const full = pad([palette.text3, ...hues], palette.text3)
  return [...full, ...full.map((colour) => faint(colour, palette.surface))]
}

/** Every mode has `COLOUR_COUNT` colours, so that the faint ones always begin at the same place. */
const pad = (colours: readonly string[], rest: string): string[] =>
  Array.from({ length: COLOUR_COUNT }, (_, index) => colours[index] ?? rest)

/** How much of its colour a dimmed chunk keeps. */
const FAINT_SHARE = 0.22

/** The colour as it looks when most of the surface shines through. */
export function faint(colour: string, surface: string): string {
  const front = parseColour(colour)
  const back = parseColour(surface)
  const mix = (part: 0 | 1 | 2): number => Math.round(back[part] + (front[part] - back[part]) * FAINT_SHARE)
  return `rgb(${mix(0)}, ${mix(1)}, ${mix(2)})`
}

const tokens = {
  surface: '--surface-1',
  overlay: '--overlay',
  text1: '--text-1',
  text2: '--text-2',
  text3: '--text-3',
  border1: '--border-1',
  border2: '--border-2',
  accent: '--accent',
  accentSoft: '--accent-soft',
  ok: '--ok',
  error: '--error',
  warn: '--warn',
  hatchQueued: '--hatch-queued',
  hatchBlocked: '--hatch-blocked',
  hatchDown: '--hatch-down',
  hatchDownBackground: '--hatch-down-bg',
  fontFamily: '--font-ui',
} as const

/** Reads the tokens as they apply to `element` now. Page only. */
export function readPalette(element: Element): PaletteText {
  const style = getComputedStyle(element)
  const read = (name: string): string => style.getPropertyValue(name).trim()
  const named = Object.fromEntries(Object.entries(tokens).map(([key, name]) => [key, read(name)]))
  return {
    ...(named as Record<keyof typeof tokens, string>),
    streams: [1, 2, 3, 4, 5, 6, 7, 8].map((hue) => read(`--stream-${hue}`)),
    priorities: [0, 1, 2, 3].map((step) => read(`--prio-${step}`)),
    outgoingAlpha: Number(read('--outgoing-alpha')) || 0.7,
  }
}
