/**
 * The zoom of the whole page is a CSS zoom of its root. What the browser tells of the pointer and of boxes is in pixels of the window;
 * what is written into styles is in pixels of the page, which are larger. This is the one place that knows both.
 */
export const pageZoom = (): number => Number(document.documentElement.style.zoom) || 1

export const pageWidthPx = (): number => Math.round(window.innerWidth / pageZoom())
export const pageHeightPx = (): number => Math.round(window.innerHeight / pageZoom())

/** Pixels of the window in pixels of the page. */
export const toPagePx = (windowPx: number): number => windowPx / pageZoom()

/** Dots of the screen per pixel of the page: what a canvas needs to be sharp. */
export const pixelRatio = (): number => window.devicePixelRatio * pageZoom()

/** Hears of the window and of the zoom. */
export function watchPageSize(listener: () => void): () => void {
  window.addEventListener('resize', listener)
  const zoomed = new MutationObserver(listener)
  zoomed.observe(document.documentElement, { attributeFilter: ['data-zoom'] })
  return () => {
    window.removeEventListener('resize', listener)
    zoomed.disconnect()
  }
}
