import { useEffect } from 'react'
import { useApp } from '../store/app-store'
import type { BarMode } from '../store/filter-slice'
import { findNext } from '../store/find-next'
import { selectActiveLink, selectIsLocked } from '../store/links-slice'
import type { Session } from '../store/session'
import { focusPlaceOf, type GlobalAction, globalAction, LIVE_ACTIONS } from './global-keys'
import { PAGES, showPage } from './pages'
import { cyclePane, focusPane } from './panes'

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

/** Keys of the whole page. Panes that handle a key themselves stop it before it comes here. */
export function useGlobalKeys(session: Session): void {
  useEffect(() => {
    const act: Record<GlobalAction, () => void> = {
      connect: () => session.openConnect(),
      // pressed outside of the composer: its button knows whether it can
      send: () => document.querySelector<HTMLButtonElement>('.comp .btn.primary')?.click(),
      pause: () => useApp.getState().pauseToggled(),
      newest: () => useApp.getState().newestFollowed(),
      oldest: () => {
        if (focusPane('list')) {
          document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Home', bubbles: true }))
        }
      },
      'next-pane': () => cyclePane(1),
      'previous-pane': () => cyclePane(-1),
      'first-page': () => showPageAt(0),
      'second-page': () => showPageAt(1),
      'third-page': () => showPageAt(2),
      filter: () => openBar('filter'),
      find: () => openBar('find'),
      'find-next': () => void findNext(session, 1).then(barIfAsked),
      'find-previous': () => void findNext(session, -1).then(barIfAsked),
      lock: () => session.setLock(!selectIsLocked(useApp.getState())),
      reset: () => {
        const link = selectActiveLink(useApp.getState())
        if (link?.phase === 'connected') session.pulse(link.linkId)
      },
      explain: () => {
        const { selectedId, messageSelected, inspectorTabChosen, explainAsked } = useApp.getState()
        inspectorTabChosen('time')
        if (selectedId === null) requestAnimationFrame(() => focusPane('inspector'))
        else {
          messageSelected(selectedId, 'inspector') // where the inspector is a drawer, it opens
          explainAsked(selectedId)
        }
      },
      triggers: () => useApp.getState().triggersToggled(true),
      help: () => useApp.getState().helpToggled(true),
    }
    const pressed = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return
      const { isHelpOpen, isTriggersOpen, isConnectOpen, page } = useApp.getState()
      const action = globalAction(
        {
          key: event.key,
          isCommand: event.ctrlKey || event.metaKey,
          isShift: event.shiftKey,
          isAlt: event.altKey,
        },
        focusPlaceOf(event.target instanceof Element ? event.target : null),
      )
      if (action === null || isHelpOpen || isTriggersOpen) return
      if (page !== 'live' && LIVE_ACTIONS.has(action)) return
      // the card covers the page: what it covers must not act behind it
      if (isConnectOpen && action !== 'help' && action !== 'connect' && action !== 'lock') return
      event.preventDefault()
      if (!(isConnectOpen && action === 'connect')) act[action]()
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [session])
}

function showPageAt(index: number): void {
  const entry = PAGES[index]
  if (entry !== undefined) showPage(entry)
}
