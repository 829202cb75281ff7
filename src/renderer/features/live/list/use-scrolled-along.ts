import { type RefObject, useEffect } from 'react'

/** The heads of the columns go sideways with the rows. */
export function useScrolledAlong(
  rows: RefObject<HTMLElement | null>,
  heads: RefObject<HTMLElement | null>,
): void {
  useEffect(() => {
    const element = rows.current
    if (element === null) return
    const scrolled = (): void => {
      heads.current?.scrollTo({ left: element.scrollLeft })
    }
    element.addEventListener('scroll', scrolled, { passive: true })
    return () => element.removeEventListener('scroll', scrolled)
  }, [rows, heads])
}
