import {
  type CSSProperties,
  type JSX,
  type KeyboardEvent,
  type PointerEvent,
  useEffect,
  useRef,
  useState,
} from 'react'
import { Icon } from '../../ui/icons'
import { readPalette } from '../colours'
import { pieceAt, plotScale } from './byte-range-scale'
import { byteRangeTexts as words } from './byte-range-texts'
import type { ByteRangeShape } from './byte-range-types'
import { drawByteRange } from './draw-byte-range'
import './byte-range.css'
import { pixelRatio } from '../../ui/page-zoom'

interface ByteRangePanelProps {
  /** Null: nothing to draw. */
  readonly shape: ByteRangeShape | null
  readonly hasSelection: boolean
  readonly theme: string
  readonly onClose: () => void
}

/** Which bytes of the selected message were on the line when. */
export function ByteRangePanel({ shape, hasSelection, theme, onClose }: ByteRangePanelProps): JSX.Element {
  return (
    <section className="byte-range" aria-label={words.label}>
      <header>
        <h3>{words.title}</h3>
        {shape !== null && (
          <span className="t3 lanes-name">
            #{shape.messageId} {shape.route}
          </span>
        )}
        <span className="grow" />
        <button
          type="button"
          className="btn ghost sm sq"
          title={words.close}
          aria-label={words.close}
          onClick={onClose}
        >
          <Icon name="x" />
        </button>
      </header>
      {shape === null ? (
        <p className="byte-range-empty t3">{hasSelection ? words.noBytes : words.nothingSelected}</p>
      ) : (
        // another message begins without a cursor
        <Chart key={shape.messageId} shape={shape} theme={theme} />
      )}
    </section>
  )
}

function Chart({ shape, theme }: { readonly shape: ByteRangeShape; readonly theme: string }): JSX.Element {
  const canvasRef = useRef<HTMLCanvasElement>(null)
  const [marked, setMarked] = useState(-1)
  const [size, setSize] = useState({ width: 0, height: 0 })

  useEffect(() => {
    const canvas = canvasRef.current
    if (canvas === null) return
    const sizes = new ResizeObserver(() =>
      setSize({ width: canvas.clientWidth, height: canvas.clientHeight }),
    )
    sizes.observe(canvas)
    return () => sizes.disconnect()
  }, [])

  useEffect(() => {
    // the attribute that selects the colours may be written after this effect
    const id = requestAnimationFrame(() => {
      const canvas = canvasRef.current
      const pen = canvas?.getContext('2d')
      if (!canvas || !pen || size.width === 0) return
      canvas.width = Math.round(size.width * pixelRatio())
      canvas.height = Math.round(size.height * pixelRatio())
      pen.scale(pixelRatio(), pixelRatio())
      const scale = plotScale(shape, size.width, size.height)
      drawByteRange(pen, { shape, scale, palette: readPalette(canvas), marked })
    })
    return () => cancelAnimationFrame(id)
  }, [shape, size, theme, marked])

  const last = shape.startMs.length - 1
  const pressed = (event: KeyboardEvent): void => {
    const steps: Partial<Record<string, number>> = {
      ArrowLeft: Math.max(0, marked - 1),
      ArrowRight: Math.min(last, marked + 1),
      Home: 0,
      End: last,
    }
    const next = steps[event.key]
    if (next === undefined) return
    event.preventDefault()
    event.stopPropagation()
    setMarked(next)
  }
  const moved = (event: PointerEvent): void => {
    const scale = plotScale(shape, size.width, size.height)
    setMarked(pieceAt(scale, shape, event.nativeEvent.offsetX, event.nativeEvent.offsetY))
  }
  return (
    <>
      <canvas
        ref={canvasRef}
        role="img"
        tabIndex={0}
        aria-label={words.chart(shape)}
        onKeyDown={pressed}
        onPointerMove={moved}
        onPointerLeave={() => setMarked(-1)}
      />
      <p className="byte-range-readout" role="status">
        {marked < 0 ? words.summary(shape) : words.piece(shape, Math.min(marked, last))}
      </p>
      <ul className="byte-range-legend t3" style={{ '--own': ownColour(shape) } as CSSProperties}>
        <li className="own">{words.legend.own}</li>
        <li className="held">{words.legend.held}</li>
        <li className="idle">{words.legend.idle}</li>
        {shape.holes.length > 0 && <li className="hole">{words.legend.hole}</li>}
        {shape.isRepeat.includes(1) && <li className="repeat">{words.legend.repeat}</li>}
      </ul>
    </>
  )
}

const ownColour = ({ hue }: ByteRangeShape): string => (hue === 0 ? 'var(--text-3)' : `var(--stream-${hue})`)
