import type { JSX } from 'react'
import type { CopyShape, ListRow } from '../../../../shared/model/list-view'
import { useApp } from '../../../store/app-store'
import { useCheckWish } from '../../../store/check-wish'
import { COPY_SHAPES } from '../../../store/list-view-slice'
import { Menu, type MenuGroup, type MenuItem, type ScreenPoint } from '../../../ui/Menu'
import { revealLine } from '../../../ui/visible-text'
import { listTexts as t } from './texts'

interface CopyMenuProps {
  readonly at: ScreenPoint
  readonly onCopy: (shape: CopyShape) => void
  readonly onClose: () => void
}

/** All shapes in which rows are copied; the one used last says so, Ctrl C takes it again. */
export function CopyMenu({ at, onCopy, onClose }: CopyMenuProps): JSX.Element {
  const last = useApp((s) => s.copyShape)
  return (
    <Menu
      label={t.copyAs}
      at={at}
      onClose={onClose}
      groups={[
        {
          label: t.copyAs,
          items: COPY_SHAPES.map((shape) => ({
            key: shape,
            label: t.shapes[shape],
            isChecked: shape === last,
            isRadio: true,
            ...(shape === last && { hint: 'Ctrl C' }),
            run: () => onCopy(shape),
          })),
        },
      ]}
    />
  )
}

interface RowMenuProps {
  readonly at: ScreenPoint
  readonly row: ListRow
  /** Holds for messages with the value that was pointed at; null for none. */
  readonly condition: string | null
  readonly isMarked: boolean
  readonly hasNote: boolean
  readonly onCopyAs: () => void
  readonly onCopy: (shape: CopyShape) => void
  readonly onMark: () => void
  readonly onNote: () => void
  readonly onRemoveNotes: () => void
  readonly onSendAgain: () => void
  readonly onClose: () => void
}

/** What can be done with a row. */
export function RowMenu(props: RowMenuProps): JSX.Element {
  const { at, row, condition, isMarked, hasNote, onClose } = props
  const shape = useApp((s) => s.copyShape)
  const copy: MenuItem[] = [
    {
      key: 'copy',
      label: `${t.copy}: ${t.shapes[shape]}`,
      icon: 'copy',
      hint: 'Ctrl C',
      run: () => props.onCopy(shape),
    },
    { key: 'copy-as', label: t.copyAsMore, hint: 'Ctrl Shift C', staysOpen: true, run: props.onCopyAs },
  ]
  const notes: MenuItem[] = [
    { key: 'mark', label: isMarked ? t.unmark : t.mark, icon: 'flag', hint: 'M', run: props.onMark },
    {
      key: 'note',
      label: hasNote ? t.editNote : t.addNote,
      icon: 'note',
      hint: 'Shift M',
      run: props.onNote,
    },
  ]
  if (isMarked || hasNote)
    notes.push({ key: 'remove', label: t.removeNote, hint: 'Delete', run: props.onRemoveNotes })
  const groups: MenuGroup[] = [{ items: copy }]
  if (condition !== null) groups.push({ items: filterItems(condition) })
  groups.push({ items: notes })
  if (row.row === 'message' && row.kind !== 'bytes') {
    const run = (): void => useCheckWish.getState().wished([])
    groups.push({ items: [{ key: 'check', label: t.makeCheck, icon: 'check', run }] })
  }
  if (row.row === 'message' && row.dir === 'out' && row.kind !== 'response') {
    groups.push({ items: [{ key: 'again', label: t.sendAgain, icon: 'compose', run: props.onSendAgain }] })
  }
  if (row.row === 'message' && row.dir === 'in' && row.kind === 'request') {
    const { responderWished } = useApp.getState()
    const run = (): void => responderWished({ wish: 'answer', messageId: row.id })
    groups.push({ items: [{ key: 'answer', label: t.answerRoute, icon: 'reply', run }] })
  }
  return <Menu label={t.rowMenu} at={at} groups={groups} onClose={onClose} />
}

function filterItems(condition: string): MenuItem[] {
  const { filterNarrowed } = useApp.getState()
  const words = revealLine(condition)
  return [
    {
      key: 'only',
      label: t.only(words),
      icon: 'filter',
      hint: 'Alt click',
      run: () => filterNarrowed(condition, false),
    },
    {
      key: 'not',
      label: t.without(words),
      hint: 'Alt Shift click',
      run: () => filterNarrowed(condition, true),
    },
  ]
}
