import { type JSX, useEffect, useRef } from 'react'
import type { RecordingMoment, RecordingStrip } from '../../../shared/model/library'
import { readPalette } from '../../lanes/colours'
import { useApp } from '../../store/app-store'
import { selectTheme } from '../../store/theme-slice'
import { drawStrip } from './draw-strip'

const NONE: readonly RecordingMoment[] = []

interface StripCanvasProps {
  readonly strip: RecordingStrip
  readonly className: string
  readonly moments?: readonly RecordingMoment[]
  readonly lengthMs?: number
}

/** The thumbnail of a recording. The facts beside it say the same in words. */
export function StripCanvas({
  strip,
  className,
  moments = NONE,
  lengthMs = 0,
}: StripCanvasProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useApp(selectTheme)
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (element === null || context === null || context === undefined) return
    let frame = 0
    const draw = (): void => {
      frame = 0
      const { clientWidth: width, clientHeight: height } = element
      const ratio = globalThis.devicePixelRatio
      const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)]
      if (element.width !== wide || element.height !== high)
        Object.assign(element, { width: wide, height: high })
      context.setTransform(ratio, 0, 0, ratio, 0, 0)
      drawStrip(context, { strip, width, height, palette: readPalette(element), moments, lengthMs })
    }
    const schedule = (): void => {
      frame ||= requestAnimationFrame(draw)
    }
    schedule()
    const sizes = new ResizeObserver(schedule)
    sizes.observe(element)
    return () => {
      cancelAnimationFrame(frame)
      sizes.disconnect()
    }
  }, [strip, moments, lengthMs, theme])
  return <canvas ref={canvas} className={className} aria-hidden="true" />
}
