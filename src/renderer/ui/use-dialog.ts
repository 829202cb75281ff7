import { type KeyboardEvent, type RefObject, useEffect, useRef } from 'react'
import { rememberFocus } from './focus-before'

const STOPS = 'input, button, select, textarea, a[href], [tabindex="0"]'

/** Tab goes round within the dialog. */
function keepWithin(event: KeyboardEvent, dialog: HTMLElement | null): void {
  const stops = [...(dialog?.querySelectorAll<HTMLElement>(STOPS) ?? [])].filter(
    (stop) => stop.tabIndex >= 0 && !stop.hasAttribute('disabled') && stop.checkVisibility(),
  )
  const at = stops.findIndex((stop) => stop === document.activeElement)
  const next = stops[(at + (event.shiftKey ? -1 : 1) + stops.length) % stops.length]
  event.preventDefault()
  next?.focus()
}

interface Dialog {
  readonly ref: RefObject<HTMLDivElement | null>
  readonly pressed: (event: KeyboardEvent) => void
}

/**
 * The keyboard of a dialog over the whole screen: what is marked `data-first` has the focus at first, Tab stays within, Escape
 * closes, and afterwards the focus is where it was.
 */
export function useDialog(onClose: () => void): Dialog {
  const ref = useRef<HTMLDivElement>(null)
  // not a layout effect: when it ends, the page below may take the focus again
  useEffect(() => {
    const giveBack = rememberFocus()
    ref.current?.querySelector<HTMLElement>('[data-first]')?.focus()
    return giveBack
  }, [])
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === 'Tab') keepWithin(event, ref.current)
    if (event.key !== 'Escape' || event.defaultPrevented) return
    event.preventDefault()
    event.stopPropagation()
    onClose()
  }
  return { ref, pressed }
}
