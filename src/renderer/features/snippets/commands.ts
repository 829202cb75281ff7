import type { Command } from '../../commands/command'
import { useApp } from '../../store/app-store'
import type { Session } from '../../store/session'
import { saveExchange } from './save-exchange'
import { saveSnippet, stopRun } from './snippets-desk'
import { isEdited, useSnippets } from './snippets-store'
import { useCheckWish } from '../../store/check-wish'
import { checkTexts } from './check-texts'
import { snippetTexts as t } from './texts'

const press = (selector: string): void => document.querySelector<HTMLButtonElement>(selector)?.click()

/** What can be done with snippets. */
export function snippetCommands(session: Session): Command[] {
  const here = { group: t.title, page: 'send' } as const
  const isShown = (): boolean => {
    const { page, sendTab } = useApp.getState()
    return page === 'send' && sendTab === 'snippets'
  }
  const runningId = (): number | undefined => {
    const shown = useSnippets.getState().runs?.shown
    return shown?.state === 'running' ? shown.runId : undefined
  }
  return [
    {
      id: 'snippets.show',
      title: 'Show snippets',
      group: t.title,
      keys: [],
      words: 'steps expect send wait',
      run: () => {
        useApp.getState().sendTabChosen('snippets')
        useApp.getState().pageChosen('send')
      },
    },
    {
      ...here,
      id: 'snippet.new',
      title: 'New snippet',
      keys: [],
      isEnabled: isShown,
      run: () => press('[data-new-snippet]'),
    },
    {
      ...here,
      id: 'snippet.run',
      title: 'Run the snippet',
      keys: ['Mod+Enter'],
      isEnabled: () => isShown() && useSnippets.getState().open !== null,
      run: () => press('[data-run-snippet]'), // the button knows whether it can
    },
    {
      ...here,
      id: 'snippet.stop',
      title: 'Stop the snippet',
      keys: ['Mod+.'],
      isEnabled: () => isShown() && runningId() !== undefined,
      run: () => {
        const runId = runningId()
        if (runId !== undefined) void stopRun(session.client, runId)
      },
    },
    {
      ...here,
      id: 'snippet.save',
      title: 'Save the snippet',
      keys: ['Mod+S'],
      isEnabled: () => {
        const { open } = useSnippets.getState()
        return isShown() && open !== null && isEdited(open)
      },
      run: () => void saveSnippet(session.client),
    },
    {
      id: 'message.check',
      title: checkTexts.command,
      group: 'Messages',
      keys: [],
      page: 'live',
      words: 'test assert expect snippet junit record',
      isEnabled: () => useApp.getState().selectedId !== null,
      run: () => useCheckWish.getState().wished([]),
    },
    {
      id: 'message.snippet',
      title: t.fromExchange,
      group: 'Messages',
      keys: [],
      page: 'live',
      words: 'record test assert',
      isEnabled: () => useApp.getState().selectedId !== null,
      run: () => void saveExchange(session),
    },
  ]
}
