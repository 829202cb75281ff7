import type { JSX } from 'react'
import { useKeyWords } from '../commands/key-map-context'
import { useApp } from '../store/app-store'
import { selectProblemCount } from '../store/device-slice'
import { Icon } from '../ui/icons'
import { texts } from '../ui/texts'
import { commandTexts } from './command-texts'
import { PAGES, showPage } from './pages'

/** The pages there are, and help. */
export function ActivityBar(): JSX.Element {
  const page = useApp((s) => s.page)
  const problems = useApp(selectProblemCount)
  const isHelpOpen = useApp((s) => s.isHelpOpen)
  const isTriggersOpen = useApp((s) => s.isTriggersOpen)
  const isSettingsOpen = useApp((s) => s.isSettingsOpen)
  const settingsKeys = useKeyWords('app.settings')
  const { helpToggled, triggersToggled, settingsToggled } = useApp.getState()
  return (
    <nav className="activity" aria-label={texts.app.pages}>
      {PAGES.map((entry) => (
        <button
          key={entry.page}
          type="button"
          title={`${entry.label} (Ctrl ${entry.key})`}
          aria-label={
            entry.page === 'problems' && problems > 0
              ? texts.problems.badge(entry.label, problems)
              : entry.label
          }
          aria-current={entry.page === page ? 'page' : undefined}
          onClick={() => showPage(entry)}
        >
          <Icon name={entry.icon} />
          {entry.page === 'problems' && problems > 0 && (
            <span className="badge" aria-hidden="true">
              {problems > 99 ? '99+' : problems}
            </span>
          )}
        </button>
      ))}
      <span className="grow" />
      <button
        type="button"
        title={`${texts.app.triggers} (Ctrl Shift T)`}
        aria-label={texts.app.triggers}
        aria-haspopup="dialog"
        aria-expanded={isTriggersOpen}
        onClick={() => triggersToggled(true)}
      >
        <Icon name="bolt" />
      </button>
      <button
        type="button"
        title={`${texts.app.help} (?)`}
        aria-label={texts.app.help}
        aria-haspopup="dialog"
        aria-expanded={isHelpOpen}
        onClick={() => helpToggled(true)}
      >
        <Icon name="help" />
      </button>
      <button
        type="button"
        title={`${commandTexts.looks.settings} (${settingsKeys})`}
        aria-label={commandTexts.looks.settings}
        aria-haspopup="dialog"
        aria-expanded={isSettingsOpen}
        onClick={() => settingsToggled(true)}
      >
        <Icon name="settings" />
      </button>
    </nav>
  )
}
