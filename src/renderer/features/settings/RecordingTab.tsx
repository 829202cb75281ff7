import { type JSX, useState } from 'react'
import { DEFAULT_RECORDER_SETTINGS, MAX_PATTERN_LENGTH } from '../../../shared/model/recorder'
import { useApp } from '../../store/app-store'
import { NumberChoice, SettingsLine } from './SettingsLine'
import { settingsTexts } from './texts'

const t = settingsTexts.recording
const SPLIT_MIB = [256, 512, 1024, 2048, 4096] as const
const SPLIT_MINUTES = [10, 30, 60, 120, 240] as const
const MEMORY_MIB = [16, 32, 64, 128, 256, 512] as const
const MEMORY_MINUTES = [5, 15, 30, 60] as const
const SAVE_MINUTES = [1, 5, 15, 30] as const
/** As the core fills them in, for the example below the field. */
const EXAMPLE: Readonly<Record<string, string>> = {
  date: '2026-11-22',
  time: '10-42-07',
  device: 'ttyACM0',
  profile: 'bench-a',
  protocol: 'lso',
}

/** Names of recordings, when they go on in another file, and what memory keeps. */
export function RecordingTab(): JSX.Element {
  const settings = useApp((s) => s.recorderSettings)
  const { recorderSettingsChosen } = useApp.getState()
  return (
    <div className="settings-lines">
      <Pattern />
      <SettingsLine label={t.split}>
        <div className="settings-pair">
          <NumberChoice
            label={t.splitBytes}
            value={settings.splitMib}
            values={SPLIT_MIB}
            words={t.mib}
            onChange={(splitMib) => recorderSettingsChosen({ splitMib })}
          />
          <NumberChoice
            label={t.splitMinutes}
            value={settings.splitMinutes}
            values={SPLIT_MINUTES}
            words={t.minutes}
            onChange={(splitMinutes) => recorderSettingsChosen({ splitMinutes })}
          />
        </div>
      </SettingsLine>
      <SettingsLine label={t.memory} hint={t.memoryHint}>
        <div className="settings-pair">
          <NumberChoice
            label={t.memoryBytes}
            value={settings.memoryMib}
            values={MEMORY_MIB}
            words={t.mib}
            onChange={(memoryMib) => recorderSettingsChosen({ memoryMib })}
          />
          <NumberChoice
            label={t.memoryMinutes}
            value={settings.memoryMinutes}
            values={MEMORY_MINUTES}
            words={t.minutes}
            onChange={(memoryMinutes) => recorderSettingsChosen({ memoryMinutes })}
          />
        </div>
      </SettingsLine>
      <SettingsLine label={t.save} hint={t.where}>
        <NumberChoice
          label={t.save}
          value={settings.saveMinutes}
          values={SAVE_MINUTES}
          words={t.minutes}
          onChange={(saveMinutes) => recorderSettingsChosen({ saveMinutes })}
        />
      </SettingsLine>
    </div>
  )
}

/** Holds from the moment it makes sense. */
function Pattern(): JSX.Element {
  const kept = useApp((s) => s.recorderSettings.pattern)
  const [text, setText] = useState(kept)
  const problem = patternProblem(text)
  const changed = (next: string): void => {
    setText(next)
    if (patternProblem(next) === null) useApp.getState().recorderSettingsChosen({ pattern: next.trim() })
  }
  return (
    <SettingsLine
      label={t.pattern}
      hint={problem ?? `${t.patternHint(`${filledIn(text)}.mcap`)}. ${t.patternWords}`}
    >
      <label className={problem === null ? 'field' : 'field bad'}>
        <input
          className="mono"
          aria-label={t.pattern}
          aria-invalid={problem !== null}
          value={text}
          maxLength={MAX_PATTERN_LENGTH}
          placeholder={DEFAULT_RECORDER_SETTINGS.pattern}
          spellCheck={false}
          onChange={(event) => changed(event.target.value)}
        />
      </label>
    </SettingsLine>
  )
}

function patternProblem(pattern: string): string | null {
  if (pattern.trim() === '') return t.patternEmpty
  const [unknown] = [...pattern.matchAll(/\{([^{}]*)\}/g)].filter(
    ([, word = '']) => !Object.hasOwn(EXAMPLE, word),
  )
  return unknown === undefined ? null : `${t.patternUnknown(unknown[0])} ${t.patternWords}`
}

const filledIn = (pattern: string): string =>
  pattern
    .trim()
    .replaceAll(/\{([^{}]*)\}/g, (whole, word: string) => EXAMPLE[word] ?? whole)
    .replaceAll(/[<>:"/\\|?*]+/g, '-')
