import type { Command } from '../../commands/command'
import { useApp } from '../../store/app-store'
import type { Session } from '../../store/session'
import { saveLast, toggleRecording } from './recorder-actions'
import { recorderTexts as t } from './texts'

/** Minutes that are offered beside those of the settings. */
export const SAVED_MINUTES = [1, 5, 15] as const

export function recorderCommands(session: Session): readonly Command[] {
  return [
    {
      id: 'recorder.toggle',
      title: t.toggle,
      group: t.group,
      keys: ['Mod+Shift+R'],
      isOverCard: true,
      words: t.words,
      run: () => toggleRecording(session),
    },
    {
      id: 'recorder.save',
      title: t.save,
      group: t.group,
      keys: ['Mod+Shift+S'],
      isOverCard: true,
      words: t.words,
      run: () => saveLast(session, useApp.getState().recorderSettings.saveMinutes),
    },
    ...SAVED_MINUTES.map((minutes) => ({
      id: `recorder.save.${minutes}`,
      title: t.saveLast(minutes),
      group: t.group,
      keys: [],
      isOverCard: true,
      words: t.words,
      run: () => saveLast(session, minutes),
    })),
  ]
}
