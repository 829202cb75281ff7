import type { Command } from '../../commands/command'
import { useApp } from '../../store/app-store'
import type { Session } from '../../store/session'
import { whatIfTexts as t } from './texts'
import { useWhatIf } from './what-if-store'

/** So much of the recording around a message is sent again when somebody asks about that message. */
const AROUND_MS = 15_000

/** What can be done with what-if runs. */
export function whatIfCommands(session: Session): readonly Command[] {
  const here = { group: t.group, page: 'recordings' } as const
  const show = (): void => {
    useApp.getState().pageChosen('recordings')
    useApp.getState().recordingsTabChosen('what-if')
  }
  const isShown = (): boolean => {
    const { page, recordingsTab } = useApp.getState()
    return page === 'recordings' && recordingsTab === 'what-if' && useWhatIf.getState().recording !== null
  }
  const press = (selector: string): void => document.querySelector<HTMLButtonElement>(selector)?.click()
  return [
    {
      id: 'what-if.show',
      title: 'Try other settings on a recording',
      group: t.group,
      keys: [],
      words: 'predict schedule baud chunk priority simulate',
      run: show,
    },
    {
      id: 'what-if.message',
      title: t.ask,
      group: 'Messages',
      keys: [],
      page: 'live',
      words: 'predict schedule baud chunk priority wait',
      isEnabled: () => useApp.getState().selectedId !== null && useApp.getState().tape !== null,
      run: () => void askAbout(session, show),
    },
    {
      ...here,
      id: 'what-if.reset',
      title: 'Settings as recorded',
      keys: [],
      isEnabled: isShown,
      run: () => press('[data-what-if-reset]'),
    },
    {
      ...here,
      id: 'what-if.copy',
      title: t.copy,
      keys: [],
      isEnabled: isShown,
      run: () => press('[data-what-if-copy]'),
    },
  ]
}

/** The recording that is looked at, around the selected message, with that message selected. */
async function askAbout(session: Session, show: () => void): Promise<void> {
  const { selectedId, tape } = useApp.getState()
  if (selectedId === null || tape === null) return
  const { detail } = await session.client.call('message.detail', { messageId: selectedId })
  const sent =
    detail.dir === 'in' && detail.partnerId !== 0
      ? (await session.client.call('message.detail', { messageId: detail.partnerId })).detail
      : detail
  const span = { fromMs: Math.max(0, sent.openedMs - AROUND_MS), toMs: sent.openedMs + AROUND_MS }
  useWhatIf.getState().recordingChosen(tape.recording, { atMs: sent.openedMs, route: sent.route }, span)
  show()
}
