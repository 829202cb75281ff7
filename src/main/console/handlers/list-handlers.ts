import type { Capture } from '../../capture/capture'
import type { ListViews } from '../../capture/views/list-views'
import type { Handlers } from './handlers'

type ListCommand =
  | 'list.rows'
  | 'list.position'
  | 'list.find'
  | 'list.at'
  | 'list.copy'
  | 'note.set'
  | 'note.remove'

export const listHandlers = (views: ListViews, capture: Capture): Pick<Handlers, ListCommand> => ({
  'list.rows': ({ view, from, count, fields }) => views.rows(view, from, count, fields),
  'list.position': ({ view, messageId }) => views.position(view, messageId),
  'list.find': ({ view, filter, fromPosition, direction }) =>
    views.find(view, filter, fromPosition, direction),
  'list.at': ({ view, atMs }) => views.at(view, atMs),
  'list.copy': () => ({ text: '', rows: 0, isTruncated: false, bytes: 0 }),
  'note.set': ({ noteId, ...note }) => ({ noteId: capture.setNote(note, noteId) }),
  'note.remove': ({ noteId }) => {
    capture.removeNote(noteId)
    return {}
  },
})
