import type { ComponentType, JSX } from 'react'
import { Outcome } from '../features/composer/Outcome'
import { MessagesPane } from '../features/send/MessagesPane'
import { SnippetsPane } from '../features/snippets/SnippetsPane'
import { useApp } from '../store/app-store'
import { SEND_TABS, type SendTab } from '../store/page-slice'
import { texts } from '../ui/texts'
import { TabbedPage } from './TabbedPage'

const PANES: Readonly<Record<SendTab, ComponentType>> = {
  /** What became of the message sent last stands below, as in the composer. */
  messages: () => <MessagesPane outcome={<Outcome />} />,
  snippets: SnippetsPane,
}

/** What an operator keeps to send again: messages one by one, and snippets of several steps. */
export const SendPage = (): JSX.Element => (
  <TabbedPage
    pane="send"
    label={texts.app.send}
    tabs={SEND_TABS}
    words={texts.app.sendTabs}
    panes={PANES}
    chosen={useApp((s) => s.sendTab)}
    onChoose={useApp.getState().sendTabChosen}
  />
)
