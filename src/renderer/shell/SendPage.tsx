import { type ComponentType, type JSX, useId } from 'react'
import { Outcome } from '../features/composer/Outcome'
import { MessagesPane } from '../features/send/MessagesPane'
import { SnippetsPane } from '../features/snippets/SnippetsPane'
import { useApp } from '../store/app-store'
import { SEND_TABS, type SendTab } from '../store/page-slice'
import { Tabs } from '../ui/Tabs'
import { texts } from '../ui/texts'

/** What became of the message sent last stands below, as in the composer. */
const SavedMessages = (): JSX.Element => <MessagesPane outcome={<Outcome />} />
const PANES: Partial<Record<SendTab, ComponentType>> = { messages: SavedMessages, snippets: SnippetsPane }
const TABS = SEND_TABS.filter((tab) => PANES[tab] !== undefined).map((value) => ({
  value,
  label: texts.app.sendTabs[value],
}))

/** What an operator keeps to send again: messages one by one, and snippets of several steps. */
export function SendPage(): JSX.Element {
  const chosen = useApp((s) => s.sendTab)
  const panelId = useId()
  const tab = PANES[chosen] === undefined ? TABS[0]!.value : chosen
  const Pane = PANES[tab]!
  return (
    <div className="send-page">
      <div data-pane="send">
        <Tabs
          label={texts.app.send}
          value={tab}
          tabs={TABS}
          panelId={panelId}
          isPaneFocus
          onChange={useApp.getState().sendTabChosen}
        />
      </div>
      <div id={panelId} className="send-panel" role="tabpanel" aria-label={texts.app.sendTabs[tab]}>
        <Pane />
      </div>
    </div>
  )
}
