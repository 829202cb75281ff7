import { type JSX, type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import type { ContractClient } from '../../shared/contract/contract-client'
import type { Overview } from '../../shared/model/views'
import { readPalette } from './colours'
import { drawOverview, OVERVIEW_BAR_PX } from './draw-overview'
import { FrameScheduler } from './frame-scheduler'
import type { LaneFeed } from './lane-feed'
import {
  type BrushGrip,
  type BrushRange,
  centreBrush,
  dragBrush,
  gripAt,
  keyBrush,
  type StripScale,
} from './overview-brush'
import { OverviewPoller } from './overview-poller'
import { laneTexts } from './texts'
import { pixelRatio, toPagePx } from '../ui/page-zoom'

interface OverviewStripProps {
  readonly client: ContractClient
  readonly feed: LaneFeed
  readonly theme: string
  readonly onRange: (range: BrushRange) => void
}

interface Drag {
  readonly grip: BrushGrip
  readonly startX: number
  readonly start: BrushRange
}

/** Everything kept in one line, with a brush that shows and moves what the lanes show. */
export function OverviewStrip({ client, feed, theme, onRange }: OverviewStripProps): JSX.Element {
  const canvasRef = useRef<HTMLCanvasElement>(null)
  const overviewRef = useRef<Overview | null>(null)
  const redrawRef = useRef<(() => void) | null>(null)
  const drag = useRef<Drag | null>(null)
  const [lengthMs, setLengthMs] = useState(0)

  useEffect(() => {
    const canvas = canvasRef.current
    const ctx = canvas?.getContext('2d')
    if (!canvas || !ctx) return
    let palette = readPalette(canvas)
    let drawn = ''
    const draw = (): boolean => {
      const { clientWidth: width, clientHeight: height } = canvas
      const ratio = pixelRatio()
      const [widthPx, heightPx] = [Math.round(width * ratio), Math.round(height * ratio)]
      // another size, even the same one again, throws the whole surface away
      if (canvas.width !== widthPx) canvas.width = widthPx
      if (canvas.height !== heightPx) canvas.height = heightPx
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0)
      drawOverview(ctx, {
        overview: overviewRef.current,
        range: feed.range,
        gaps: feed.gaps,
        palette,
        width,
        height,
      })
      return false
    }
    const scheduler = new FrameScheduler((run) => {
      const id = requestAnimationFrame(run)
      return () => cancelAnimationFrame(id)
    }, draw)
    redrawRef.current = () => {
      palette = readPalette(canvas)
      scheduler.invalidate()
    }
    const poller = new OverviewPoller({
      ask: async () => {
        const bins = Math.min(4096, Math.max(16, Math.floor(canvas.clientWidth / OVERVIEW_BAR_PX)))
        return (await client.call('capture.overview', { bins })).overview
      },
      later: (delayMs, run) => {
        const id = setTimeout(run, delayMs)
        return () => clearTimeout(id)
      },
      onOverview: (overview) => {
        overviewRef.current = overview
        setLengthMs(overview.toMs - overview.fromMs)
        scheduler.invalidate()
      },
    })
    const stopNews = feed.onNews(() => poller.touch())
    const stopRange = feed.onRange((range) => {
      const scale = scaleOf(overviewRef.current, canvas)
      // while following the brush moves by less than a pixel most of the time
      const place = scale === null ? '' : brushPlace(scale, range)
      if (place === drawn) return
      drawn = place
      scheduler.invalidate()
    })
    const sizes = new ResizeObserver(() => {
      scheduler.invalidate()
      poller.touch()
    })
    sizes.observe(canvas)
    return () => {
      stopNews()
      stopRange()
      sizes.disconnect()
      poller.stop()
      scheduler.stop()
    }
  }, [client, feed])

  useEffect(() => {
    // the attribute that selects the colours may be written after this effect
    const id = requestAnimationFrame(() => redrawRef.current?.())
    return () => cancelAnimationFrame(id)
  }, [theme])

  const pressed = (event: PointerEvent<HTMLCanvasElement>): void => {
    const scale = scaleOf(overviewRef.current, event.currentTarget)
    const range = feed.range
    if (scale === null || range === null || event.button !== 0) return
    const x = event.nativeEvent.offsetX
    let start = range
    let grip = gripAt(scale, range, x)
    if (grip === null) {
      grip = 'whole'
      start = centreBrush(scale, range, x)
      onRange(start)
    }
    drag.current = { grip, startX: event.clientX, start }
    event.currentTarget.setPointerCapture(event.pointerId)
  }

  /** Said when it is asked for: while following it changes sixty times a second. */
  const describe = (canvas: HTMLCanvasElement): void => {
    const scale = scaleOf(overviewRef.current, canvas)
    const range = feed.range
    if (scale === null || range === null) return
    canvas.setAttribute('aria-valuenow', String(Math.round(range.fromMs - scale.fromMs)))
    canvas.setAttribute(
      'aria-valuetext',
      laneTexts.brush(range.fromMs - scale.fromMs, range.toMs - range.fromMs),
    )
  }

  const keyed = (event: KeyboardEvent<HTMLCanvasElement>): void => {
    const canvas = event.currentTarget
    const kept = scaleOf(overviewRef.current, canvas)
    if (kept === null || feed.range === null || event.ctrlKey || event.metaKey || event.altKey) return
    const next = keyBrush(kept, feed.range, event.key, event.shiftKey)
    if (next === null) return
    event.preventDefault()
    event.stopPropagation()
    onRange(next)
    // the worker answers with the range it really shows
    requestAnimationFrame(() => describe(canvas))
  }

  const moved = (event: PointerEvent<HTMLCanvasElement>): void => {
    const scale = scaleOf(overviewRef.current, event.currentTarget)
    if (scale === null) return
    const held = drag.current
    if (held !== null) onRange(dragBrush(scale, held.start, held.grip, toPagePx(event.clientX - held.startX)))
    const grip =
      held?.grip ?? (feed.range === null ? null : gripAt(scale, feed.range, event.nativeEvent.offsetX))
    event.currentTarget.style.cursor = grip === null ? 'pointer' : grip === 'whole' ? 'grab' : 'ew-resize'
  }

  return (
    <div className="lanes-overview">
      <div className="lanes-gutter lanes-gutter-row">
        <span className="lanes-name t2">{laneTexts.overview}</span>
        <span className="t3">{lengthMs > 0 ? laneTexts.length(lengthMs) : ''}</span>
      </div>
      <canvas
        ref={canvasRef}
        className="lanes-brush"
        role="slider"
        tabIndex={0}
        aria-label={laneTexts.overviewLabel}
        aria-valuemin={0}
        aria-valuemax={Math.round(lengthMs)}
        aria-valuenow={0}
        onKeyDown={keyed}
        onFocus={(event) => describe(event.currentTarget)}
        onPointerDown={pressed}
        onPointerMove={moved}
        onPointerUp={() => {
          drag.current = null
        }}
        onPointerCancel={() => {
          drag.current = null
        }}
      />
    </div>
  )
}

const scaleOf = (overview: Overview | null, canvas: HTMLCanvasElement): StripScale | null =>
  overview === null || overview.toMs <= overview.fromMs
    ? null
    : { fromMs: overview.fromMs, toMs: overview.toMs, width: canvas.clientWidth }

function brushPlace(scale: StripScale, range: BrushRange): string {
  const perMs = scale.width / (scale.toMs - scale.fromMs)
  return `${Math.round((range.fromMs - scale.fromMs) * perMs)} ${Math.round((range.toMs - scale.fromMs) * perMs)}`
}
