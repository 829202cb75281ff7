import type { JSX } from 'react'
import { useNewestRecordings } from '../../store/use-newest-recordings'
import { whatIfTexts as t } from './texts'
import { useWhatIf } from './what-if-store'

/** The newest recordings; one press chooses. */
export function ChooseRecording(): JSX.Element {
  const { names, problem } = useNewestRecordings()
  if (problem !== '') {
    return (
      <div className="empty" role="alert">
        <p>{problem}</p>
      </div>
    )
  }
  if (names === null) return <p className="empty">…</p>
  if (names.length === 0) {
    return (
      <div className="empty">
        <p>{t.none}</p>
        <p>{t.noneWhy}</p>
      </div>
    )
  }
  return (
    <div className="empty what-if-choose">
      <p>{t.choose}</p>
      <p>{t.chooseWhy}</p>
      <ul aria-label={t.choose}>
        {names.map((name) => (
          <li key={name}>
            <button
              type="button"
              className="btn ghost"
              onClick={() => useWhatIf.getState().recordingChosen(name)}
            >
              {name}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
