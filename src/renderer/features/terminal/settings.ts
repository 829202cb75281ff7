import { keepSetting, readSetting } from '../../store/kept-settings'
import type { TimeKind } from './prefix'

export type ViewKind = 'text' | 'hex'
export type LineEnding = 'none' | 'lf' | 'cr' | 'crlf'

/** How bytes are shown: the same for all links, kept. */
export interface TerminalSettings {
  readonly view: ViewKind
  readonly times: TimeKind
  readonly hasEcho: boolean
  readonly fontSize: number
  /** Lines the terminal keeps. */
  readonly scrollback: number
}

const FONT_SIZES = { least: 9, most: 24 } as const
export const SCROLLBACKS = [1000, 10_000, 50_000] as const
export const ENDINGS: Readonly<Record<LineEnding, string>> = { none: '', lf: '\n', cr: '\r', crlf: '\r\n' }
export const MAX_HISTORY = 100
const MAX_HISTORY_TEXT = 4096

const DEFAULTS: TerminalSettings = {
  view: 'text',
  times: 'clock',
  hasEcho: true,
  fontSize: 12,
  scrollback: 10_000,
}
const TIMES: readonly TimeKind[] = ['clock', 'start', 'delta', 'none']

/** What was kept, as far as it still makes sense. */
export function readTerminalSettings(): TerminalSettings {
  const kept = readJson('terminal')
  if (typeof kept !== 'object' || kept === null) return DEFAULTS
  const { view, times, hasEcho, fontSize, scrollback } = kept as Record<keyof TerminalSettings, unknown>
  return {
    view: view === 'hex' ? 'hex' : 'text',
    times: TIMES.find((kind) => kind === times) ?? DEFAULTS.times,
    hasEcho: typeof hasEcho === 'boolean' ? hasEcho : DEFAULTS.hasEcho,
    fontSize: typeof fontSize === 'number' ? clampFontSize(fontSize) : DEFAULTS.fontSize,
    scrollback: SCROLLBACKS.find((lines) => lines === scrollback) ?? DEFAULTS.scrollback,
  }
}

export const keepTerminalSettings = (settings: TerminalSettings): void =>
  keepSetting('terminal', JSON.stringify(settings))

export const clampFontSize = (px: number): number =>
  Math.min(FONT_SIZES.most, Math.max(FONT_SIZES.least, Math.round(px)))

/** @param linkTitle - Names the link as a person knows it, without what is secret in its address. */
export function readEnding(linkTitle: string): LineEnding {
  const kept = readSetting(`terminal-ending:${linkTitle}`)
  return kept !== null && kept in ENDINGS ? (kept as LineEnding) : 'crlf'
}

export const keepEnding = (linkTitle: string, ending: LineEnding): void =>
  keepSetting(`terminal-ending:${linkTitle}`, ending)

/** Lines sent before, the newest last. */
export function readHistory(): readonly string[] {
  const kept = readJson('terminal-history')
  return Array.isArray(kept) ? kept.filter((line) => typeof line === 'string').slice(-MAX_HISTORY) : []
}

/** @returns the history with a line more; the same line twice in a row counts once. */
export function keepHistory(history: readonly string[], line: string): readonly string[] {
  if (line === '' || line.length > MAX_HISTORY_TEXT || history.at(-1) === line) return history
  const longer = [...history, line].slice(-MAX_HISTORY)
  keepSetting('terminal-history', JSON.stringify(longer))
  return longer
}

function readJson(name: string): unknown {
  try {
    return JSON.parse(readSetting(name) ?? 'null')
  } catch {
    return null
  }
}
