import { type JSX, type KeyboardEvent, type ReactNode, useState } from 'react'
import { clampOffset, maxOffsetPx, pageRows } from './scaled-scroll'
import { useVirtualViewport } from './use-virtual-viewport'

interface VirtualLinesProps {
  readonly count: number
  readonly rowPx: number
  readonly label: string
  readonly className: string
  /** One line; only lines on screen are asked for. */
  readonly line: (index: number) => ReactNode
}

/** Many lines of the same height: hex dumps, long texts. Read with arrows, page keys, Home and End. */
export function VirtualLines({ count, rowPx, label, className, line }: VirtualLinesProps): JSX.Element {
  const [offset, setOffset] = useState(0)
  const { ref, geometry, spacerPx, rows } = useVirtualViewport(count, rowPx, offset, setOffset)
  const pressed = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = {
      ArrowDown: offset + rowPx,
      ArrowUp: offset - rowPx,
      PageDown: offset + pageRows(geometry) * rowPx,
      PageUp: offset - pageRows(geometry) * rowPx,
      Home: 0,
      End: maxOffsetPx(geometry),
    }
    const next = steps[event.key]
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    setOffset(clampOffset(next, geometry))
  }
  const shown: JSX.Element[] = []
  for (let index = rows.first; index < rows.end; index++) {
    shown.push(
      <div className="vline" key={index}>
        {line(index)}
      </div>,
    )
  }
  return (
    <div
      ref={ref}
      className={`vp scrolls ${className}`}
      tabIndex={0}
      role="document"
      aria-label={label}
      onKeyDown={pressed}
    >
      <div className="vp-layer" style={{ height: geometry.viewportPx, marginBottom: -geometry.viewportPx }}>
        <div style={{ transform: `translateY(${rows.shiftPx}px)` }} className="selectable">
          {shown}
        </div>
      </div>
      <div style={{ height: spacerPx }} />
    </div>
  )
}
