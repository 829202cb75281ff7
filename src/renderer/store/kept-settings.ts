/**
 * Small choices of the person that outlive the page. The truth is in the workspace, shared by all windows and hosts
 * (`SharedSettings`); the browser's storage holds a copy, so that the first drawing is right. Storage may be missing, full or
 * forbidden (private windows, a foreign origin): then there is no copy.
 */
const PREFIX = 'netcore-console:'
/** Names of choices that the core does not know yet: the page may go before they are told. */
const UNTOLD = `${PREFIX}untold`
/** Belongs to this screen, or may hold what was typed into a device: it stays in the browser. */
const HERE_ONLY: ReadonlySet<string> = new Set(['zoom', 'terminal-history'])
/** As the contract has it. */
const MAX_NAME_LENGTH = 200
const MAX_VALUE_LENGTH = 64 * 1024

const values = new Map<string, string>()
const untold = new Set<string>()
const listeners = new Set<(names: ReadonlySet<string>) => void>()
let hasNews = (): void => undefined
/** From then on this page knows by itself what holds: another window changes the same copy. */
let isShared = false

export const readSetting = (name: string): string | null =>
  isShared ? (values.get(name) ?? null) : stored(PREFIX + name)

export function keepSetting(name: string, value: string): void {
  if (readSetting(name) === value) return
  if (isShared) values.set(name, value)
  store(PREFIX + name, value)
  if (!isShared) return
  if (HERE_ONLY.has(name) || name.length > MAX_NAME_LENGTH || value.length > MAX_VALUE_LENGTH) return
  untold.add(name)
  store(UNTOLD, JSON.stringify([...untold]))
  hasNews()
}

/** Choices of the workspace take the place of those here, but for what the workspace was not told yet. */
export function takeSettings(shared: Readonly<Record<string, string>>): void {
  const changed = new Set<string>()
  for (const name of [...values.keys()]) {
    if (HERE_ONLY.has(name) || untold.has(name) || Object.hasOwn(shared, name)) continue
    changed.add(name)
    values.delete(name)
    store(PREFIX + name, null)
  }
  for (const [name, value] of Object.entries(shared)) {
    if (HERE_ONLY.has(name) || untold.has(name) || readSetting(name) === value) continue
    values.set(name, value)
    store(PREFIX + name, value)
    changed.add(name)
  }
  if (changed.size === 0) return
  for (const listener of [...listeners]) listener(changed)
}

/** Calls `listener` with the names of choices that somebody else made. */
export function onSettingsTaken(listener: (names: ReadonlySet<string>) => void): void {
  listeners.add(listener)
}

/** What the workspace was not told yet. @param listener - Called whenever there is more. */
export function untoldSettings(listener: () => void): {
  readonly next: () => [string, string] | undefined
  readonly told: (name: string, value: string) => void
} {
  hasNews = listener
  isShared = true
  for (const name of storedNames()) values.set(name, stored(PREFIX + name) ?? '')
  for (const name of storedUntold()) untold.add(name)
  return {
    next: () => {
      for (const name of untold) {
        const value = readSetting(name)
        if (value !== null) return [name, value]
        untold.delete(name)
      }
      return undefined
    },
    told: (name, value) => {
      if (readSetting(name) !== value) return // changed again meanwhile
      untold.delete(name)
      store(UNTOLD, untold.size === 0 ? null : JSON.stringify([...untold]))
    },
  }
}

function storedUntold(): string[] {
  try {
    const names: unknown = JSON.parse(stored(UNTOLD) ?? '[]')
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
  } catch {
    return []
  }
}

function storedNames(): string[] {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX) && key !== UNTOLD)
      .map((key) => key.slice(PREFIX.length))
  } catch {
    return []
  }
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function store(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // the copy is missing: the workspace has it
  }
}
