import { type JSX, useState } from 'react'
import { hasCode, toWireError } from '../../../shared/errors'
import { MAX_ENTRY_NAME_LENGTH } from '../../../shared/workspace/entry-name'
import { formatMessage } from '../../../shared/workspace/message-file'
import { useApp } from '../../store/app-store'
import { messageOfDraft } from '../../store/draft-message'
import { useSession } from '../../store/session-context'
import type { ScreenPoint } from '../../ui/Menu'
import { TextPrompt } from '../../ui/TextPrompt'
import { timeoutOf } from './send-check'
import { texts } from './texts'

/** Keeps the message in a collection: a file that everybody can read. */
export function SaveMessage(): JSX.Element {
  const session = useSession()
  const name = useApp((s) => s.draftName)
  const { draftSaved, noticeShown } = useApp.getState()
  const [at, setAt] = useState<ScreenPoint | null>(null)
  const save = async (wanted: string): Promise<void> => {
    if (wanted === '') return
    const { draft } = useApp.getState()
    const message = messageOfDraft(draft, timeoutOf(draft.timeoutText) ?? 30_000)
    try {
      const before = await session.client.call('workspace.read', { kind: 'messages', name: wanted }).then(
        ({ file }) => file,
        (error: unknown) => {
          if (hasCode(error, 'WORKSPACE_FILE_UNKNOWN')) return null
          throw error
        },
      )
      await session.client.call('workspace.save', {
        kind: 'messages',
        name: wanted,
        text: formatMessage(message, before?.text),
        revision: before?.revision ?? null,
      })
      draftSaved(wanted)
    } catch (error) {
      noticeShown(toWireError(error))
    }
  }
  return (
    <>
      <button
        type="button"
        className="btn ghost sm"
        title={texts.saveAs}
        onClick={(event) => {
          const { left, top } = event.currentTarget.getBoundingClientRect()
          setAt({ x: left - 240, y: top - 48 })
        }}
      >
        {texts.save}
      </button>
      {at !== null && (
        <TextPrompt
          label={texts.saveName}
          at={at}
          initial={name ?? ''}
          placeholder={texts.savePlaceholder}
          save={texts.save}
          maxLength={MAX_ENTRY_NAME_LENGTH}
          isMono
          onSave={(wanted) => void save(wanted)}
          onClose={() => setAt(null)}
        />
      )}
    </>
  )
}
