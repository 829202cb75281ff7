import { type JSX, useEffect, useState } from 'react'
import { asConsoleError, toWireError } from '../../../shared/errors'
import { MAX_LIBRARY_WINDOW } from '../../../shared/model/library'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { Icon } from '../../ui/icons'
import { compareTexts as t } from './texts'

/** The newest recordings, of which the last two are chosen at first: the earlier one is A. */
export function ChoosePair(): JSX.Element {
  const { live } = useSession()
  const [names, setNames] = useState<readonly string[] | null>(null)
  const [problem, setProblem] = useState('')
  const [pair, setPair] = useState<{ readonly a: string; readonly b: string }>({ a: '', b: '' })
  useEffect(() => {
    let isOver = false
    const ask = (): void => {
      live
        .call('library.list', {
          query: '',
          order: 'started',
          isDescending: true,
          from: 0,
          count: MAX_LIBRARY_WINDOW,
        })
        .then(
          ({ rows }) => {
            if (!isOver) setNames(rows.filter(({ state }) => state !== 'writing').map((row) => row.recording))
          },
          (error: unknown) => {
            const { message, remedy } = toWireError(asConsoleError(error))
            if (!isOver) setProblem(`${message}. ${remedy}`)
          },
        )
    }
    const stop = live.subscribe('library', {}, ask, () => undefined)
    ask()
    return () => {
      isOver = true
      stop()
    }
  }, [live])
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
