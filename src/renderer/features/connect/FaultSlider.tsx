import type { CSSProperties, JSX } from 'react'
import { FAULT_STEPS, faultStep, faultText, faultWords } from './fault-scale'
import { texts as t } from './texts'

interface FaultSliderProps {
  readonly label: string
  /** A probability per byte, as typed. */
  readonly value: string
  readonly isBad: boolean
  readonly onChange: (value: string) => void
}

/** How often a fault happens: a slider over powers of ten and a field for an exact figure, always in step. */
export function FaultSlider({ label, value, isBad, onChange }: FaultSliderProps): JSX.Element {
  const words = faultWords(value)
  return (
    <div className="fault">
      <span className="name" aria-hidden="true">
        {label}
      </span>
      <input
        type="range"
        min={0}
        max={FAULT_STEPS}
        step={1}
        value={faultStep(value)}
        style={{ '--done': `${(faultStep(value) / FAULT_STEPS) * 100}%` } as CSSProperties}
        aria-label={t.faultSlider(label)}
        aria-valuetext={words}
        onChange={(event) => onChange(faultText(Number(event.target.value)))}
      />
      <span className={isBad ? 'field bad' : 'field'}>
        <input
          value={value}
          aria-label={label}
          aria-invalid={isBad}
          inputMode="decimal"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
        />
      </span>
      <small aria-hidden="true">{words}</small>
    </div>
  )
}
