import type { JSX } from 'react'
import type { ListRow } from '../../../../shared/model/list-view'
import { MAX_NOTE_LENGTH } from '../../../../shared/model/notes'
import { useSession } from '../../../store/session-context'
import type { ScreenPoint } from '../../../ui/Menu'
import { TextPrompt } from '../../../ui/TextPrompt'
import { ColumnsMenu } from './ColumnsMenu'
import { CopyMenu, RowMenu } from './RowMenu'
import { sendAgain } from './send-again'
import { listTexts as t } from './texts'
import type { Copying } from './use-copy'
import type { RowNotes } from './use-row-notes'

/** What floats above the list. */
export type Popup =
  | { readonly kind: 'columns' | 'copy'; readonly at: ScreenPoint }
  | { readonly kind: 'note'; readonly at: ScreenPoint; readonly row: ListRow }
  | {
      readonly kind: 'row'
      readonly at: ScreenPoint
      readonly row: ListRow
      readonly condition: string | null
    }

interface ListPopupProps {
  readonly popup: Popup
  readonly copying: Copying
  readonly notes: RowNotes
  /** Another one takes its place. */
  readonly onPopup: (popup: Popup) => void
  readonly onTold: (said: string) => void
  readonly onClose: () => void
}

/** The one menu or prompt that is open over the list. */
export function ListPopup({ popup, copying, notes, onPopup, onTold, onClose }: ListPopupProps): JSX.Element {
  const session = useSession()
  const { at } = popup
  const sentAgain = (row: ListRow): void => {
    if (row.row !== 'message') return
    sendAgain(session, row.id).then(
      (isSent) => onTold(isSent ? '' : t.notKept),
      () => onTold(t.notKept),
    )
  }
  switch (popup.kind) {
    case 'columns':
      return <ColumnsMenu at={at} onTold={onTold} onClose={onClose} />
    case 'copy':
      return <CopyMenu at={at} onCopy={copying.copy} onClose={onClose} />
    case 'note':
      return (
        <TextPrompt
          label={t.note}
          at={at}
          initial={notes.noteText(popup.row)}
          placeholder={t.notePlaceholder}
          save={t.save}
          maxLength={MAX_NOTE_LENGTH}
          onSave={(text) => notes.saveNote(popup.row, text)}
          onClose={onClose}
        />
      )
    case 'row':
      return (
        <RowMenu
          at={at}
          row={popup.row}
          condition={popup.condition}
          isMarked={notes.isMarked(popup.row)}
          hasNote={notes.noteText(popup.row) !== ''}
          onCopy={copying.copy}
          onCopyAs={() => onPopup({ kind: 'copy', at })}
          onMark={() => notes.toggleMark(popup.row)}
          onNote={() => onPopup({ kind: 'note', at, row: popup.row })}
          onRemoveNotes={() => notes.removeAll(popup.row)}
          onSendAgain={() => sentAgain(popup.row)}
          onClose={onClose}
        />
      )
  }
}
