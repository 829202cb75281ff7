import { type JSX, useRef, useState } from 'react'
import type { RecordingNow } from '../../../shared/model/recorder'
import { useKeyWords } from '../../commands/key-map-context'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { formatBytes, formatElapsed } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { Menu, type MenuGroup, type ScreenPoint } from '../../ui/Menu'
import { SAVED_MINUTES } from './commands'
import { elapsedWords } from './elapsed'
import { dismissProblem, saveLast, toggleRecording } from './recorder-actions'
import { recorderTexts as t } from './texts'
import './recorder.css'

/** Recording on and off, with what is written so far; beside it, what memory still holds. */
export function RecordButton(): JSX.Element {
  const session = useSession()
  const now = useApp((s) => s.recorder?.now ?? null)
  const saving = useApp((s) => s.recorder?.saving ?? null)
  const problem = useApp((s) => s.recorder?.problem ?? null)
  const keys = useKeyWords('recorder.toggle')
  const [menuAt, setMenuAt] = useState<ScreenPoint | null>(null)
  const opener = useRef<HTMLButtonElement>(null)
  const openMenu = (): void => {
    const box = opener.current?.getBoundingClientRect()
    if (box !== undefined) setMenuAt({ x: box.left, y: box.bottom + 4 })
  }
  return (
    <div className="rec" role="group" aria-label={t.group}>
      {now !== null ? (
        <button
          type="button"
          className="btn rec-on"
          aria-pressed="true"
          aria-label={t.running(elapsedWords(now.lengthMs), formatBytes(now.bytes), now.gaps)}
          title={t.stop(keys)}
          disabled={now.isEnding}
          onClick={() => toggleRecording(session)}
        >
          <Running now={now} />
        </button>
      ) : (
        <button
          type="button"
          className={problem === null ? 'btn ghost' : 'btn ghost rec-ended'}
          aria-pressed="false"
          title={problem === null ? t.start(keys) : t.endedHint(problem.message, problem.remedy)}
          onClick={() => toggleRecording(session)}
        >
          {problem === null ? <span className="dot ring" /> : <Icon name="warn" tone="err" />}
          <span className={problem === null ? 'rec-word' : undefined}>
            {problem === null ? t.record : t.ended}
          </span>
        </button>
      )}
      <button
        ref={opener}
        type="button"
        className="btn ghost rec-more"
        title={t.menu}
        aria-label={saving === null ? t.menu : t.saving(saving.share)}
        aria-haspopup="menu"
        aria-expanded={menuAt !== null}
        onClick={openMenu}
      >
        {saving !== null && <span className="num">{t.saving(saving.share)}</span>}
        <Icon name="down" />
      </button>
      {menuAt !== null && <SaveMenu at={menuAt} onClose={() => setMenuAt(null)} />}
      {problem !== null && now === null && (
        <button
          type="button"
          className="btn ghost sq"
          title={t.dismiss}
          aria-label={t.dismiss}
          onClick={() => dismissProblem(session)}
        >
          <Icon name="x" />
        </button>
      )}
    </div>
  )
}

function Running({ now }: { readonly now: RecordingNow }): JSX.Element {
  return (
    <>
      <span className="dot err" />
      <span className="num">{elapsedWords(now.lengthMs)}</span>
      <span className="num t2 rec-size">{now.isEnding ? t.ending : formatBytes(now.bytes)}</span>
      {now.gaps > 0 && (
        <span className="rec-gaps" title={t.gapsHint(now.lostEntries, now.lostBytes)}>
          {t.gaps(now.gaps)}
        </span>
      )}
    </>
  )
}

function SaveMenu({ at, onClose }: { readonly at: ScreenPoint; readonly onClose: () => void }): JSX.Element {
  const session = useSession()
  const keys = useKeyWords('recorder.save')
  const reachMs = useApp((s) => s.recorder?.flight.reachMs ?? null)
  const isSaving = useApp((s) => (s.recorder?.saving ?? null) !== null)
  const saveMinutes = useApp((s) => s.recorderSettings.saveMinutes)
  const { settingsAsked, pageChosen } = useApp.getState()
  const minutes = [...new Set([...SAVED_MINUTES, saveMinutes])].sort((a, b) => a - b)
  const groups: MenuGroup[] = [
    {
      label: t.menuLabel(reachMs === null ? null : reachWords(reachMs)),
      items: minutes.map((each) => ({
        key: `save-${each}`,
        label: t.saveLast(each),
        ...(each === saveMinutes && { hint: keys }),
        isDisabled: reachMs === null || isSaving,
        run: () => saveLast(session, each),
      })),
    },
    {
      items: [
        { key: 'library', label: t.library, icon: 'rec', run: () => pageChosen('recordings') },
        { key: 'settings', label: t.settings, icon: 'settings', run: () => settingsAsked('recording') },
      ],
    },
  ]
  return <Menu label={t.menu} at={at} groups={groups} onClose={onClose} />
}

/** The core tells it in steps. */
const reachWords = (reachMs: number): string => (reachMs === 0 ? t.shortReach : formatElapsed(reachMs))
