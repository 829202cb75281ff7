import type { Command } from '../../commands/command'
import { useApp } from '../../store/app-store'
import { EMPTY_COMPOSER_DRAFT } from '../../store/composer-slice'
import type { Session } from '../../store/session'
import { saveFile, useSend } from './send-store'

const GROUP = 'Send'

/** A field that is drawn only on the live page may need a frame to be there. */
function toComposer(): void {
  useApp.getState().pageChosen('live')
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.route-field input')?.focus())
}

/** What can be done with messages written by hand, from anywhere. */
export function sendCommands(session: Session): readonly Command[] {
  return [
    {
      id: 'message.new',
      title: 'New message',
      group: GROUP,
      keys: ['Mod+N', 'Alt+N'],
      run: () => {
        useApp.getState().draftOpened(EMPTY_COMPOSER_DRAFT, null)
        toComposer()
      },
    },
    {
      id: 'message.history',
      title: 'Search in what was sent',
      group: GROUP,
      keys: [],
      words: 'history again',
      run: () => {
        useApp.getState().pageChosen('live')
        if (useApp.getState().openPart !== 'history') useApp.getState().partToggled('history')
      },
    },
    {
      id: 'message.repeat',
      title: 'Send again and again',
      group: GROUP,
      keys: [],
      words: 'repeat loop',
      run: () => {
        useApp.getState().pageChosen('live')
        if (useApp.getState().openPart !== 'repeat') useApp.getState().partToggled('repeat')
      },
    },
    {
      id: 'collection.save',
      title: 'Save the file that is open',
      group: GROUP,
      keys: [],
      isEnabled: () => useSend.getState().open !== null,
      run: () => void saveFile(session.client),
    },
  ]
}
