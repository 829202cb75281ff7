import { type JSX, type KeyboardEvent, useState } from 'react'
import { MAX_PROFILE_NAME_LENGTH } from '../../../shared/model/link-url'
import { useApp } from '../../store/app-store'
import { selectProfiles } from '../../store/connect-slice'
import { TextCell } from './fields'
import { texts as t } from './texts'

interface ProfileEditorProps {
  readonly name: string
  readonly note: string
  readonly isRecorded: boolean
  readonly hasPassword: boolean
  readonly onSave: (name: string, note: string, isRecorded: boolean) => void
  readonly onCancel: () => void
}

/** The name under which the form is kept. Enter saves, Escape goes back: neither reaches the card. */
export function ProfileEditor(props: ProfileEditorProps): JSX.Element {
  const { hasPassword, onSave, onCancel } = props
  const [name, setName] = useState(props.name)
  const [note, setNote] = useState(props.note)
  const [isRecorded, setIsRecorded] = useState(props.isRecorded)
  const [hasTried, setHasTried] = useState(false)
  const isTaken = useApp((s) => selectProfiles(s).some((profile) => profile.name === name.trim()))
  const isEmpty = name.trim() === ''
  const save = (): void => {
    setHasTried(true)
    if (!isEmpty) onSave(name.trim(), note.trim(), isRecorded)
  }
  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return
    if (event.key === 'Enter' && event.target instanceof HTMLButtonElement) {
      event.stopPropagation()
      return
    }
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Enter') save()
    else onCancel()
  }
  return (
    <div className="profile-editor" role="group" aria-label={t.saveProfile} onKeyDown={pressed}>
      <TextCell
        label={t.profileName}
        value={name}
        isBad={hasTried && isEmpty}
        maxLength={MAX_PROFILE_NAME_LENGTH}
        isFocused
        onChange={setName}
      />
      <TextCell
        label={t.profileNote}
        value={note}
        isBad={false}
        placeholder={t.profileNotePlaceholder}
        maxLength={500}
        onChange={setNote}
      />
      <span className="do">
        <button type="button" className="btn" onClick={save}>
          {isTaken ? t.replace : t.save}
        </button>
        <button type="button" className="btn ghost" onClick={onCancel}>
          {t.cancel}
        </button>
      </span>
      <label className="profile-record" title={t.profileRecordHint}>
        <input
          type="checkbox"
          checked={isRecorded}
          onChange={(event) => setIsRecorded(event.target.checked)}
        />
        {t.profileRecord}
      </label>
      <p className="t3" role="status">
        {hasTried && isEmpty
          ? t.profileNeedsName
          : isTaken
            ? t.profileTaken
            : hasPassword
              ? t.profilePassword
              : t.profileWhere}
      </p>
    </div>
  )
}
