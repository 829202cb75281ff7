import { type JSX, useState } from 'react'
import { recordingStem } from '../../../shared/model/recording-name'
import { useSession } from '../../store/session-context'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { formatAgo, formatBytes } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { revealLine } from '../../ui/visible-text'
import { emptyTrash, restoreRemoval } from './library-actions'
import { useLibrary } from './library-store'
import { libraryTexts as t } from './texts'

/** Instead of one removal. */
const ALL = 'all'

/** What was removed: each can be put back until the trash is emptied. */
export function TrashPart(): JSX.Element {
  const session = useSession()
  const trash = useLibrary((s) => s.news?.trash)
  const trashBytes = useLibrary((s) => s.news?.trashBytes ?? 0)
  const [asked, setAsked] = useState<string | null>(null)
  const [openedAtMs] = useState(() => Date.now())
  const items = trash ?? []
  const about = asked === ALL ? items : items.filter(({ trashId }) => trashId === asked)
  const bytes = about.reduce((sum, { fileBytes }) => sum + fileBytes, 0)
  return (
    <>
      <header className="phead">
        <h2>{t.trashTitle}</h2>
        {items.length > 0 && <span className="t3">{t.trashOf(trashBytes)}</span>}
        <span className="grow" />
        <button
          type="button"
          className="btn ghost sm"
          disabled={items.length === 0}
          onClick={() => setAsked(ALL)}
        >
          {t.emptyTrash}
        </button>
      </header>
      <div className="library-scroll scrolls">
        {items.length === 0 ? (
          <p className="empty">{t.trashEmpty}</p>
        ) : (
          <ul className="library-trash">
            {items.map(({ trashId, recording, fileBytes, removedAtMs }) => (
              <li key={trashId}>
                <span className="ell" title={revealLine(recording)}>
                  {revealLine(recordingStem(recording))}
                </span>
                <span className="t3 num">{formatBytes(fileBytes)}</span>
                <span className="t3 num">{formatAgo(removedAtMs, Math.max(openedAtMs, removedAtMs))}</span>
                <button
                  type="button"
                  className="btn sm"
                  aria-label={`${t.restore}: ${recording}`}
                  onClick={() => restoreRemoval(session, trashId)}
                >
                  {t.restore}
                </button>
                <button
                  type="button"
                  className="btn ghost sm sq"
                  title={t.deleteForGood}
                  aria-label={`${t.deleteForGood}: ${recording}`}
                  onClick={() => setAsked(trashId)}
                >
                  <Icon name="trash" />
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
      {asked !== null && about.length > 0 && (
        <ConfirmDialog
          title={t.emptyTitle}
          why={t.emptyWhy(about.length, bytes)}
          act={t.emptyAct}
          cancel={t.keep}
          onAct={() => emptyTrash(session, asked === ALL ? undefined : asked)}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  )
}
