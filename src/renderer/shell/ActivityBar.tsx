import type { JSX } from 'react'
import { useApp } from '../store/app-store'
import { Icon } from '../ui/icons'
import { texts } from '../ui/texts'
import { focusPane } from './panes'

/** The pages there are, and help. */
export function ActivityBar(): JSX.Element {
  const isHelpOpen = useApp((s) => s.isHelpOpen)
  const { helpToggled } = useApp.getState()
  return (
    <nav className="activity" aria-label={texts.app.pages}>
      <button
        type="button"
        title={`${texts.app.live} (Ctrl 1)`}
        aria-label={texts.app.live}
        aria-current="page"
        onClick={() => focusPane('list')}
      >
        <Icon name="live" />
      </button>
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
