import type { JSX } from 'react'
import { useApp } from '../store/app-store'
import { Icon } from '../ui/icons'
import { texts } from '../ui/texts'
import { PAGES, showPage } from './pages'

/** The pages there are, and help. */
export function ActivityBar(): JSX.Element {
  const page = useApp((s) => s.page)
  const isHelpOpen = useApp((s) => s.isHelpOpen)
  const { helpToggled } = useApp.getState()
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
