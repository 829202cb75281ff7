import type { ToWorker } from './worker-protocol'

const ZOOM_STEP = 1.35
const PAN_SHARE = 0.12

export type LanesAction =
  | { readonly kind: 'send'; readonly message: ToWorker }
  | { readonly kind: 'follow' }
  | { readonly kind: 'colour-mode' }
  | { readonly kind: 'scroll'; readonly rows: number }
  | { readonly kind: 'deselect' }

/**
 * What a key does while the lanes have the focus.
 *
 * @param pointerX - Zooming goes around the pointer; null: around the middle.
 * @returns Null when the key means nothing here, so that it can act elsewhere.
 */
export function actionOfKey(key: string, pointerX: number | null): LanesAction | null {
  switch (key.length === 1 ? key.toLowerCase() : key) {
    case 'w':
    case '+':
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
    case 'f':
      return send({ type: 'fit-selection' })
    case ',':
      return send({ type: 'step', direction: -1 })
    case '.':
      return send({ type: 'step', direction: 1 })
    case 'Home':
      return send({ type: 'oldest' })
    case 'End':
      return { kind: 'follow' }
    case 'c':
      return { kind: 'colour-mode' }
    case 'Escape':
      return { kind: 'deselect' }
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
