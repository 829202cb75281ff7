import { compileFilter } from '../../shared/filter'
import {
  type FilterChip,
  FILTER_MODES,
  type FilterRule,
  HUES,
  MAX_CHIP_NAME,
  MAX_CHIPS,
  NO_RULE,
} from './filters'
import { keepSetting, readSetting } from './kept-settings'

const SETTINGS = { rule: 'filter', chips: 'filter-chips', history: 'filter-history' } as const
export const MAX_HISTORY = 30

export const keepRule = (rule: FilterRule): void => keepSetting(SETTINGS.rule, JSON.stringify(rule))
export const keepChips = (chips: readonly FilterChip[]): void =>
  keepSetting(SETTINGS.chips, JSON.stringify(chips))
export const keepHistory = (history: readonly string[]): void =>
  keepSetting(SETTINGS.history, JSON.stringify(history))

export const keptRule = (): FilterRule => readRule(parsed(readSetting(SETTINGS.rule))) ?? NO_RULE
export const keptChips = (): readonly FilterChip[] => readChips(parsed(readSetting(SETTINGS.chips)))
export const keptHistory = (): readonly string[] => readHistory(parsed(readSetting(SETTINGS.history)))

/** What was kept by another version, or by hand, is taken as far as it makes sense. */
export function readChips(kept: unknown): FilterChip[] {
  if (!Array.isArray(kept)) return []
  const chips = kept.flatMap((item: unknown): Omit<FilterChip, 'chipId'>[] => {
    const rule = readRule(item)
    const name = isRecord(item) ? item['name'] : undefined
    if (rule === null || rule.filter === '' || typeof name !== 'string') return []
    return [{ ...rule, name: name.slice(0, MAX_CHIP_NAME) }]
  })
  return chips.slice(0, MAX_CHIPS).map((chip, index) => ({ ...chip, chipId: index + 1 }))
}

/** Null for what is no rule, or has a filter that is not understood. */
export function readRule(kept: unknown): FilterRule | null {
  if (!isRecord(kept)) return null
  const { filter, isOn } = kept
  const mode = FILTER_MODES.find((known) => known === kept['mode'])
  const hue = HUES.find((known) => known === kept['hue'])
  if (typeof filter !== 'string' || typeof isOn !== 'boolean') return null
  if (mode === undefined || hue === undefined || !compileFilter(filter).ok) return null
  return { filter, mode, hue, isOn }
}

export const readHistory = (kept: unknown): string[] =>
  Array.isArray(kept)
    ? kept.filter((text: unknown): text is string => typeof text === 'string').slice(0, MAX_HISTORY)
    : []

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
