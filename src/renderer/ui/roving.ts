import type { KeyboardEvent } from 'react'

/** Where an arrow key, Home or End leads in a row of choices; it wraps. Undefined for any other key. */
export function roving(key: string, index: number, count: number): number | undefined {
  if (count === 0) return undefined
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return (index + 1) % count
    case 'ArrowLeft':
    case 'ArrowUp':
      return (index - 1 + count) % count
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return undefined
  }
}

/** Lets the focus go from one of the stops to the next as the key says. */
export function roveFocus(event: KeyboardEvent, stops: readonly HTMLElement[]): void {
  const here = stops.findIndex((stop) => stop === document.activeElement)
  const next = roving(event.key, here, stops.length)
  if (next === undefined) return
  event.preventDefault()
  stops[next]?.focus()
}
