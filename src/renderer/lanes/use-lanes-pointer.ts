import { type RefObject, useEffect } from 'react'
import { zoomOfWheel } from './lanes-keys'
import { AXIS_HEIGHT } from './pane-geometry'
import type { LanesSession } from './lanes-session'
import { toPagePx } from '../ui/page-zoom'

/** A press that moves further than this is a drag, not a click. CSS pixels. */
const DRAG_PX = 4

interface Drag {
  /** Where the pointer was last, page. */
  readonly x: number
  readonly y: number
  /** Where it was pressed, canvas. */
  readonly startX: number
  readonly isPan: boolean
  readonly hasMoved: boolean
}

interface PointerTargets {
  readonly stage: RefObject<HTMLElement | null>
  readonly scroller: RefObject<HTMLElement | null>
  /** Where the pointer is, for zooming by key; null while it is elsewhere. */
  readonly pointerX: RefObject<number | null>
}

/**
 * Wheel zooms around the pointer, click selects, double click fits. Dragging selects a span; with Shift, with the middle
 * button or on the axis it moves the picture.
 */
export function useLanesPointer(session: LanesSession | null, targets: PointerTargets): void {
  const { stage, scroller, pointerX } = targets
  useEffect(() => {
    const element = stage.current
    const canvas = session?.canvas
    if (element === null || session === null || canvas === undefined) return
    let drag: Drag | null = null

    const wheeled = (event: WheelEvent): void => {
      event.preventDefault()
      const isLines = event.deltaMode === WheelEvent.DOM_DELTA_LINE
      if (event.altKey) {
        scroller.current?.scrollBy({ top: event.deltaY })
        return
      }
      const across = event.shiftKey ? event.deltaY : event.deltaX
      if (Math.abs(across) > (event.shiftKey ? 0 : Math.abs(event.deltaY))) {
        session.send({ type: 'pan', dx: across })
      } else if (event.deltaY !== 0) {
        session.send({ type: 'zoom', factor: zoomOfWheel(event.deltaY, isLines), x: event.offsetX })
      }
    }
    const pressed = (event: PointerEvent): void => {
      if (event.button !== 0 && event.button !== 1) return
      const isPan = event.button === 1 || event.shiftKey || event.offsetY < AXIS_HEIGHT
      drag = { x: event.clientX, y: event.clientY, startX: event.offsetX, isPan, hasMoved: false }
      canvas.setPointerCapture(event.pointerId)
    }
    const moved = (event: PointerEvent): void => {
      pointerX.current = event.offsetX
      if (drag === null) {
        session.send({ type: 'pointer', at: { x: event.offsetX, y: event.offsetY } })
        return
      }
      const dx = toPagePx(event.clientX - drag.x)
      const dy = toPagePx(event.clientY - drag.y)
      if (!drag.hasMoved && Math.hypot(dx, dy) < DRAG_PX) return
      if (!drag.hasMoved) session.send({ type: 'pointer', at: null })
      if (!drag.isPan) {
        if (!drag.hasMoved) session.send({ type: 'area-begin', x: drag.startX })
        session.send({ type: 'area-move', x: event.offsetX })
        drag = { ...drag, hasMoved: true }
        return
      }
      drag = { ...drag, x: event.clientX, y: event.clientY, hasMoved: true }
      canvas.style.cursor = 'grabbing'
      if (dx !== 0) session.send({ type: 'pan', dx: -dx })
      if (dy !== 0) scroller.current?.scrollBy({ top: -dy })
    }
    const released = (event: PointerEvent): void => {
      const wasClick = drag !== null && !drag.hasMoved
      drag = null
      canvas.style.cursor = ''
      if (wasClick && event.button === 0) session.send({ type: 'pick', x: event.offsetX, y: event.offsetY })
    }
    const left = (): void => {
      pointerX.current = null
      if (drag === null) session.send({ type: 'pointer', at: null })
    }
    const cancelled = (): void => {
      drag = null
      canvas.style.cursor = ''
    }
    const doubled = (event: MouseEvent): void =>
      session.send({ type: 'fit-at', x: event.offsetX, y: event.offsetY })

    element.addEventListener('wheel', wheeled, { passive: false })
    canvas.addEventListener('pointerdown', pressed)
    canvas.addEventListener('pointermove', moved)
    canvas.addEventListener('pointerup', released)
    canvas.addEventListener('pointerleave', left)
    canvas.addEventListener('pointercancel', cancelled)
    canvas.addEventListener('dblclick', doubled)
    return () => {
      element.removeEventListener('wheel', wheeled)
      canvas.removeEventListener('pointerdown', pressed)
      canvas.removeEventListener('pointermove', moved)
      canvas.removeEventListener('pointerup', released)
      canvas.removeEventListener('pointerleave', left)
      canvas.removeEventListener('pointercancel', cancelled)
      canvas.removeEventListener('dblclick', doubled)
    }
  }, [session, stage, scroller, pointerX])
}
