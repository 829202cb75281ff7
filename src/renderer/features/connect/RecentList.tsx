import type { JSX, KeyboardEvent } from 'react'
import { useApp } from '../../store/app-store'
import { describeUrl, iconOfUrl } from '../../store/link-words'
import { useSession } from '../../store/session-context'
import { Icon } from '../../ui/icons'
import { roving } from '../../ui/roving'
import { texts as t } from './texts'

interface RecentListProps {
  readonly isDisabled: boolean
  readonly onConnect: (url: string) => void
}

/** Links opened before: click or Enter connects, Delete forgets. */
export function RecentList({ isDisabled, onConnect }: RecentListProps): JSX.Element {
  const session = useSession()
  const recents = useApp((s) => s.recents)
  const pressed = (event: KeyboardEvent<HTMLUListElement>): void => {
    const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('.po')]
    const index = buttons.indexOf(document.activeElement as HTMLButtonElement)
    if (index < 0) return
    if (event.key === 'Delete') {
      event.preventDefault()
      session.forgetRecent(recents[index]!.url)
      return
    }
    const next = roving(event.key, index, buttons.length)
    if (next === undefined) return
    event.preventDefault()
    buttons[next]!.focus()
  }
  return (
    <>
      {recents.length === 0 && <p className="hint">{t.noRecent}</p>}
      <ul className="polist scrolls" aria-label={t.recent} onKeyDown={pressed}>
        {recents.map((recent) => (
          <li key={recent.url} className="recent-item">
            <button
              type="button"
              className="po"
              disabled={isDisabled}
              title={recent.url}
              onClick={() => onConnect(recent.url)}
            >
              <Icon name={iconOfUrl(recent.url)} />
              <span>
                <b className="ell">{recent.title.split(' · ')[0]}</b>
                <small className="ell">{describeUrl(recent.url)}</small>
              </span>
            </button>
            <button
              type="button"
              className="btn ghost sm sq forget"
              title={t.forget}
              aria-label={`${t.forget} ${recent.title}`}
              onClick={() => session.forgetRecent(recent.url)}
            >
              <Icon name="x" />
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}
