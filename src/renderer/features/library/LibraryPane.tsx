import { type JSX, type MouseEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { asConsoleError, toWireError } from '../../../shared/errors'
import { recordingStem } from '../../../shared/model/recording-name'
import { MAX_ENTRY_PART_LENGTH } from '../../../shared/workspace/entry-name'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { sentences } from '../../ui/format'
import { Icon } from '../../ui/icons'
import type { ScreenPoint } from '../../ui/Menu'
import { TextPrompt } from '../../ui/TextPrompt'
import { LibrarySide } from './LibrarySide'
import { renameTo } from './library-actions'
import { useLibrary } from './library-store'
import type { RecordingAction } from './recording-action'
import { RecordingGrid } from './RecordingGrid'
import { RecordingMenu } from './RecordingMenu'
import { libraryTexts as t } from './texts'
import './library.css'

interface LibraryPaneProps {
  /** What other parts of the program do with recordings. */
  readonly actions: readonly RecordingAction[]
  /** What stands in the head beside retention and trash. */
  readonly headActions?: ReactNode
}

/** All recordings of the workspace, and the one that is chosen. */
export function LibraryPane({ actions, headActions }: LibraryPaneProps): JSX.Element {
  const session = useSession()
  const news = useLibrary((s) => s.news)
  const search = useLibrary((s) => s.search)
  const problem = useLibrary((s) => s.problem)
  const side = useLibrary((s) => s.side)
  const { searched, sideShown, failed } = useLibrary.getState()
  const [menuAt, setMenuAt] = useState<ScreenPoint | null>(null)
  const pane = useRef<HTMLElement>(null)
  useEffect(
    () =>
      session.live.subscribe(
        'library',
        {},
        (told) => useLibrary.getState().told(told),
        (error) => useLibrary.getState().failed(toWireError(asConsoleError(error))),
      ),
    [session],
  )
  const wish = useApp((s) => s.recordingWish)
  useEffect(() => {
    if (wish === null) return
    useLibrary.getState().recordingWanted(wish)
    useApp.getState().recordingWishTaken()
  }, [wish])
  const isEmpty = news !== null && news.recordings === 0
  return (
    <section ref={pane} className="library" data-pane="library" aria-label={t.title} tabIndex={-1}>
      <div className="library-main">
        <header className="phead">
          <h2>{t.title}</h2>
          {news !== null && <span className="t3">{t.count(news.recordings, news.fileBytes)}</span>}
          {news !== null && news.reading > 0 && <span className="t3">{t.reading(news.reading)}</span>}
          {news !== null && news.skipped > 0 && <span className="warn">{t.skipped(news.skipped)}</span>}
          <span className="grow" />
          <label className="field library-find">
            <Icon name="search" />
            <input
              value={search.query}
              aria-label={t.find}
              placeholder={t.find}
              maxLength={512}
              spellCheck={false}
              onChange={(event) => searched({ query: event.target.value })}
              onKeyDown={(event) => {
                if (event.key === 'Escape' && search.query !== '') {
                  event.stopPropagation()
                  searched({ query: '' })
                }
                if (event.key !== 'ArrowDown' && event.key !== 'Enter') return
                event.preventDefault()
                event.stopPropagation()
                pane.current?.querySelector<HTMLElement>('.library-table')?.focus()
              }}
            />
          </label>
          {headActions}
          <button
            type="button"
            className="btn ghost sm"
            aria-pressed={side === 'retention'}
            onClick={() => sideShown(side === 'retention' ? 'detail' : 'retention')}
          >
            <Icon name="clock" />
            {t.retention}
          </button>
          <button
            type="button"
            className="btn ghost sm"
            aria-pressed={side === 'trash'}
            onClick={() => sideShown(side === 'trash' ? 'detail' : 'trash')}
          >
            <Icon name="trash" />
            {t.trash(news?.trash.length ?? 0)}
          </button>
        </header>
        {problem !== null && (
          <p className="library-problem" role="alert">
            <b>{problem.code}</b> {sentences(problem.message, problem.remedy)}
            <button
              type="button"
              className="btn ghost sm sq"
              aria-label={t.close}
              onClick={() => failed(null)}
            >
              <Icon name="x" />
            </button>
          </p>
        )}
        {news === null ? (
          <div className="library-body">
            <p className="empty">{t.loading}</p>
          </div>
        ) : isEmpty ? (
          <div className="library-body">
            <div className="empty" data-pane-focus="" tabIndex={-1}>
              <p>{t.none}</p>
              <p>{t.noneHint}</p>
            </div>
          </div>
        ) : (
          <RecordingGrid
            onMenu={(event: MouseEvent) => {
              event.preventDefault()
              setMenuAt({ x: event.clientX, y: event.clientY })
            }}
          />
        )}
      </div>
      <LibrarySide actions={actions} onMenu={setMenuAt} />
      {menuAt !== null && <RecordingMenu at={menuAt} actions={actions} onClose={() => setMenuAt(null)} />}
      <RenamePrompt />
    </section>
  )
}

/** Asks for the new name beside the row of the recording. */
function RenamePrompt(): JSX.Element | null {
  const session = useSession()
  const renaming = useLibrary((s) => s.renaming)
  const { renamingBegan } = useLibrary.getState()
  if (renaming === null) return null
  const row = document.querySelector('.library-table .gr.sel')?.getBoundingClientRect()
  return (
    <TextPrompt
      label={t.renameLabel}
      at={{ x: (row?.left ?? 80) + 24, y: row?.bottom ?? 120 }}
      initial={recordingStem(renaming)}
      placeholder=""
      save={t.save}
      maxLength={MAX_ENTRY_PART_LENGTH}
      onSave={(name) => renameTo(session, renaming, name)}
      onClose={() => renamingBegan(null)}
    />
  )
}
