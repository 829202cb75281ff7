import type { JSX, ReactNode } from 'react'
import type { VirtualViewport } from './use-virtual-viewport'

interface VirtualRowsProps {
  readonly viewport: VirtualViewport
  /** The rows in sight. */
  readonly children: ReactNode
}

/** The rows of a table of which only those in sight are drawn, with a scrollbar for all of them. */
export function VirtualRows({ viewport, children }: VirtualRowsProps): JSX.Element {
  const { ref, geometry, spacerPx, rows } = viewport
  return (
    <div ref={ref} className="vp scrolls" role="rowgroup">
      <div
        className="vp-layer"
        role="presentation"
        style={{ height: geometry.viewportPx, marginBottom: -geometry.viewportPx }}
      >
        <div role="presentation" style={{ transform: `translateY(${rows.shiftPx}px)` }}>
          {children}
        </div>
      </div>
      <div role="presentation" style={{ height: spacerPx }} />
    </div>
  )
}
