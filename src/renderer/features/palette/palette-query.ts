import { parseDuration } from '../../../shared/workspace/duration'

/** What a query looks through: its first sign says it. */
export type PaletteScope = 'all' | 'command' | 'filter' | 'route' | 'message' | 'time'

const SCOPES: Readonly<Record<string, PaletteScope>> = {
  '>': 'command',
  '/': 'filter',
  '@': 'route',
  '#': 'message',
  ':': 'time',
}

export interface PaletteQuery {
  readonly scope: PaletteScope
  /** Without the sign. */
  readonly text: string
}

export function parseQuery(typed: string): PaletteQuery {
  const text = typed.trimStart()
  const scope = SCOPES[text[0] ?? '']
  return scope === undefined ? { scope: 'all', text: text.trim() } : { scope, text: text.slice(1).trim() }
}

/** The number of a message; null when it is none. */
export function parseMessageNumber(text: string): number | null {
  const digits = text.replace(/[\s\u00a0]/g, '')
  if (!/^\d{1,15}$/.test(digits)) return null
  const id = Number(digits)
  return id >= 1 ? id : null
}

const DAY_MS = 86_400_000

/**
 * A time of the session: `10:42:07.5` as the list shows it, `-30s` before now, `+2min` after the session clock stood at 0.
 *
 * @param startedAtMs - When the session clock stood at 0, in milliseconds since 1970.
 * @param nowMs - The session clock now.
 * @returns Session time in milliseconds, not before 0; null when the text is no time.
 */
export function parseTime(text: string, startedAtMs: number, nowMs: number): number | null {
  const relative = /^([-+])\s*(.+)$/.exec(text)
  if (relative !== null) {
    const spanMs = parseDuration(relative[2] ?? '')
    if (spanMs === undefined) return null
    return relative[1] === '-' ? Math.max(0, nowMs - spanMs) : spanMs
  }
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3}))?)?$/.exec(text)
  if (clock === null) return null
  const [hours, minutes, seconds] = [Number(clock[1]), Number(clock[2]), Number(clock[3] ?? '0')]
  if (hours > 23 || minutes > 59 || seconds > 59) return null
  const day = new Date(startedAtMs + nowMs)
  day.setHours(hours, minutes, seconds, Number((clock[4] ?? '0').padEnd(3, '0')))
  // a time of day that is still to come was meant the day before
  const atMs = day.getTime() - startedAtMs
  return Math.max(0, atMs > nowMs + 1000 ? atMs - DAY_MS : atMs)
}
