import type { JSX } from 'react'
import { useApp } from '../store/app-store'
import { Icon } from '../ui/icons'
import { texts } from '../ui/texts'
import { PAGES, showPage } from './pages'

/** The pages there are, and help. */
export function ActivityBar(): JSX.Element {
  const page = useApp((s) => s.page)
  const isHelpOpen = useApp((s) => s.isHelpOpen)
  const isTriggersOpen = useApp((s) => s.isTriggersOpen)
  const { helpToggled, triggersToggled } = useApp.getState()
  return (
    <nav className="activity" aria-label={texts.app.pages}>
      {PAGES.map((entry) => (
        <button
          key={entry.page}
          type="button"
          title={`${entry.label} (Ctrl ${entry.key})`}
          aria-label={entry.label}
          aria-current={entry.page === page ? 'page' : undefined}
          onClick={() => showPage(entry)}
        >
          <Icon name={entry.icon} />
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
    </nav>
  )
}
