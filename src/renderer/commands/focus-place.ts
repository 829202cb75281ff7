import type { FocusPlace } from './key-map'

const TEXT_INPUTS = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]'
const CONTROLS = 'button, a[href], [role=tab], [role=option], [role=listbox], [role=separator], input'

export function focusPlaceOf(element: Element | null): FocusPlace {
  if (element?.closest(TEXT_INPUTS)) return 'text'
  return element?.closest(CONTROLS) ? 'control' : 'other'
}
