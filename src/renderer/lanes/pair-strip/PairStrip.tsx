import { type JSX, type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import { pixelRatio, toPagePx } from '../../ui/page-zoom'
import { readPalette } from '../colours'
import { FrameScheduler } from '../frame-scheduler'
import { type AxisView, endOf, pixelScale, reveal } from '../time-scale'
import { drawStrip } from './draw-strip'
import { hitStrip, type StripHit, tieStart } from './strip-layout'
import type { StripBlock, StripLabels, StripTie, TimeWindow } from './strip-types'
import { clampView, keyView, viewOf, wheelView } from './strip-view'
import './pair-strip.css'

export interface PairStripProps {
  /** What is shown at first, and again when these numbers change. */
  readonly fromMs: number
  readonly toMs: number
  /** How far one can go; the first window when left out. */
  readonly bounds?: TimeWindow
  readonly above: readonly StripBlock[]
  readonly below: readonly StripBlock[]
  readonly ties: readonly StripTie[]
  readonly selectedTie: number | null
  readonly onSelect: (tie: number | null) => void
  readonly playheadMs?: number
  readonly labels: StripLabels
  /** Called with what is visible after every change of it, for those who load as one goes. */
  readonly onView?: (window: TimeWindow) => void
}

type Shown = Pick<PairStripProps, 'above' | 'below' | 'ties' | 'selectedTie' | 'playheadMs'>

interface Tip {
  readonly x: number
  readonly text: string
}

/** Farther than this a press with the pointer moves the picture and selects nothing. */
const DRAG_PX = 4

/**
 * Two lines over one another with curves between what is the same in both: A over B, recorded over predicted. The wheel
 * zooms, dragging moves; W S A D and the arrows do the same, `,` and `.` go from one pair to the next.
 */
export function PairStrip(props: PairStripProps): JSX.Element {
  const { fromMs, toMs, above, below, ties, selectedTie, labels } = props
  const boundsFrom = props.bounds?.fromMs ?? fromMs
  const boundsTo = props.bounds?.toMs ?? toMs
  const canvasRef = useRef<HTMLCanvasElement>(null)
  const shown = useRef<Shown>(props)
  const view = useRef<AxisView>(viewOf({ fromMs, toMs }))
  const hover = useRef<StripHit | null>(null)
  const drag = useRef<{ startX: number; from: number; hasMoved: boolean } | null>(null)
  const redraw = useRef<(() => void) | null>(null)
  const onView = useRef(props.onView)
  const [tip, setTip] = useState<Tip | null>(null)

  useEffect(() => {
    const canvas = canvasRef.current
    const ctx = canvas?.getContext('2d')
    if (!canvas || !ctx) return
    let palette = readPalette(canvas)
    const draw = (): boolean => {
      const ratio = pixelRatio()
      const width = Math.max(1, Math.round(canvas.clientWidth * ratio))
      const height = Math.max(1, Math.round(canvas.clientHeight * ratio))
      if (canvas.width !== width) canvas.width = width
      if (canvas.height !== height) canvas.height = height
      drawStrip(ctx, {
        ...shown.current,
        scale: pixelScale(view.current, width),
        height,
        ratio,
        palette,
        hover: hover.current,
        playheadMs: shown.current.playheadMs ?? null,
      })
      return false
    }
    const scheduler = new FrameScheduler((run) => {
      const id = requestAnimationFrame(run)
      return () => cancelAnimationFrame(id)
    }, draw)
    redraw.current = () => scheduler.invalidate()
    const sizes = new ResizeObserver(() => scheduler.invalidate())
    sizes.observe(canvas)
    const looks = new MutationObserver(() => {
      palette = readPalette(canvas)
      scheduler.invalidate()
    })
    looks.observe(document.documentElement, { attributeFilter: ['data-theme', 'data-zoom'] })
    return () => {
      sizes.disconnect()
      looks.disconnect()
      scheduler.stop()
      redraw.current = null
    }
  }, [])

  useEffect(() => {
    onView.current = props.onView
  }, [props.onView])

  useEffect(() => {
    shown.current = {
      above,
      below,
      ties,
      selectedTie,
      ...(props.playheadMs === undefined ? {} : { playheadMs: props.playheadMs }),
    }
    redraw.current?.()
  }, [above, below, ties, selectedTie, props.playheadMs])

  useEffect(() => {
    view.current = viewOf({ fromMs, toMs })
    redraw.current?.()
  }, [fromMs, toMs])

  const look = (next: AxisView): void => {
    view.current = next
    redraw.current?.()
    onView.current?.({ fromMs: next.from, toMs: endOf(next) })
  }

  useEffect(() => {
    const canvas = canvasRef.current
    if (canvas === null) return
    // React listens passively to the wheel: it could not keep the page from scrolling
    const turned = (event: WheelEvent): void => {
      event.preventDefault()
      const next = wheelView(
        view.current,
        { fromMs: boundsFrom, toMs: boundsTo },
        { deltaX: event.deltaX, deltaY: event.deltaY, isShift: event.shiftKey },
        event.offsetX / Math.max(1, canvas.clientWidth),
      )
      view.current = next
      redraw.current?.()
      onView.current?.({ fromMs: next.from, toMs: endOf(next) })
    }
    canvas.addEventListener('wheel', turned, { passive: false })
    return () => canvas.removeEventListener('wheel', turned)
  }, [boundsFrom, boundsTo])

  const hitAt = (event: PointerEvent<HTMLCanvasElement>): StripHit | null => {
    const ratio = pixelRatio()
    const scale = pixelScale(view.current, event.currentTarget.clientWidth * ratio)
    const { offsetX, offsetY } = event.nativeEvent
    return hitStrip(scale, ratio, { above, below, ties }, offsetX * ratio, offsetY * ratio)
  }

  const describeTie = (index: number): string => {
    const tie = ties[index]
    if (tie === undefined || labels.describe === undefined) return ''
    return tie.above >= 0 ? labels.describe('above', tie.above) : labels.describe('below', tie.below)
  }

  const moved = (event: PointerEvent<HTMLCanvasElement>): void => {
    const held = drag.current
    const canvas = event.currentTarget
    if (held !== null) {
      const byPx = toPagePx(event.clientX - held.startX)
      held.hasMoved ||= Math.abs(byPx) > DRAG_PX
      if (!held.hasMoved) return
      const from = held.from - (byPx / Math.max(1, canvas.clientWidth)) * view.current.span
      look(clampView({ ...view.current, from }, { fromMs: boundsFrom, toMs: boundsTo }))
      return
    }
    const hit = hitAt(event)
    if (
      hit?.block === hover.current?.block &&
      hit?.tie === hover.current?.tie &&
      hit?.side === hover.current?.side
    )
      return
    hover.current = hit
    redraw.current?.()
    canvas.style.cursor = hit === null ? 'grab' : 'pointer'
    const text =
      hit === null
        ? ''
        : hit.side === null
          ? describeTie(hit.tie)
          : (labels.describe?.(hit.side, hit.block) ?? '')
    setTip(text === '' ? null : { x: Math.min(event.nativeEvent.offsetX, canvas.clientWidth - 200), text })
  }

  const keyed = (event: KeyboardEvent<HTMLCanvasElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const bounds = { fromMs: boundsFrom, toMs: boundsTo }
    if (event.key === ',' || event.key === '.') {
      const last = ties.length - 1
      const at = selectedTie ?? (event.key === '.' ? -1 : ties.length)
      const next = Math.min(last, Math.max(0, at + (event.key === '.' ? 1 : -1)))
      if (last < 0) return
      event.preventDefault()
      event.stopPropagation()
      const startMs = tieStart(ties[next]!, above, below)
      if (startMs !== null) look(clampView(reveal(view.current, startMs, startMs), bounds))
      props.onSelect(next)
      return
    }
    if (event.key === 'Escape' && selectedTie !== null) {
      event.stopPropagation()
      props.onSelect(null)
      return
    }
    const next = keyView(view.current, bounds, event.key)
    if (next === null) return
    event.preventDefault()
    event.stopPropagation()
    look(next)
  }

  return (
    <div className="pair-strip">
      <div className="pair-strip-heads">
        <div className="pair-strip-head pair-strip-above">
          <span className="ab ab-a">A</span>
          <span className="pair-strip-name">{labels.above}</span>
          <span className="t3">↑ ↓</span>
        </div>
        <div className="pair-strip-head pair-strip-ties t3">
          <span className="pair-strip-name">{labels.ties}</span>
        </div>
        <div className="pair-strip-head pair-strip-below">
          <span className="ab ab-b">B</span>
          <span className="pair-strip-name">{labels.below}</span>
          <span className="t3">↑ ↓</span>
        </div>
      </div>
      <div className="pair-strip-field">
        <canvas
          ref={canvasRef}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: keys move and select inside of the picture
          tabIndex={0}
          role="application"
          aria-roledescription="timeline"
          aria-label={labels.strip}
          onKeyDown={keyed}
          onPointerDown={(event) => {
            if (event.button !== 0) return
            drag.current = { startX: event.clientX, from: view.current.from, hasMoved: false }
            event.currentTarget.setPointerCapture(event.pointerId)
          }}
          onPointerMove={moved}
          onPointerUp={(event) => {
            const held = drag.current
            drag.current = null
            if (held === null || held.hasMoved) return
            const hit = hitAt(event)
            props.onSelect(hit === null || hit.tie < 0 ? null : hit.tie)
          }}
          onPointerCancel={() => {
            drag.current = null
          }}
          onPointerLeave={() => {
            hover.current = null
            setTip(null)
            redraw.current?.()
          }}
        />
        {tip === null ? null : (
          <div className="pair-strip-tip" style={{ left: `${Math.max(0, tip.x)}px` }}>
            {tip.text}
          </div>
        )}
        <span className="sr-only" role="status">
          {selectedTie === null ? '' : describeTie(selectedTie)}
        </span>
      </div>
    </div>
  )
}
