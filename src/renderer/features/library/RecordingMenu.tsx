import type { JSX } from 'react'
import { useSession } from '../../store/session-context'
import { Menu, type MenuItem, type ScreenPoint } from '../../ui/Menu'
import {
  openRecording,
  pinRecordings,
  recoverRecording,
  removeRecordings,
  removeToSystem,
  revealRecording,
  verifyRecording,
} from './library-actions'
import { actedOn, useLibrary } from './library-store'
import { isFor, type RecordingAction } from './recording-action'
import { libraryTexts as t } from './texts'

interface RecordingMenuProps {
  readonly at: ScreenPoint
  readonly actions: readonly RecordingAction[]
  readonly onClose: () => void
}

/** All that can be done with the recordings that are chosen. */
export function RecordingMenu({ at, actions, onClose }: RecordingMenuProps): JSX.Element {
  const session = useSession()
  const hasFileManager = useLibrary((s) => s.news?.hasFileManager ?? false)
  const recordings = actedOn()
  const [first = ''] = recordings
  const isOne = recordings.length === 1
  const one = (item: MenuItem): MenuItem => ({ ...item, isDisabled: !isOne })
  const others = actions.map(
    (action): MenuItem => ({
      key: action.key,
      label: action.label,
      isDisabled: !isFor(action, recordings.length),
      ...(action.icon && { icon: action.icon }),
      ...(action.hint !== undefined && { hint: action.hint }),
      run: () => action.run(recordings),
    }),
  )
  const groups = [
    {
      items: [
        one({
          key: 'open',
          label: t.open,
          hint: '⏎',
          icon: 'play',
          run: () => openRecording(session, first),
        }),
        ...others,
      ],
    },
    {
      items: [
        one({ key: 'verify', label: t.verify, hint: 'V', run: () => verifyRecording(session, first) }),
        one({ key: 'recover', label: t.recover, hint: 'R', run: () => recoverRecording(session, first) }),
        one({
          key: 'reveal',
          label: hasFileManager ? t.reveal : t.copyPath,
          hint: 'O',
          run: () => revealRecording(session, first),
        }),
      ],
    },
    {
      items: [
        one({
          key: 'rename',
          label: t.rename,
          hint: 'F2',
          run: () => useLibrary.getState().renamingBegan(first),
        }),
        { key: 'pin', label: t.pin, hint: 'P', run: () => pinRecordings(session, recordings, true) },
        { key: 'unpin', label: t.unpin, hint: 'U', run: () => pinRecordings(session, recordings, false) },
        {
          key: 'remove',
          label: t.remove,
          hint: 'Del',
          icon: 'trash' as const,
          run: () => removeRecordings(session, recordings),
        },
        ...(hasFileManager
          ? [{ key: 'system', label: t.removeToSystem, run: () => removeToSystem(session, recordings) }]
          : []),
      ],
    },
  ]
  return <Menu label={t.actions} at={at} groups={groups} onClose={onClose} />
}
