import { type ComponentType, type JSX, Suspense, useId } from 'react'
import { Tabs } from '../ui/Tabs'
import { texts } from '../ui/texts'

interface TabbedPageProps<T extends string> {
  /** Names the pane of the tabs, for F6. */
  readonly pane: string
  readonly label: string
  readonly tabs: readonly T[]
  readonly words: Readonly<Record<T, string>>
  readonly panes: Readonly<Record<T, ComponentType>>
  readonly chosen: T
  readonly onChoose: (tab: T) => void
}

/** A page with tabs, one of its panes below them. A pane may load when it is first shown. */
export function TabbedPage<T extends string>(props: TabbedPageProps<T>): JSX.Element {
  const { pane, label, tabs, words, panes, chosen, onChoose } = props
  const panelId = useId()
  const Pane: ComponentType = panes[chosen]
  return (
    <div className={`tabbed-page ${pane}-page`}>
      <div data-pane={pane}>
        <Tabs
          label={label}
          value={chosen}
          tabs={tabs.map((value) => ({ value, label: words[value] }))}
          panelId={panelId}
          isPaneFocus
          onChange={onChoose}
        />
      </div>
      <div id={panelId} className="tabbed-panel" role="tabpanel" aria-label={words[chosen]}>
        <Suspense fallback={<p className="empty">{texts.app.loadingPage}</p>}>
          <Pane />
        </Suspense>
      </div>
    </div>
  )
}
