import type { Command } from '../../commands/command'
import { useApp } from '../../store/app-store'
import type { Session } from '../../store/session'
import {
  openRecording,
  pinRecordings,
  recoverRecording,
  removeRecordings,
  revealRecording,
  verifyRecording,
  withChosen,
} from './library-actions'
import { actedOn, useLibrary } from './library-store'
import { libraryTexts as t } from './texts'

/** What can be done with recordings. Keys without Ctrl mean it while the table has the focus. */
export function libraryCommands(session: Session): readonly Command[] {
  const here = { group: t.group, page: 'recordings', pane: 'library', isFixed: true } as const
  const isOne = (): boolean => actedOn().length === 1
  const isAny = (): boolean => actedOn().length > 0
  const one = (work: (recording: string) => void) => (): void =>
    withChosen(([recording]) => {
      if (recording !== undefined) work(recording)
    })
  const show = (): void => {
    useApp.getState().pageChosen('recordings')
    useApp.getState().recordingsTabChosen('library')
  }
  return [
    {
      ...here,
      id: 'library.open',
      title: 'Open the chosen recording',
      keys: ['Enter'],
      isEnabled: isOne,
      run: one((recording) => openRecording(session, recording)),
    },
    {
      ...here,
      id: 'library.rename',
      title: 'Rename the chosen recording',
      keys: ['F2'],
      isEnabled: isOne,
      run: one((recording) => useLibrary.getState().renamingBegan(recording)),
    },
    {
      ...here,
      id: 'library.remove',
      title: 'Move chosen recordings to the trash',
      keys: ['Delete'],
      words: 'delete remove',
      isEnabled: isAny,
      run: () => withChosen((recordings) => removeRecordings(session, recordings)),
    },
    {
      ...here,
      id: 'library.pin',
      title: 'Pin chosen recordings',
      keys: ['p'],
      words: 'retention keep',
      isEnabled: isAny,
      run: () => withChosen((recordings) => pinRecordings(session, recordings, true)),
    },
    {
      ...here,
      id: 'library.unpin',
      title: 'Unpin chosen recordings',
      keys: ['u'],
      isEnabled: isAny,
      run: () => withChosen((recordings) => pinRecordings(session, recordings, false)),
    },
    {
      ...here,
      id: 'library.verify',
      title: 'Verify the chosen recording',
      keys: ['v'],
      words: 'checksum damage',
      isEnabled: isOne,
      run: one((recording) => verifyRecording(session, recording)),
    },
    {
      ...here,
      id: 'library.recover',
      title: 'Recover the chosen recording',
      keys: ['r'],
      words: 'damaged unfinished part',
      isEnabled: isOne,
      run: one((recording) => recoverRecording(session, recording)),
    },
    {
      ...here,
      id: 'library.reveal',
      title: 'Show the chosen recording in its folder, or copy its path',
      keys: ['o'],
      isEnabled: isOne,
      run: one((recording) => revealRecording(session, recording)),
    },
    {
      id: 'library.trash',
      title: 'Show the trash of the library',
      group: t.group,
      keys: [],
      words: 'restore undelete',
      run: () => {
        show()
        useLibrary.getState().sideShown('trash')
      },
    },
    {
      id: 'library.retention',
      title: 'Choose how long recordings are kept',
      group: t.group,
      keys: [],
      words: 'retention age size delete',
      run: () => {
        show()
        useLibrary.getState().sideShown('retention')
      },
    },
  ]
}
