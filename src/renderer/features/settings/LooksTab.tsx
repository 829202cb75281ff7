import type { JSX, ReactNode } from 'react'
import { useApp } from '../../store/app-store'
import { DENSITIES, type Density } from '../../store/list-view-slice'
import { CODE_SIZES_PX, THEMES, type Theme, ZOOM_STEPS } from '../../store/theme-slice'
import { Icon } from '../../ui/icons'
import { Segmented } from '../../ui/Segmented'
import { settingsTexts } from './texts'

const t = settingsTexts.looks
const THEME_OPTIONS = (['system', ...THEMES] as const).map((value) => ({ value, label: t.themes[value] }))
const DENSITY_OPTIONS = DENSITIES.map((value) => ({ value, label: t.densities[value] }))
const MOTION_OPTIONS = (['system', 'reduced'] as const).map((value) => ({ value, label: t.motions[value] }))
const SOUND_OPTIONS = (['on', 'off'] as const).map((value) => ({ value, label: t.sounds[value] }))

export function LooksTab(): JSX.Element {
  const chosenTheme = useApp((s) => s.chosenTheme)
  const systemTheme = useApp((s) => s.systemTheme)
  const zoomPercent = useApp((s) => s.zoomPercent)
  const density = useApp((s) => s.density)
  const isMotionReduced = useApp((s) => s.isMotionReduced)
  const codeSizePx = useApp((s) => s.codeSizePx)
  const areSoundsMuted = useApp((s) => s.areSoundsMuted)
  const act = useApp.getState()
  return (
    <div className="settings-lines">
      <Line label={t.theme} hint={t.themeHint(t.themes[systemTheme])}>
        <Segmented<Theme | 'system'>
          label={t.theme}
          value={chosenTheme ?? 'system'}
          options={THEME_OPTIONS}
          onChange={(theme) => act.themeChosen(theme === 'system' ? null : theme)}
        />
      </Line>
      <Line label={t.zoom} hint={t.zoomHint}>
        <NumberChoice
          label={t.zoom}
          value={zoomPercent}
          values={ZOOM_STEPS}
          words={t.percent}
          onChange={act.zoomChosen}
        />
      </Line>
      <Line label={t.density}>
        <Segmented<Density>
          label={t.density}
          value={density}
          options={DENSITY_OPTIONS}
          onChange={act.densityChosen}
        />
      </Line>
      <Line label={t.code}>
        <NumberChoice
          label={t.code}
          value={codeSizePx}
          values={CODE_SIZES_PX}
          words={t.px}
          onChange={act.codeSizeChosen}
        />
      </Line>
      <Line label={t.motion}>
        <Segmented<'system' | 'reduced'>
          label={t.motion}
          value={isMotionReduced ? 'reduced' : 'system'}
          options={MOTION_OPTIONS}
          onChange={(motion) => act.motionReduced(motion === 'reduced')}
        />
      </Line>
      <Line label={t.sound} hint={t.soundHint}>
        <Segmented<'on' | 'off'>
          label={t.sound}
          value={areSoundsMuted ? 'off' : 'on'}
          options={SOUND_OPTIONS}
          onChange={(sound) => act.soundsMuted(sound === 'off')}
        />
      </Line>
    </div>
  )
}

interface LineProps {
  readonly label: string
  readonly hint?: string
  readonly children: ReactNode
}

function Line({ label, hint, children }: LineProps): JSX.Element {
  return (
    <div className="settings-line">
      <span className="settings-label" aria-hidden="true">
        {label}
      </span>
      <div>
        {children}
        {hint !== undefined && <p className="t3">{hint}</p>}
      </div>
    </div>
  )
}

interface NumberChoiceProps {
  readonly label: string
  readonly value: number
  readonly values: readonly number[]
  readonly words: (value: number) => string
  readonly onChange: (value: number) => void
}

function NumberChoice({ label, value, values, words, onChange }: NumberChoiceProps): JSX.Element {
  return (
    <div className="field settings-number">
      <select aria-label={label} value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {values.map((one) => (
          <option key={one} value={one}>
            {words(one)}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </div>
  )
}
