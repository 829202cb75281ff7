import type { JSX } from 'react'
import type { RecordingPart } from '../../../shared/model/library'
import { Icon } from '../../ui/icons'
import { formatPlace } from '../../ui/recording-time'
import { revealLine } from '../../ui/visible-text'
import { convertTexts as t } from './texts'

interface PartChoiceProps {
  readonly parts: readonly RecordingPart[]
  readonly value: string
  readonly onChange: (recording: string) => void
}

/** Which file of a recording in several parts is meant; nothing where there is only one. */
export function PartChoice({ parts, value, onChange }: PartChoiceProps): JSX.Element | null {
  if (parts.length < 2) return null
  return (
    <label className="field">
      <span className="lab">{t.part}</span>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {parts.map(({ recording, lengthMs }) => (
          <option key={recording} value={recording}>
            {revealLine(recording)}, {formatPlace(lengthMs)}
          </option>
        ))}
      </select>
      <Icon name="down" small />
    </label>
  )
}
