import { type JSX, useEffect, useRef } from 'react'
import { readPalette } from '../../lanes/colours'
import { useApp } from '../../store/app-store'
import { sessionNowMs } from '../../store/links-slice'
import { selectTheme } from '../../store/theme-slice'
import { drawStrip } from './draw-strip'
import { marksOf, useTasks } from './tasks-store'

interface FiringStripProps {
  /** Tasks in sight, from the top. */
  readonly names: readonly string[]
  readonly rowHeight: number
}

/** Drawn this often: the strip moves by some five pixels a second. */
const REDRAW_MS = 100

/** One canvas over the strip column of all rows in sight, so that they share the very same now. */
export function FiringStrip({ names, rowHeight }: FiringStripProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useApp(selectTheme)
  const key = names.join('\n')
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (element === null || context === null || context === undefined) return
    const palette = readPalette(element)
    const rows = key === '' ? [] : key.split('\n')
    let frame = 0
    const draw = (): void => {
      frame = 0
      const { clientWidth: width, clientHeight: height } = element
      const ratio = globalThis.devicePixelRatio
      const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)]
      if (element.width !== wide || element.height !== high)
        Object.assign(element, { width: wide, height: high })
      context.setTransform(ratio, 0, 0, ratio, 0, 0)
      const { tasks } = useTasks.getState()
      drawStrip(context, {
        width,
        height,
        rowHeight,
        nowMs: sessionNowMs(useApp.getState(), performance.now()),
        palette,
        rows: rows.flatMap((name, at) => {
          const task = tasks.get(name)
          return task === undefined ? [] : [{ task, marks: marksOf(name), top: at * rowHeight }]
        }),
      })
    }
    const schedule = (): void => {
      frame ||= requestAnimationFrame(draw)
    }
    schedule()
    const timer = setInterval(schedule, REDRAW_MS)
    const sizes = new ResizeObserver(schedule)
    sizes.observe(element)
    return () => {
      clearInterval(timer)
      cancelAnimationFrame(frame)
      sizes.disconnect()
    }
  }, [key, rowHeight, theme])
  return (
    <canvas
      ref={canvas}
      className="tasks-strip"
      aria-hidden="true"
      style={{ height: names.length * rowHeight }}
    />
  )
}
