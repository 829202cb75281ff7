import { asConsoleError, toWireError } from '../../../shared/errors'
import type { RecordingRow } from '../../../shared/model/library'
import { useApp } from '../../store/app-store'
import type { Session } from '../../store/session'
import { actedOn, useLibrary } from './library-store'
import { libraryTexts as t } from './texts'

/** Does something in the core; what goes wrong stands above the table. */
function act<T>(work: Promise<T>, done?: (reply: T) => void): void {
  work.then(
    (reply) => {
      useLibrary.getState().failed(null)
      done?.(reply)
    },
    (error: unknown) => useLibrary.getState().failed(toWireError(asConsoleError(error))),
  )
}

/**
 * Opens a recording and looks at it.
 *
 * @param atMs - Session time that it stands at; else its beginning.
 */
export function openRecording(session: Session, recording: string, atMs?: number): void {
  act(session.live.call('tape.open', { recording }), ({ source }) => {
    session.look(source)
    useApp.getState().pageChosen('live')
    if (atMs !== undefined) act(session.live.at(source).call('tape.seek', { atMs }))
  })
}

export const verifyRecording = (session: Session, recording: string): void =>
  act(session.live.call('library.verify', { recording }))

export const recoverRecording = (session: Session, recording: string): void =>
  act(session.live.call('library.recover', { recording }))

export const stopJob = (session: Session, jobId: number): void =>
  act(session.live.call('library.cancel', { jobId }))

export const pinRecordings = (session: Session, recordings: readonly string[], isPinned: boolean): void =>
  act(session.live.call('library.pin', { recordings: [...recordings], isPinned }))

export const tagRecordings = (
  session: Session,
  recordings: readonly string[],
  change: { readonly add?: string; readonly remove?: string },
): void =>
  act(
    session.live.call('library.tag', {
      recordings: [...recordings],
      add: change.add === undefined ? [] : [change.add],
      remove: change.remove === undefined ? [] : [change.remove],
    }),
  )

export const noteRecording = (session: Session, recording: string, text: string): void =>
  act(session.live.call('library.note', { recording, text }))

export function renameTo(session: Session, recording: string, name: string): void {
  if (name === '') return
  act(session.live.call('library.rename', { recording, name }), ({ recording: renamed }) =>
    useLibrary.getState().recordingWanted(renamed),
  )
}

/** Moves recordings to the trash; for some seconds a toast takes that back. */
export function removeRecordings(session: Session, recordings: readonly string[]): void {
  if (recordings.length === 0) return
  act(session.live.call('library.remove', { recordings: [...recordings], to: 'trash' }), ({ trashIds }) => {
    const { toasted, toastDismissed } = useApp.getState()
    forgetChosen()
    toasted({
      key: `library removed ${trashIds.join(' ')}`,
      text: t.removed(recordings),
      tone: 'ok',
      action: {
        label: t.undo,
        run: () => {
          toastDismissed()
          for (const trashId of trashIds) restoreRemoval(session, trashId)
        },
      },
    })
  })
}

export const removeToSystem = (session: Session, recordings: readonly string[]): void =>
  act(session.live.call('library.remove', { recordings: [...recordings], to: 'system' }), forgetChosen)

function forgetChosen(): void {
  const { cursor, moved } = useLibrary.getState()
  if (cursor !== null) moved(cursor)
}

export const restoreRemoval = (session: Session, trashId: string): void =>
  act(session.live.call('library.restore', { trashId }), ({ recording }) =>
    useLibrary.getState().recordingWanted(recording),
  )

export const emptyTrash = (session: Session, trashId?: string): void =>
  act(session.live.call('library.empty-trash', trashId === undefined ? {} : { trashId }))

/** Shows the file where it lies; in a browser its path is copied. */
export function revealRecording(session: Session, recording: string): void {
  act(session.live.call('library.reveal', { recording }), ({ path, isShown }) => {
    if (isShown) return
    const { toasted } = useApp.getState()
    const told = (text: string): void => toasted({ key: 'library path', text, tone: 'info', detail: path })
    if (!('clipboard' in navigator)) told(t.copyRefused)
    else
      navigator.clipboard.writeText(path).then(
        () => told(t.copiedPath),
        () => told(t.copyRefused),
      )
  })
}

/** What the keys of the table do with what is chosen. */
export function withChosen(work: (recordings: readonly string[]) => void): void {
  const recordings = actedOn()
  if (recordings.length > 0) work(recordings)
}

export const canOpen = ({ state }: Pick<RecordingRow, 'state'>): boolean =>
  state !== 'writing' && state !== 'unreadable'
export const canRecover = ({ state }: Pick<RecordingRow, 'state'>): boolean =>
  state === 'unfinished' || state === 'damaged'
