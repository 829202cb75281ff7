import { keepSetting, readSetting } from '../../store/kept-settings'

const SETTING = 'palette-recent'
const MAX_RECENT = 20

/** What was used last, the newest first. What was kept by hand or by another version is taken as far as it makes sense. */
export function recentEntries(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(readSetting(SETTING) ?? '[]')
    if (!Array.isArray(kept)) return []
    return kept.filter((id: unknown): id is string => typeof id === 'string').slice(0, MAX_RECENT)
  } catch {
    return []
  }
}

export function entryUsed(id: string): void {
  const others = recentEntries().filter((other) => other !== id)
  keepSetting(SETTING, JSON.stringify([id, ...others].slice(0, MAX_RECENT)))
}
