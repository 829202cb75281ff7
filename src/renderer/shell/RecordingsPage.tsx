import { type ComponentType, type JSX, lazy } from 'react'
import { useConvert } from '../features/convert/convert-store'
import { convertTexts } from '../features/convert/texts'
import type { RecordingAction } from '../features/library/recording-action'
import { useWhatIf } from '../features/what-if/what-if-store'
import { useApp } from '../store/app-store'
import { RECORDINGS_TABS, type RecordingsTab } from '../store/page-slice'
import { texts } from '../ui/texts'
import { TabbedPage } from './TabbedPage'

const LibraryPane = lazy(async () => ({
  default: (await import('../features/library/LibraryPane')).LibraryPane,
}))
const ComparePane = lazy(async () => ({
  default: (await import('../features/compare/ComparePane')).ComparePane,
}))
const WhatIfPane = lazy(async () => ({
  default: (await import('../features/what-if/WhatIfPane')).WhatIfPane,
}))

/** What the library offers that other features do. */
const ACTIONS: readonly RecordingAction[] = [
  {
    key: 'compare',
    label: 'Compare',
    icon: 'columns',
    needs: 'two',
    run: ([a, b]) => useApp.getState().compareChosen(a!, b!),
  },
  {
    key: 'what-if',
    label: 'What if…',
    needs: 'one',
    run: ([recording]) => {
      useWhatIf.getState().recordingChosen(recording!)
      useApp.getState().recordingsTabChosen('what-if')
    },
  },
  {
    key: 'export',
    label: convertTexts.exportAction,
    icon: 'arrowDown',
    needs: 'one',
    run: ([recording]) => useConvert.getState().opened({ kind: 'export', recording: recording! }),
  },
  {
    key: 'trim',
    label: convertTexts.trimAction,
    hint: 'T',
    needs: 'one',
    run: ([recording]) => useConvert.getState().opened({ kind: 'trim', recording: recording!, span: null }),
  },
  {
    key: 'redact',
    label: convertTexts.redactAction,
    hint: 'X',
    needs: 'one',
    run: ([recording]) => useConvert.getState().opened({ kind: 'redact', recording: recording! }),
  },
]

const importButton = (
  <button
    type="button"
    className="btn ghost sm"
    onClick={() => useConvert.getState().opened({ kind: 'import' })}
  >
    {convertTexts.importAction}
  </button>
)

/** Each is loaded when it is first shown. */
const PANES: Readonly<Record<RecordingsTab, ComponentType>> = {
  library: () => <LibraryPane actions={ACTIONS} headActions={importButton} />,
  compare: ComparePane,
  'what-if': WhatIfPane,
}

/** What was recorded: the library, two recordings beside each other, and what would have been. */
export const RecordingsPage = (): JSX.Element => (
  <TabbedPage
    pane="recordings"
    label={texts.app.recordings}
    tabs={RECORDINGS_TABS}
    words={texts.app.recordingsTabs}
    panes={PANES}
    chosen={useApp((s) => s.recordingsTab)}
    onChoose={useApp.getState().recordingsTabChosen}
  />
)
