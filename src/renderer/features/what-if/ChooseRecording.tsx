import { type JSX, useEffect, useState } from 'react'
import { asConsoleError, toWireError } from '../../../shared/errors'
import { MAX_LIBRARY_WINDOW } from '../../../shared/model/library'
import { useSession } from '../../store/session-context'
import { whatIfTexts as t } from './texts'
import { useWhatIf } from './what-if-store'

/** The newest recordings; one press chooses. */
export function ChooseRecording(): JSX.Element {
  const { live } = useSession()
  const [names, setNames] = useState<readonly string[] | null>(null)
  const [problem, setProblem] = useState('')
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
