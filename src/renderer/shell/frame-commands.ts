import type { Command } from '../commands/command'
import { useApp } from '../store/app-store'
import type { BarMode } from '../store/filter-slice'
import { findNext } from '../store/find-next'
import { selectActiveLink, selectIsLocked } from '../store/links-slice'
import type { Session } from '../store/session'
import { texts } from '../ui/texts'
import { commandTexts as t } from './command-texts'
import { PAGES, showPage } from './pages'
import { paneCommands, pressKnownKey } from './pane-commands'
import { cyclePane, focusPane } from './panes'

const { groups: g } = t

function openBar(mode: BarMode): void {
  useApp.getState().barModeChosen(mode)
  const field = document.querySelector<HTMLInputElement>('[data-filter-field]')
  field?.focus()
  // the text of the mode is there when React's own microtask is through, before the next key
  queueMicrotask(() => field?.select())
}

/** With nothing to look for, the bar has been opened to ask for it. */
function barIfAsked(): void {
  const { barMode, drafts } = useApp.getState()
  if (barMode === 'find' && drafts.find.text === '') openBar('find')
}

function explain(): void {
  const { selectedId, messageSelected, inspectorTabChosen, explainAsked } = useApp.getState()
  inspectorTabChosen('time')
  if (selectedId === null) requestAnimationFrame(() => focusPane('inspector'))
  else {
    messageSelected(selectedId, 'inspector') // where the inspector is a drawer, it opens
    explainAsked(selectedId)
  }
}

function toOldest(): void {
  if (focusPane('list') && document.activeElement !== null) pressKnownKey('Home', document.activeElement)
}

/** What the frame itself can do: pages and panes, the link in hand, the view of the messages. */
export function frameCommands(session: Session): readonly Command[] {
  const live = { page: 'live', group: g.messages }
  const link = (): ReturnType<typeof selectActiveLink> => selectActiveLink(useApp.getState())
  const isConnected = (): boolean => link()?.phase === 'connected'
  const onLink = (act: (linkId: number) => void) => (): void => {
    const { linkId } = link() ?? {}
    if (linkId !== undefined) act(linkId)
  }
  return [
    {
      id: 'link.connect',
      title: t.connect,
      group: g.link,
      keys: ['Mod+O'],
      isOverCard: true,
      run: () => {
        if (!useApp.getState().isConnectOpen) session.openConnect()
      },
    },
    {
      id: 'link.disconnect',
      title: t.disconnect,
      group: g.link,
      keys: [],
      isEnabled: () => link() !== undefined,
      run: onLink((linkId) => session.disconnect(linkId)),
    },
    {
      id: 'link.reconnect',
      title: t.reconnect,
      group: g.link,
      keys: [],
      isEnabled: () => link()?.phase === 'closed',
      run: onLink((linkId) => session.reconnect(linkId)),
    },
    {
      id: 'link.lock',
      title: t.lock,
      group: g.link,
      keys: ['Mod+Shift+L'],
      isOverCard: true,
      run: () => session.setLock(!selectIsLocked(useApp.getState())),
    },
    {
      id: 'link.reset',
      title: t.reset,
      group: g.link,
      keys: ['Mod+Shift+D'],
      isEnabled: isConnected,
      run: onLink((linkId) => session.pulse(linkId)),
    },
    {
      ...live,
      id: 'message.send',
      title: t.send,
      keys: ['Mod+Enter'],
      // pressed outside of the composer: its button knows whether it can
      run: () => document.querySelector<HTMLButtonElement>('.comp .btn.primary')?.click(),
    },
    {
      ...live,
      id: 'view.pause',
      title: t.pause,
      keys: ['Space'],
      // a recording is played or paused; its rows stand still anyway
      run: () => (session.tape === null ? useApp.getState().pauseToggled() : session.tape.toggle()),
    },
    {
      ...live,
      id: 'view.newest',
      title: t.newest,
      keys: ['End'],
      run: () => useApp.getState().newestFollowed(),
    },
    {
      ...live,
      id: 'view.clear',
      title: t.clear,
      keys: ['Mod+L'],
      isEnabled: () => session.tape === null,
      // its button knows whether there is something, and whether to ask
      run: () => document.querySelector<HTMLButtonElement>('[data-clear-messages]')?.click(),
    },
    { ...live, id: 'view.oldest', title: t.oldest, keys: ['Home'], run: toOldest },
    { ...live, id: 'message.explain', title: t.explain, keys: ['E'], run: explain },
    { ...live, id: 'filter.open', title: t.filter, keys: ['Mod+/'], run: () => openBar('filter') },
    { ...live, id: 'find.open', title: t.find, keys: ['Mod+F'], run: () => openBar('find') },
    {
      ...live,
      id: 'find.next',
      title: t.findNext,
      keys: ['F3'],
      run: () => void findNext(session, 1).then(barIfAsked),
    },
    {
      ...live,
      id: 'find.previous',
      title: t.findPrevious,
      keys: ['Shift+F3'],
      run: () => void findNext(session, -1).then(barIfAsked),
    },
    {
      id: 'triggers.open',
      title: t.triggers,
      group: g.messages,
      keys: ['Mod+Shift+T'],
      run: () => useApp.getState().triggersToggled(true),
    },
    ...PAGES.map((entry) => ({
      id: `page.${entry.page}`,
      title: t.page(entry.label),
      group: g.pages,
      keys: [`Mod+${entry.key}`],
      run: () => showPage(entry),
    })),
    { id: 'pane.next', title: t.nextPane, group: g.panes, keys: ['F6'], run: () => cyclePane(1) },
    {
      id: 'pane.previous',
      title: t.previousPane,
      group: g.panes,
      keys: ['Shift+F6'],
      run: () => cyclePane(-1),
    },
    {
      id: 'pane.help',
      title: t.paneHelp,
      group: g.help,
      keys: ['Alt+F1'],
      run: () => {
        const pane = document.activeElement?.closest<HTMLElement>('[data-pane]')?.dataset['pane']
        const group = paneCommands.find((command) => command.pane === pane)?.group
        useApp.getState().helpToggled(true, group)
      },
    },
    {
      id: 'app.palette',
      title: t.palette,
      group: g.help,
      keys: ['Mod+K', 'Mod+Shift+P'],
      isOverCard: true,
      run: () => useApp.getState().paletteToggled(true),
    },
    {
      id: 'app.help',
      title: texts.app.help,
      group: g.help,
      keys: ['?'],
      isOverCard: true,
      run: () => useApp.getState().helpToggled(true),
    },
  ]
}
