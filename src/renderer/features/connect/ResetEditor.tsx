import type { JSX } from 'react'
import { formatResetRecipe, MAX_PULSE_STEPS } from '../../../shared/model/reset-recipe'
import type { PulseStep } from '../../../shared/model/views'
import { Icon } from '../../ui/icons'
import { SelectCell, TextCell } from './fields'
import { presetOf, RESET_PRESETS, type ResetPreset, recipeMs, recipeSteps } from './reset-presets'
import { texts as t } from './texts'

const LEVELS = [
  { value: 'keep', label: t.stepKeep },
  { value: 'low', label: t.stepLow },
  { value: 'high', label: t.stepHigh },
]

interface ResetEditorProps {
  readonly value: string
  readonly isBad: boolean
  readonly onChange: (recipe: string) => void
}

/** What a reset pulse does: one of the usual ones, or steps of one's own, in a table and as text. */
export function ResetEditor({ value, isBad, onChange }: ResetEditorProps): JSX.Element {
  const preset = presetOf(value)
  const steps = recipeSteps(value)
  const presets = Object.entries(t.presets)
    .filter(([name]) => name !== 'own' || preset === 'own')
    .map(([name, label]) => ({ value: name, label }))
  const changed = (next: readonly PulseStep[]): void => onChange(formatResetRecipe(next))
  const replaced = (at: number, step: PulseStep): void =>
    changed(steps!.map((old, i) => (i === at ? step : old)))
  return (
    <div className="reset">
      <div className="set more">
        <SelectCell
          label={t.reset}
          value={preset}
          options={presets}
          onChange={(name) => onChange(RESET_PRESETS[name as ResetPreset])}
        />
        <TextCell
          label={t.recipe}
          value={value}
          isBad={isBad}
          placeholder={t.recipePlaceholder}
          onChange={onChange}
        />
        <p className={steps === undefined ? 'warn' : 't3'} role="status">
          {steps === undefined
            ? t.recipeBad
            : steps.length > 0 && t.recipeHint(steps.length, recipeMs(steps))}
        </p>
      </div>
      {steps !== undefined && steps.length > 0 && (
        <ol className="steps" aria-label={t.steps}>
          {steps.map((step, index) => (
            <StepLine
              // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
              key={index}
              index={index}
              step={step}
              onChange={(next) => replaced(index, next)}
              onRemove={() => changed(steps.filter((_, i) => i !== index))}
            />
          ))}
          {steps.length < MAX_PULSE_STEPS && (
            <li>
              <button
                type="button"
                className="btn ghost sm"
                onClick={() => changed([...steps, { dtr: true, ms: 50 }])}
              >
                <Icon name="plus" />
                {t.addStep}
              </button>
            </li>
          )}
        </ol>
      )}
    </div>
  )
}

interface StepLineProps {
  readonly index: number
  readonly step: PulseStep
  readonly onChange: (step: PulseStep) => void
  readonly onRemove: () => void
}

function StepLine({ index, step, onChange, onRemove }: StepLineProps): JSX.Element {
  const line = (name: 'dtr' | 'rts'): JSX.Element => (
    <label className="field">
      <span className="lab">{name.toUpperCase()}</span>
      <select
        aria-label={t.stepLine(name.toUpperCase(), index + 1)}
        value={step[name] === undefined ? 'keep' : step[name] ? 'high' : 'low'}
        onChange={(event) => onChange(withLine(step, name, event.target.value))}
      >
        {LEVELS.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </label>
  )
  return (
    <li>
      <span className="t3 n">{index + 1}</span>
      {line('dtr')}
      {line('rts')}
      <label className="field">
        <input
          aria-label={t.stepMs(index + 1)}
          inputMode="numeric"
          value={String(step.ms)}
          onChange={(event) => onChange({ ...step, ms: msOf(event.target.value) })}
        />
        <span className="t3">{t.ms}</span>
      </label>
      <button
        type="button"
        className="btn ghost sm sq"
        title={t.removeStep(index + 1)}
        aria-label={t.removeStep(index + 1)}
        onClick={onRemove}
      >
        <Icon name="x" />
      </button>
    </li>
  )
}

/** A step that neither sets a line nor waits is none: the time stands in for it. */
function withLine(step: PulseStep, name: 'dtr' | 'rts', level: string): PulseStep {
  const isHigh = level === 'keep' ? undefined : level === 'high'
  const dtr = name === 'dtr' ? isHigh : step.dtr
  const rts = name === 'rts' ? isHigh : step.rts
  const { ms } = step
  const isEmpty = dtr === undefined && rts === undefined && ms === 0
  return { ...(dtr !== undefined && { dtr }), ...(rts !== undefined && { rts }), ms: isEmpty ? 1 : ms }
}

const msOf = (text: string): number => Math.min(10_000, Number(text.replace(/\D/g, '')) || 0)
