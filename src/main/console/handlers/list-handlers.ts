import type { CommandRequest } from '../../../shared/contract/contract'
import type { Capture } from '../../capture/capture'
import { copyList } from '../../capture/copy/copy-list'
import type { CopySurroundings } from '../../capture/copy/copied-message'
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

export const listHandlers = (
  views: ListViews,
  capture: Capture,
  surroundings: CopySurroundings,
): Pick<Handlers, ListCommand> => ({
  'list.rows': ({ view, from, count, fields }) => views.rows(view, from, count, fields),
  'list.position': ({ view, messageId }) => views.position(view, messageId),
  'list.find': ({ view, filter, fromPosition, direction }) =>
    views.find(view, filter, fromPosition, direction),
  'list.at': ({ view, atMs }) => views.at(view, atMs),
  'list.copy': (request) =>
    copyList(
      capture.viewSource,
      {
        rows: copiedRows(views, request),
        shape: request.shape,
        fields: request.fields,
        cells: views.cells(request.fields),
      },
      surroundings,
      () => views.pause(),
    ),
  'note.set': ({ noteId, ...note }) => ({ noteId: capture.setNote(note, noteId) }),
  'note.remove': ({ noteId }) => {
    capture.removeNote(noteId)
    return {}
  },
})

const copiedRows = (views: ListViews, request: CommandRequest<'list.copy'>) =>
  'messageIds' in request
    ? request.messageIds
    : views.current(request.view).rowsBetween(request.from, request.to)
