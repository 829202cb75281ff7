import type { JSX } from 'react'
import { useApp } from '../../store/app-store'
import { selectSendLink } from '../../store/links-slice'
import { useSession } from '../../store/session-context'
import { texts } from '../../ui/texts'
import { TerminalPane } from './TerminalPane'
import { terminalTexts as t } from './texts'
import '@xterm/xterm/css/xterm.css'
import './terminal.css'

/** The bytes of a link as text or hex, and a line to send some. */
export function TerminalPage(): JSX.Element {
  const session = useSession()
  const link = useApp(selectSendLink)
  if (link !== undefined) return <TerminalPane key={link.linkId} link={link} />
  return (
    <section className="pane" aria-label={t.pane} data-pane="terminal">
      <header className="phead">
        <h2>{t.pane}</h2>
      </header>
      <div className="empty term-none">
        <p>{t.noLink}</p>
        <p>{t.noLinkHint}</p>
        <button
          type="button"
          className="btn primary"
          data-pane-focus=""
          onClick={() => session.openConnect()}
        >
          {texts.list.connect}
        </button>
      </div>
    </section>
  )
}
