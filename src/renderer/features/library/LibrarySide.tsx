import type { JSX } from 'react'
import type { ScreenPoint } from '../../ui/Menu'
import { RecordingDetailView } from './RecordingDetailView'
import { RetentionPart } from './RetentionPart'
import { TrashPart } from './TrashPart'
import { useLibrary } from './library-store'
import type { RecordingAction } from './recording-action'
import { libraryTexts as t } from './texts'

interface LibrarySideProps {
  readonly actions: readonly RecordingAction[]
  readonly onMenu: (at: ScreenPoint) => void
}

const LABELS = { detail: t.detail, trash: t.trashTitle, retention: t.retentionTitle }

/** Beside the table: the recording that is chosen, the trash, or how long recordings are kept. */
export function LibrarySide({ actions, onMenu }: LibrarySideProps): JSX.Element {
  const side = useLibrary((s) => s.side)
  // a single one that is chosen may be another than that of the cursor
  const recording = useLibrary((s) =>
    s.chosen.size === 1 ? ([...s.chosen][0] ?? null) : (s.cursor?.recording ?? null),
  )
  const hasAny = useLibrary((s) => (s.news?.recordings ?? 0) > 0)
  return (
    <aside className="library-side" data-pane="library-detail" aria-label={LABELS[side]} tabIndex={-1}>
      {side === 'trash' ? (
        <TrashPart />
      ) : side === 'retention' ? (
        <RetentionPart />
      ) : recording !== null && hasAny ? (
        <RecordingDetailView key={recording} recording={recording} actions={actions} onMenu={onMenu} />
      ) : (
        <p className="empty">{t.nothingChosen}</p>
      )}
    </aside>
  )
}
