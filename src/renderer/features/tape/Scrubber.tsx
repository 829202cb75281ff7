import { type JSX, type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import type { TapeFacts, TapeState } from '../../../shared/model/tape'
import type { Overview } from '../../../shared/model/views'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { selectTheme } from '../../store/theme-slice'
import { pixelRatio } from '../../ui/page-zoom'
import { drawScrubber, SCRUBBER_BAR_PX, type ScrubberColours } from './draw-scrubber'
import { loopPlaces } from './tape-moves'
import { tapeClock } from './tape-words'
import { tapeTexts as t } from './texts'

interface ScrubberProps {
  readonly tape: TapeState
  readonly facts: TapeFacts | null
}

/** A larger step of the keys: this share of the recording. */
const LARGE_SHARE = 0.05
/** Until then a seek is answered. */
const WISH_LASTS_MS = 500
const NO_WISH = { atMs: 0, madeMs: Number.NEGATIVE_INFINITY }

/** The whole recording as a slider: press or drag to go there; arrows step by message, with Shift by a twentieth of it. */
export function Scrubber({ tape, facts }: ScrubberProps): JSX.Element {
  const session = useSession()
  const canvasRef = useRef<HTMLCanvasElement>(null)
  const theme = useApp(selectTheme)
  const [overview, setOverview] = useState<Overview | null>(null)
  const [width, setWidth] = useState(0)
  const isDragging = useRef(false)
  const asked = useRef<number | null>(null)
  const wish = useRef(NO_WISH)
  const { fromMs, toMs, positionMs, readMs, wantedMs, isLoaded, loadedShare } = tape
  const { client } = session

  useEffect(() => {
    const canvas = canvasRef.current
    if (canvas === null) return
    const sizes = new ResizeObserver(() => setWidth(canvas.clientWidth))
    sizes.observe(canvas)
    return () => sizes.disconnect()
  }, [])

  const bins = Math.min(4096, Math.max(16, Math.floor(width / SCRUBBER_BAR_PX)))
  // while it is read, a few times
  const readStep = isLoaded ? 100 : Math.floor(loadedShare * 20)
  useEffect(() => {
    if (width === 0 || readStep < 0) return
    let isOver = false
    client.call('capture.overview', { bins }).then(
      (reply) => {
        if (!isOver) setOverview(reply.overview)
      },
      () => undefined, // the end of the recording is told by its subscription
    )
    return () => {
      isOver = true
    }
  }, [client, bins, width, readStep, toMs])

  useEffect(() => {
    const canvas = canvasRef.current
    const ctx = canvas?.getContext('2d')
    if (!canvas || !ctx || width === 0) return
    // the attribute that selects the colours may be written after this effect
    const id = requestAnimationFrame(() => {
      const ratio = pixelRatio()
      const height = canvas.clientHeight
      canvas.width = Math.round(width * ratio)
      canvas.height = Math.round(height * ratio)
      ctx.scale(ratio, ratio)
      drawScrubber(ctx, {
        overview,
        fromMs,
        toMs,
        positionMs,
        readMs: isLoaded ? toMs : readMs,
        wantedMs,
        loop: loopPlaces(tape),
        isLooping: tape.loop !== null,
        markers: facts?.markers ?? [],
        problems: facts?.problems ?? [],
        colours: coloursOf(canvas),
        width,
        height,
      })
    })
    return () => cancelAnimationFrame(id)
  }, [tape, facts, overview, width, theme, fromMs, toMs, positionMs, readMs, wantedMs, isLoaded])

  /** One wish at a time per frame, however fast the pointer moves. */
  const seek = (wantedMs: number): void => {
    const atMs = Math.min(toMs, Math.max(fromMs, wantedMs))
    const isWaiting = asked.current !== null
    asked.current = atMs
    wish.current = { atMs, madeMs: performance.now() }
    if (isWaiting) return
    requestAnimationFrame(() => {
      if (asked.current !== null) session.tape?.seek(asked.current)
      asked.current = null
    })
  }
  const seekTo = (event: PointerEvent<HTMLCanvasElement>): void => {
    const { left, width: wide } = event.currentTarget.getBoundingClientRect()
    const share = Math.min(1, Math.max(0, (event.clientX - left) / Math.max(1, wide)))
    seek(fromMs + share * (toMs - fromMs))
  }
  /** Where the tape is, or where it was told to go a moment ago: each of several quick presses counts. */
  const standsAtMs = (): number => {
    const { atMs, madeMs } = wish.current
    return performance.now() - madeMs < WISH_LASTS_MS ? atMs : positionMs
  }
  const keyed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const large = (toMs - fromMs) * LARGE_SHARE
    const direction =
      event.key === 'ArrowLeft' || event.key === 'ArrowDown' || event.key === 'PageDown' ? -1 : 1
    switch (event.key) {
      case 'ArrowLeft':
      case 'ArrowRight':
      case 'ArrowDown':
      case 'ArrowUp':
        if (event.shiftKey) seek(standsAtMs() + direction * large)
        else {
          wish.current = NO_WISH
          session.tape?.step('message', direction)
        }
        break
      case 'PageUp':
      case 'PageDown':
        seek(standsAtMs() + direction * large)
        break
      case 'Home':
        seek(fromMs)
        break
      case 'End':
        seek(toMs)
        break
      case ' ':
        session.tape?.toggle()
        break
      default:
        return
    }
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div className="tape-scrub">
      <canvas
        ref={canvasRef}
        role="slider"
        tabIndex={0}
        data-pane-focus=""
        aria-label={t.position}
        aria-valuemin={0}
        aria-valuemax={Math.round(toMs - fromMs)}
        aria-valuenow={Math.round(positionMs - fromMs)}
        aria-valuetext={t.positionText(tapeClock(positionMs - fromMs), tapeClock(toMs - fromMs))}
        onKeyDown={keyed}
        onPointerDown={(event) => {
          if (event.button !== 0) return
          isDragging.current = true
          event.currentTarget.setPointerCapture(event.pointerId)
          seekTo(event)
        }}
        onPointerMove={(event) => {
          if (isDragging.current) seekTo(event)
        }}
        onPointerUp={() => {
          isDragging.current = false
        }}
        onPointerCancel={() => {
          isDragging.current = false
        }}
      />
    </div>
  )
}

function coloursOf(element: Element): ScrubberColours {
  const style = getComputedStyle(element)
  const colour = (name: string): string => style.getPropertyValue(name).trim()
  return {
    surface: colour('--surface-1'),
    text1: colour('--text-1'),
    text2: colour('--text-2'),
    text3: colour('--text-3'),
    border2: colour('--border-2'),
    border3: colour('--border-3'),
    accent: colour('--accent'),
    accentSoft: colour('--accent-soft'),
    error: colour('--error'),
    font: `${style.fontSize} ${style.fontFamily}`,
  }
}
