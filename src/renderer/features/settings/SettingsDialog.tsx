import { type JSX, type ReactNode, useState } from 'react'
import { asConsoleError, hasCode, toWireError, type WireError } from '../../../shared/errors'
import { useApp } from '../../store/app-store'
import { SETTINGS_PARTS, type SettingsPart } from '../../store/palette-slice'
import { sentences } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { Tabs } from '../../ui/Tabs'
import { useDialog } from '../../ui/use-dialog'
import { KeysTab } from './KeysTab'
import { LayoutsTab } from './LayoutsTab'
import { LooksTab } from './LooksTab'
import { RecordingTab } from './RecordingTab'
import { settingsTexts as t } from './texts'
import './settings.css'

const TABS = SETTINGS_PARTS.map((value) => ({ value, label: t.tabs[value] }))
const PANEL_ID = 'settings-panel'

/** Looks, keys, layouts and recordings. Every choice holds at once. */
export function SettingsDialog(): JSX.Element {
  const [part, setPart] = useState<SettingsPart>(() => useApp.getState().settingsPart)
  const [failure, setFailure] = useState<WireError | null>(null)
  const problems = useApp((s) => s.settingsProblems)
  const close = (): void => useApp.getState().settingsToggled(false)
  const { ref, pressed } = useDialog(close)
  const saved = (saving: Promise<void>): void => {
    setFailure(null)
    saving.catch((error: unknown) => setFailure(toWireError(asConsoleError(error))))
  }
  const problem = part === 'recording' ? undefined : problems[part]
  return (
    <div
      className="sheet-veil"
      onKeyDown={pressed}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) close()
      }}
    >
      <div
        ref={ref}
        className="sheet settings"
        role="dialog"
        aria-modal="true"
        aria-labelledby="settings-title"
      >
        <header>
          <div className="grow">
            <h1 id="settings-title">{t.title}</h1>
            <p>{t.hint}</p>
          </div>
          <button
            type="button"
            className="btn ghost sq"
            title={t.close}
            aria-label={t.close}
            data-first=""
            onClick={close}
          >
            <Icon name="x" />
          </button>
        </header>
        <Tabs<SettingsPart>
          label={t.sections}
          value={part}
          tabs={TABS}
          panelId={PANEL_ID}
          onChange={setPart}
        />
        {problem !== undefined && (
          <p className="settings-told" role="alert">
            <Icon name="warn" tone="warn" />
            <span>
              <b className="b">{t.problem(problem.file, problem.line)}</b>
              {sentences(problem.message, problem.remedy)}
            </span>
          </p>
        )}
        {failure !== null && (
          <p className="settings-told" role="alert">
            <Icon name="x" tone="err" />
            <span>
              {hasCode(failure, 'WORKSPACE_CONFLICT') && problem === undefined
                ? t.conflict
                : sentences(failure.message, failure.remedy)}
            </span>
          </p>
        )}
        <div id={PANEL_ID} className="settings-panel scrolls" role="tabpanel" aria-label={t.tabs[part]}>
          {panelOf(part, saved)}
        </div>
      </div>
    </div>
  )
}

function panelOf(part: SettingsPart, saved: (saving: Promise<void>) => void): ReactNode {
  if (part === 'recording') return <RecordingTab />
  if (part === 'keys') return <KeysTab onSave={saved} />
  return part === 'layouts' ? <LayoutsTab onSave={saved} /> : <LooksTab />
}
