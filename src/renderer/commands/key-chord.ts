/** A combination of keys in one way of writing it: `Mod+Alt+Shift+K`. Letters are capital, Shift is not said for what it types (`?`). */
export type KeyChord = string

export interface KeyPress {
  readonly key: string
  /** Ctrl, or Command on a Mac. */
  readonly isCommand: boolean
  readonly isShift: boolean
  readonly isAlt: boolean
  /** The place of the key on the board, such as `KeyL`; tells the letter where Alt types another sign. */
  readonly code?: string
}

const MODIFIERS: ReadonlyMap<string, 'Mod' | 'Alt' | 'Shift'> = new Map([
  ['mod', 'Mod'],
  ['ctrl', 'Mod'],
  ['control', 'Mod'],
  ['cmd', 'Mod'],
  ['command', 'Mod'],
  ['meta', 'Mod'],
  ['alt', 'Alt'],
  ['option', 'Alt'],
  ['shift', 'Shift'],
])

/** Keys with a name, as a chord writes them, by what people write. */
const NAMED_KEYS: ReadonlyMap<string, string> = new Map(
  [
    ...['Enter', 'Escape', 'Tab', 'Space', 'Backspace', 'Delete', 'Insert', 'Home', 'End', 'PageUp'],
    ...['PageDown', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'ContextMenu', 'Pause'],
    ...Array.from({ length: 24 }, (_, index) => `F${index + 1}`),
  ].map((name) => [name.toLowerCase(), name] as const),
)
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['esc', 'Escape'],
  ['del', 'Delete'],
  ['up', 'ArrowUp'],
  ['down', 'ArrowDown'],
  ['left', 'ArrowLeft'],
  ['right', 'ArrowRight'],
  ['plus', '+'],
])

/** One sign, also one beyond the first 65 536. */
const isOneSign = (key: string): boolean => /^.$/u.test(key)
const isLetter = (key: string): boolean => key.length === 1 && key.toLowerCase() !== key.toUpperCase()

/** A digit or a sign: what Shift makes of it is another sign, which differs between keyboards. */
const isSign = (key: string): boolean => isOneSign(key) && !isLetter(key)

function joined(mods: ReadonlySet<string>, key: string): KeyChord {
  const names = ['Mod', 'Alt', 'Shift'].filter((name) => mods.has(name) && !(name === 'Shift' && isSign(key)))
  return [...names, isLetter(key) ? key.toUpperCase() : key].join('+')
}

/** @returns The chord in its one way of writing; null when the text names no key. */
export function parseChord(text: string): KeyChord | null {
  const trimmed = text.trim()
  // the plus sign itself: `+`, `Mod++`
  const isPlus = trimmed === '+' || trimmed.endsWith('++')
  const parts = isPlus ? [...trimmed.slice(0, -2).split('+').filter(Boolean), '+'] : trimmed.split('+')
  const last = parts.pop()?.trim() ?? ''
  const mods = new Set<string>()
  for (const part of parts) {
    const mod = MODIFIERS.get(part.trim().toLowerCase())
    if (mod === undefined || mods.has(mod)) return null
    mods.add(mod)
  }
  const name = NAMED_KEYS.get(last.toLowerCase()) ?? SHORT_NAMES.get(last.toLowerCase())
  if (name !== undefined) return joined(mods, name)
  return isOneSign(last) ? joined(mods, last) : null
}

/** @returns Null for a press of a modifier alone, a dead key and what is not typed by a key. */
export function chordOf(press: KeyPress): KeyChord | null {
  const key = keyOf(press)
  if (key === null) return null
  const mods = new Set<string>()
  if (press.isCommand) mods.add('Mod')
  if (press.isAlt) mods.add('Alt')
  if (press.isShift) mods.add('Shift')
  return joined(mods, key)
}

function keyOf({ key, isAlt, code = '' }: KeyPress): string | null {
  if (key === ' ') return 'Space'
  const named = NAMED_KEYS.get(key.toLowerCase())
  if (named !== undefined && key.length > 1) return named
  // Option on a Mac types another sign: the letter printed on the key is meant
  const letter = /^Key([A-Z])$/.exec(code)?.[1]
  if (isAlt && letter !== undefined && !/^[a-z]$/i.test(key)) return letter
  return isOneSign(key) ? key : null
}

/** The press that makes this chord, for a pane that reads keys itself. */
export function pressOf(chord: KeyChord): KeyPress {
  const isPlus = chord.endsWith('+')
  const parts = (isPlus ? chord.slice(0, -1) : chord).split('+')
  const key = isPlus ? '+' : (parts.pop() ?? '')
  const isShift = parts.includes('Shift')
  const typed = key === 'Space' ? ' ' : isLetter(key) && !isShift ? key.toLowerCase() : key
  return { key: typed, isCommand: parts.includes('Mod'), isAlt: parts.includes('Alt'), isShift }
}

/** Types a sign: text fields own such a chord, and it can be turned off for people who press keys by accident. */
export const isTypedChord = (chord: KeyChord): boolean => /^(Shift\+)?.$/u.test(chord)

/** Acts also in a text field: it has Ctrl or Alt, or is a function key. */
export const actsInText = (chord: KeyChord): boolean => /^(Mod|Alt)\+|^(Shift\+)?F\d+$/.test(chord)

export type KeyStyle = 'words' | 'mac'

const SHOWN: Readonly<Record<KeyStyle, Readonly<Record<string, string>>>> = {
  words: { Mod: 'Ctrl', Escape: 'Esc' },
  mac: { Mod: '⌘', Alt: '⌥', Shift: '⇧', Escape: 'Esc', Enter: '⏎' },
}
const SHOWN_ALWAYS: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'Page ↑',
  PageDown: 'Page ↓',
}

/** The chord as it stands beside an entry: `Ctrl Shift L`, on a Mac `⌘⇧L`. */
export function chordWords(chord: KeyChord, style: KeyStyle): string {
  const isPlus = chord.endsWith('+')
  const parts = isPlus ? [...chord.slice(0, -1).split('+').filter(Boolean), '+'] : chord.split('+')
  return parts
    .map((part) => SHOWN[style][part] ?? SHOWN_ALWAYS[part] ?? part)
    .join(style === 'mac' ? '' : ' ')
}

/** How keys are written for the system this page runs on. */
export const keyStyleOf = (platform: string): KeyStyle =>
  /mac|iphone|ipad/i.test(platform) ? 'mac' : 'words'
