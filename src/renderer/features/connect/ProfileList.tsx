import { type JSX, type KeyboardEvent, useRef, useState } from 'react'
import type { Profile } from '../../../shared/model/views'
import { useApp } from '../../store/app-store'
import { selectProfiles } from '../../store/connect-slice'
import { describeUrl, iconOfUrl } from '../../store/link-words'
import { useSession } from '../../store/session-context'
import { Icon, type IconName } from '../../ui/icons'
import { roving } from '../../ui/roving'
import { revealLine } from '../../ui/visible-text'
import { copyName } from './profile-names'
import { texts as t } from './texts'

interface ProfileListProps {
  readonly isDisabled: boolean
  readonly onConnect: (url: string) => void
  readonly onEdit: (name: string) => void
}

/** Links with a name: Enter connects, F2 edits, Ctrl D makes a copy, Delete asks and deletes. */
export function ProfileList({ isDisabled, onConnect, onEdit }: ProfileListProps): JSX.Element {
  const session = useSession()
  const profiles = useApp(selectProfiles)
  const problem = useApp((s) => s.profilesProblem)
  const [asked, setAsked] = useState<string | null>(null)
  const list = useRef<HTMLUListElement>(null)

  const focusRow = (index: number): void =>
    [...(list.current?.querySelectorAll<HTMLElement>('.po') ?? [])].at(index)?.focus()
  const duplicate = ({ name, url, note, isRecorded = false }: Profile): void => {
    const names = profiles.map((profile) => profile.name)
    void session.saveProfile({ name: copyName(name, names), url, note, isRecorded })
  }
  const remove = (name: string): void => {
    const index = profiles.findIndex((profile) => profile.name === name)
    setAsked(null)
    session.removeProfile(name)
    focusRow(index === 0 ? 1 : index - 1) // the row itself is about to go
  }
  const keep = (name: string): void => {
    const index = profiles.findIndex((profile) => profile.name === name)
    setAsked(null)
    requestAnimationFrame(() => focusRow(index))
  }
  const pressed = (event: KeyboardEvent<HTMLUListElement>): void => {
    const rows = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('.po')]
    const index = rows.indexOf(document.activeElement as HTMLButtonElement)
    const profile = profiles.find(({ name }) => name === rows[index]?.dataset['profile'])
    if (profile === undefined) return
    const act = (action: () => void): void => {
      event.preventDefault()
      event.stopPropagation()
      action()
    }
    if (event.key === 'Delete') act(() => setAsked(profile.name))
    else if (event.key === 'F2') act(() => onEdit(profile.name))
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'd')
      act(() => duplicate(profile))
    else {
      const next = roving(event.key, index, rows.length)
      if (next !== undefined) act(() => rows[next]!.focus())
    }
  }

  return (
    <>
      {problem !== null && (
        <p className="hint" role="alert">
          <b className="err">{problem.code}</b> {problem.remedy}
        </p>
      )}
      {profiles.length === 0 && <p className="hint">{t.noProfiles}</p>}
      <ul ref={list} className="polist scrolls" aria-label={t.known.profiles} onKeyDown={pressed}>
        {profiles.map((profile) => (
          <li key={profile.name} className="recent-item">
            {asked === profile.name ? (
              <DeleteQuestion
                name={profile.name}
                onDelete={() => remove(profile.name)}
                onKeep={() => keep(profile.name)}
              />
            ) : (
              <>
                <button
                  type="button"
                  className="po"
                  data-profile={profile.name}
                  disabled={isDisabled}
                  title={profile.url}
                  onClick={() => onConnect(profile.url)}
                >
                  <Icon name={iconOfUrl(profile.url)} />
                  <span>
                    <b className="ell">{revealLine(profile.name)}</b>
                    <small className="ell">{revealLine(profile.note) || describeUrl(profile.url)}</small>
                  </span>
                </button>
                <span className="row-tools">
                  <Tool
                    icon="edit"
                    label={t.editProfile(profile.name)}
                    onPress={() => onEdit(profile.name)}
                  />
                  <Tool icon="copy" label={t.copyProfile(profile.name)} onPress={() => duplicate(profile)} />
                  <Tool
                    icon="trash"
                    label={t.deleteProfile(profile.name)}
                    onPress={() => setAsked(profile.name)}
                  />
                </span>
              </>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}

interface ToolProps {
  readonly icon: IconName
  readonly label: string
  readonly onPress: () => void
}

/** Seen on hover and focus; by keys the row itself does the same. */
function Tool({ icon, label, onPress }: ToolProps): JSX.Element {
  return (
    <button
      type="button"
      className="btn ghost sm sq"
      title={label}
      aria-label={label}
      tabIndex={-1}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  )
}

interface DeleteQuestionProps {
  readonly name: string
  readonly onDelete: () => void
  readonly onKeep: () => void
}

function DeleteQuestion({ name, onDelete, onKeep }: DeleteQuestionProps): JSX.Element {
  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation() // the card stays
    onKeep()
  }
  return (
    <div className="ask" role="group" aria-label={t.deleteAsk(name)} onKeyDown={pressed}>
      <span className="ell">{t.deleteAsk(name)}</span>
      <button type="button" className="btn sm" autoFocus onClick={onDelete}>
        {t.deleteYes}
      </button>
      <button type="button" className="btn ghost sm" onClick={onKeep}>
        {t.deleteNo}
      </button>
    </div>
  )
}
