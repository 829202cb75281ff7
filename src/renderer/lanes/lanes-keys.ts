import type { ToWorker } from './worker-protocol'

const ZOOM_STEP = 1.35
const PAN_SHARE = 0.12
const AREA_SHARE = 0.02
/** Two presses of F within this time fit the selection. */
export const DOUBLE_PRESS_MS = 500

export type LanesAction =
  | { readonly kind: 'send'; readonly message: ToWorker }
  | { readonly kind: 'follow' | 'colour-mode' | 'axis' | 'byte-range' | 'focus' }
  | { readonly kind: 'scroll'; readonly rows: number }
  /** Clears the area, if there is none the selection. */
  | { readonly kind: 'clear' }
  | { readonly kind: 'remove-note' | 'twin' | 'help' }

export interface LanesKey {
  readonly key: string
  readonly isShift: boolean
  readonly isAlt?: boolean
}

/**
 * What a key does while the lanes have the focus.
 *
 * @param pointerX - Zooming goes around the pointer; null: around the middle.
 * @returns Null when the key means nothing here, so that it can act elsewhere.
 */
export function actionOfKey(press: LanesKey, pointerX: number | null): LanesAction | null {
  const { key, isShift, isAlt = false } = press
  if (isAlt) return actionWithAlt(key)
  if (isShift) {
    if (key === 'ArrowLeft') return send({ type: 'area-step', share: -AREA_SHARE })
    if (key === 'ArrowRight') return send({ type: 'area-step', share: AREA_SHARE })
  }
  switch (key.length === 1 ? key.toLowerCase() : key) {
    case 'w':
    case '+':
    case '=': // the same key as plus, without Shift
      return send({ type: 'zoom', factor: 1 / ZOOM_STEP, x: pointerX })
    case 's':
    case '-':
      return send({ type: 'zoom', factor: ZOOM_STEP, x: pointerX })
    case 'a':
    case 'ArrowLeft':
      return send({ type: 'pan-share', share: -PAN_SHARE })
    case 'd':
    case 'ArrowRight':
      return send({ type: 'pan-share', share: PAN_SHARE })
    case 'ArrowUp':
      return { kind: 'scroll', rows: -1 }
    case 'ArrowDown':
      return { kind: 'scroll', rows: 1 }
    case 'PageUp':
      return { kind: 'scroll', rows: -8 }
    case 'PageDown':
      return { kind: 'scroll', rows: 8 }
    case 'f':
      return { kind: 'focus' }
    case ',':
      return send({ type: 'step', direction: -1 })
    case '.':
      return send({ type: 'step', direction: 1 })
    case '[':
    case ']':
      return send({ type: 'partner' })
    case 'z':
      return send({ type: 'fit-area' })
    case 'Home':
      return send({ type: 'oldest' })
    case 'End':
      return { kind: 'follow' }
    case 'c':
      return { kind: 'colour-mode' }
    case 'o':
      return { kind: 'axis' }
    case 'b':
      return { kind: 'byte-range' }
    case 'm':
      return send({ type: 'ask-place', kind: isShift ? 'note' : 'marker' })
    case 'p':
      return send({ type: 'ask-pin', what: isShift ? 'lane' : 'message' })
    case 'Delete':
      return { kind: 'remove-note' }
    case 'Escape':
      return { kind: 'clear' }
    default:
      return null
  }
}

/** Keys of notes and of the other ways to read the pane; the same letters without Alt mean something else. */
function actionWithAlt(key: string): LanesAction | null {
  switch (key.toLowerCase()) {
    case ',':
      return send({ type: 'note-step', direction: -1 })
    case '.':
      return send({ type: 'note-step', direction: 1 })
    case 'l':
      return { kind: 'twin' }
    case 'f1':
      return { kind: 'help' }
    default:
      return null
  }
}

const send = (message: ToWorker): LanesAction => ({ kind: 'send', message })

/** Wheel travel to zoom factor: about a tenth per notch of a common mouse, even for touch pads. */
export function zoomOfWheel(deltaY: number, isLines: boolean): number {
  const pixels = isLines ? deltaY * 16 : deltaY
  return Math.exp(Math.max(-400, Math.min(400, pixels)) * 0.0016)
}
