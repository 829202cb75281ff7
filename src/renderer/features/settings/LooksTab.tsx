import type { JSX } from 'react'
import { useApp } from '../../store/app-store'
import { DENSITIES, type Density } from '../../store/list-view-slice'
import { CODE_SIZES_PX, THEMES, type Theme, ZOOM_STEPS } from '../../store/theme-slice'
import { Segmented } from '../../ui/Segmented'
import { NumberChoice, SettingsLine } from './SettingsLine'
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
      <SettingsLine label={t.theme} hint={t.themeHint(t.themes[systemTheme])}>
        <Segmented<Theme | 'system'>
          label={t.theme}
          value={chosenTheme ?? 'system'}
          options={THEME_OPTIONS}
          onChange={(theme) => act.themeChosen(theme === 'system' ? null : theme)}
        />
      </SettingsLine>
      <SettingsLine label={t.zoom} hint={t.zoomHint}>
        <NumberChoice
          label={t.zoom}
          value={zoomPercent}
          values={ZOOM_STEPS}
          words={t.percent}
          onChange={act.zoomChosen}
        />
      </SettingsLine>
      <SettingsLine label={t.density}>
        <Segmented<Density>
          label={t.density}
          value={density}
          options={DENSITY_OPTIONS}
          onChange={act.densityChosen}
        />
      </SettingsLine>
      <SettingsLine label={t.code}>
        <NumberChoice
          label={t.code}
          value={codeSizePx}
          values={CODE_SIZES_PX}
          words={t.px}
          onChange={act.codeSizeChosen}
        />
      </SettingsLine>
      <SettingsLine label={t.motion}>
        <Segmented<'system' | 'reduced'>
          label={t.motion}
          value={isMotionReduced ? 'reduced' : 'system'}
          options={MOTION_OPTIONS}
          onChange={(motion) => act.motionReduced(motion === 'reduced')}
        />
      </SettingsLine>
      <SettingsLine label={t.sound} hint={t.soundHint}>
        <Segmented<'on' | 'off'>
          label={t.sound}
          value={areSoundsMuted ? 'off' : 'on'}
          options={SOUND_OPTIONS}
          onChange={(sound) => act.soundsMuted(sound === 'off')}
        />
      </SettingsLine>
    </div>
  )
}
