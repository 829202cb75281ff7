import { type JSX, useId, useState } from 'react'
import { MAX_RECORDING_NOTE_LENGTH } from '../../../shared/workspace/recording-file'
import { useSession } from '../../store/session-context'
import { noteRecording } from './library-actions'
import { libraryTexts as t } from './texts'

interface NoteEditorProps {
  readonly recording: string
  /** As it stands in the file. */
  readonly note: string
}

/** The note of a recording: saved when the field is left, and with Ctrl+Enter. What somebody else wrote meanwhile is shown unless one writes oneself. */
export function NoteEditor({ recording, note }: NoteEditorProps): JSX.Element {
  const session = useSession()
  const [draft, setDraft] = useState<string | null>(null)
  const id = useId()
  const save = (): void => {
    if (draft !== null && draft.trim() !== note) noteRecording(session, recording, draft.trim())
    setDraft(null)
  }
  const text = draft ?? note
  return (
    <section className="library-note">
      <h3>
        <label htmlFor={id}>{t.note}</label>
      </h3>
      <textarea
        id={id}
        className="scrolls"
        value={text}
        placeholder={t.notePlaceholder}
        maxLength={MAX_RECORDING_NOTE_LENGTH}
        rows={Math.min(8, Math.max(2, text.split('\n').length))}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={save}
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Escape') setDraft(null)
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save()
        }}
      />
    </section>
  )
}
