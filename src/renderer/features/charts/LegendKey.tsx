import type { JSX, ReactNode } from 'react'
import type { Stroke } from './panels'
import { chartTexts as t } from './texts'

interface LegendKeyProps {
  readonly label: string
  readonly stroke: Stroke
  readonly shape: 'line' | 'points'
  readonly isShown: boolean
  /** At the cursor. */
  readonly value: ReactNode
  readonly onToggle: () => void
}

/** Name, look and value of a series; pressing it hides or shows the series. */
export function LegendKey({ label, stroke, shape, isShown, value, onToggle }: LegendKeyProps): JSX.Element {
  const colour = `var(${stroke.token})`
  return (
    <button
      type="button"
      className="ch-key"
      aria-pressed={isShown}
      aria-label={t.hide(label)}
      title={t.hide(label)}
      onClick={onToggle}
    >
      <svg viewBox="0 0 18 8" aria-hidden="true">
        {shape === 'line' ? (
          <path d="M0 4h18" stroke={colour} strokeWidth="2" strokeDasharray={stroke.dash.join(' ')} />
        ) : (
          <circle cx="9" cy="4" r="3" fill={colour} />
        )}
      </svg>
      <span className="ell">{label}</span>
      <span className="ch-value">{value}</span>
    </button>
  )
}
