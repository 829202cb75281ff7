import type { Command } from '../../commands/command'
import { useApp } from '../../store/app-store'
import { selectIsRunOpen } from '../../store/replay-slice'
import type { Session } from '../../store/session'
import { startRun, stepRun, stopRun } from './replay-actions'
import { replayTexts as t } from './texts'

const canStart = (): boolean => useApp.getState().tape !== null && !selectIsRunOpen(useApp.getState())
const isOpen = (): boolean => selectIsRunOpen(useApp.getState())

export function replayCommands(session: Session): readonly Command[] {
  const shared = { group: t.group, words: t.words } as const
  return [
    {
      ...shared,
      id: 'replay.simulator',
      title: t.commands.simulator,
      keys: [],
      isEnabled: canStart,
      run: () => {
        useApp.getState().replayGoalChosen('simulator')
        startRun(session, { kind: 'simulator' })
      },
    },
    {
      ...shared,
      id: 'replay.next',
      title: t.commands.next,
      keys: ['F10'],
      isEnabled: () => isOpen() && useApp.getState().replay?.policy === 'step',
      run: () => stepRun(session),
    },
    {
      ...shared,
      id: 'replay.stop',
      title: t.commands.stop,
      keys: [],
      isEnabled: isOpen,
      run: () => stopRun(session),
    },
  ]
}
