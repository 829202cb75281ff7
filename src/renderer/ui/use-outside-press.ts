import { type RefObject, useEffect } from 'react'

/** Calls `onPress` when the pointer is pressed anywhere but in the box, before anything else hears of it. */
export function useOutsidePress(box: RefObject<HTMLElement | null>, onPress: () => void): void {
  useEffect(() => {
    const pressed = (event: PointerEvent): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) onPress()
    }
    window.addEventListener('pointerdown', pressed, true)
    return () => window.removeEventListener('pointerdown', pressed, true)
  }, [box, onPress])
}
