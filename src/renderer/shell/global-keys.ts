/** What a key press means anywhere on the page. */
export type GlobalAction =
  | 'connect'
  | 'send'
  | 'pause'
  | 'newest'
  | 'oldest'
  | 'next-pane'
  | 'previous-pane'
  | 'first-page'
  | 'second-page'
  | 'third-page'
  | 'help'
  | 'explain'
  | 'lock'
  | 'reset'
  | 'triggers'
  | 'filter'
  | 'find'
  | 'find-next'
  | 'find-previous'

export interface KeyPress {
  readonly key: string
  /** Ctrl, or Command on a Mac. */
  readonly isCommand: boolean
  readonly isShift: boolean
  readonly isAlt: boolean
}

/** Where the focus is: text fields own all plain keys, other controls own Space and Enter. */
export type FocusPlace = 'text' | 'control' | 'other'

export function globalAction(press: KeyPress, place: FocusPlace): GlobalAction | null {
  const { key, isCommand, isShift, isAlt } = press
  if (key === 'F6' && !isCommand && !isAlt) return isShift ? 'previous-pane' : 'next-pane'
  if (isAlt) return null
  if (key === 'F3' && !isCommand) return isShift ? 'find-previous' : 'find-next'
  if (isCommand) {
    if (key === 'Enter') return 'send'
    if (isShift) return COMMAND_SHIFT[key.toLowerCase()] ?? null
    if (key === '/') return 'filter'
    if (key.toLowerCase() === 'f') return 'find'
    if (key.toLowerCase() === 'o') return 'connect'
    return PAGE_OF_DIGIT[key] ?? null
  }
  if (place === 'text') return null
  if (key === '?') return 'help'
  if (key === 'e') return 'explain'
  if (key === 'End') return 'newest'
  if (key === 'Home') return 'oldest'
  return key === ' ' && place === 'other' ? 'pause' : null
}

const PAGE_OF_DIGIT: Readonly<Record<string, GlobalAction>> = {
  1: 'first-page',
  2: 'second-page',
  3: 'third-page',
}

/** What belongs to the live page alone: on another page the key is that page's own, or nothing. */
export const LIVE_ACTIONS: ReadonlySet<GlobalAction> = new Set([
  'send',
  'pause',
  'newest',
  'oldest',
  'explain',
  'filter',
  'find',
  'find-next',
  'find-previous',
])

const COMMAND_SHIFT: Readonly<Record<string, GlobalAction>> = { l: 'lock', d: 'reset', t: 'triggers' }

const TEXT_INPUTS = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]'
const CONTROLS = 'button, a[href], [role=tab], [role=option], [role=listbox], [role=separator], input'

export function focusPlaceOf(element: Element | null): FocusPlace {
  if (element?.closest(TEXT_INPUTS)) return 'text'
  return element?.closest(CONTROLS) ? 'control' : 'other'
}
