import { type JSX, useState } from 'react'
import { useApp } from '../../store/app-store'
import { useNewestRecordings } from '../../store/use-newest-recordings'
import { Icon } from '../../ui/icons'
import { compareTexts as t } from './texts'

/** The newest recordings, of which the last two are chosen at first: the earlier one is A. */
export function ChoosePair(): JSX.Element {
  const { names, problem } = useNewestRecordings()
  const [pair, setPair] = useState<{ readonly a: string; readonly b: string }>({ a: '', b: '' })
  if (problem !== '') {
    return (
      <div className="empty" role="alert">
        <p>{problem}</p>
      </div>
    )
  }
  if (names === null) return <p className="empty">…</p>
  if (names.length < 2) {
    return (
      <div className="empty">
        <p>{t.none}</p>
        <p>{t.noneWhy}</p>
      </div>
    )
  }
  const a = names.includes(pair.a) ? pair.a : names[1]!
  const b = names.includes(pair.b) ? pair.b : names[0]!
  return (
    <form
      className="empty compare-choose"
      onSubmit={(event) => {
        event.preventDefault()
        useApp.getState().compareChosen(a, b)
      }}
    >
      <p>{t.choose}</p>
      <p>{t.chooseWhy}</p>
      <RecordingField
        letter="A"
        label={t.a}
        names={names}
        value={a}
        onChange={(name) => setPair({ a: name, b })}
      />
      <RecordingField
        letter="B"
        label={t.b}
        names={names}
        value={b}
        onChange={(name) => setPair({ a, b: name })}
      />
      <button type="submit" className="btn primary">
        {t.compare}
      </button>
    </form>
  )
}

interface RecordingFieldProps {
  readonly letter: 'A' | 'B'
  readonly label: string
  readonly names: readonly string[]
  readonly value: string
  readonly onChange: (name: string) => void
}

function RecordingField({ letter, label, names, value, onChange }: RecordingFieldProps): JSX.Element {
  return (
    <label className="field compare-pick">
      <span className={`ab ab-${letter.toLowerCase()}`} aria-hidden="true">
        {letter}
      </span>
      <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </label>
  )
}
