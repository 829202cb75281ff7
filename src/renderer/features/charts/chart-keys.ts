/** What a key does while the charts have the focus. */
export type ChartKey =
  | { readonly kind: 'cursor'; readonly bins: number }
  | { readonly kind: 'panel'; readonly step: 1 | -1 }
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'pan'; readonly share: number }
  | { readonly kind: 'follow' | 'oldest' | 'pause' | 'pick' | 'clear' }

const ZOOM_STEP = 1.35
const PAN_SHARE = 0.12
const FAR_BINS = 10

/** @returns Null when the key means nothing here, so that it can act elsewhere. */
export function chartKey(key: string, isShift: boolean): ChartKey | null {
  switch (key.length === 1 ? key.toLowerCase() : key) {
    case 'ArrowLeft':
      return { kind: 'cursor', bins: isShift ? -FAR_BINS : -1 }
    case 'ArrowRight':
      return { kind: 'cursor', bins: isShift ? FAR_BINS : 1 }
    case 'ArrowUp':
      return { kind: 'panel', step: -1 }
    case 'ArrowDown':
      return { kind: 'panel', step: 1 }
    case 'w':
    case '+':
    case '=': // the same key as plus, without Shift
      return { kind: 'zoom', factor: 1 / ZOOM_STEP }
    case 's':
    case '-':
      return { kind: 'zoom', factor: ZOOM_STEP }
    case 'a':
      return { kind: 'pan', share: -PAN_SHARE }
    case 'd':
      return { kind: 'pan', share: PAN_SHARE }
    case 'End':
      return { kind: 'follow' }
    case 'Home':
      return { kind: 'oldest' }
    case ' ':
      return { kind: 'pause' }
    case 'Enter':
      return { kind: 'pick' }
    case 'Escape':
      return { kind: 'clear' }
    default:
      return null
  }
}
