import { type JSX, useEffect, useRef, useState } from 'react'
import { laneTexts } from './texts'

/** Small pictures of what the canvas draws, 20 by 12. The same shapes as in `glyphs.ts`. */
const MARKS: Readonly<Record<(typeof laneTexts.legendMarks)[number][0], JSX.Element>> = {
  first: <path className="solid" d="M7 2.5l5 3.5-5 3.5z" />,
  last: <path className="solid" d="M13 2.5L8 6l5 3.5z" />,
  done: <path className="pen" d="M6 6.5l2.5 2.5L14 3" />,
  failed: <path className="pen bad" d="M7 3l6 6M13 3L7 9" />,
  retried: <path className="pen" d="M13.2 4.2A3.6 3.6 0 1 0 13.6 7M13.6 1.8v2.6H11" />,
  fault: <path className="thick bad" d="M5 10h10" />,
  control: <path className="solid" d="M6 4h8v4H6z" />,
  merged: <path className="pen" d="M6 2v8M10 2v8M14 2v8" />,
  await: <path className="dash" d="M2 6h16" />,
  answer: <path className="pen accent" d="M2 2c8 0 4 8 12 8M12 7.5l3 2.5-3 2" />,
  marker: <path className="pen accent" d="M6 11.5V1.5h9v5H6" />,
  blocker: <path className="dash" d="M10 1v8M7.5 7.5L10 10l2.5-2.5" />,
}

const FILLS = {
  wire: 'var(--stream-1)',
  queued: 'var(--fill-queued)',
  blocked: 'var(--fill-blocked)',
  down: 'var(--fill-down)',
  kept: 'var(--hatch-down-bg)',
} as const

/** Every mark of the lanes in words, behind a button. */
export function LegendPopover(): JSX.Element {
  const anchor = useRef<HTMLDivElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  useEffect(() => {
    if (!isOpen) return
    const close = (event: globalThis.PointerEvent): void => {
      if (event.target instanceof Node && anchor.current?.contains(event.target)) return
      setIsOpen(false)
    }
    document.addEventListener('pointerdown', close)
    return () => document.removeEventListener('pointerdown', close)
  }, [isOpen])
  return (
    <div
      className="legend-anchor"
      ref={anchor}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return
        event.stopPropagation()
        setIsOpen(false)
        anchor.current?.querySelector('button')?.focus()
      }}
    >
      <button
        type="button"
        className="btn ghost sm"
        aria-expanded={isOpen}
        onClick={() => setIsOpen((was) => !was)}
      >
        {laneTexts.legendButton}
      </button>
      {isOpen && (
        <section className="legend-card" aria-label={laneTexts.legendTitle}>
          <h3>{laneTexts.legendTitle}</h3>
          <ul>
            {(Object.keys(FILLS) as (keyof typeof FILLS)[]).map((fill) => (
              <li key={fill}>
                <i style={{ background: FILLS[fill] }} />
                {laneTexts.legendFills[fill]}
              </li>
            ))}
            {laneTexts.legendMarks.map(([mark, words]) => (
              <li key={mark}>
                <svg viewBox="0 0 20 12" width="20" height="12" aria-hidden="true">
                  {MARKS[mark]}
                </svg>
                {words}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}
