import { asConsoleError, toWireError } from '../../../shared/errors'
import type { CommandRequest } from '../../../shared/contract/contract'
import { useApp } from '../../store/app-store'
import type { Session } from '../../store/session'
import { type RowId, targetsOf, useCache } from './cache-store'

export type CacheAction = CommandRequest<'cache.change'>['action']

const failed = (error: unknown): void => useCache.getState().failed(toWireError(asConsoleError(error)))

/** The rows that an action is for: those that are chosen, else the one the cursor is on. */
export function actionRows(): readonly RowId[] {
  const { chosen, cursor } = useCache.getState()
  if (chosen.size > 0) return [...chosen]
  return cursor === null ? [] : [cursor.id]
}

/** Does something to the chosen rows; a folder stands for all that lies in it. */
export function changeEntries(session: Session, action: CacheAction, byMs?: number): void {
  const ids = actionRows()
  if (ids.length === 0) return
  void session.client
    .call('cache.change', { action, ...targetsOf(ids), ...(byMs !== undefined && { byMs }) })
    .then(() => {
      const { cursor, chose, failed } = useCache.getState()
      failed(null)
      // what has gone is chosen no longer
      if (cursor !== null && (action === 'delete' || action === 'expire')) {
        chose(cursor, new Set(), cursor.index)
      }
    }, failed)
}

export function clearCache(session: Session): void {
  void session.client.call('cache.clear', {}).catch(failed)
}

/** The key under the cursor; null on a folder and on nothing. */
export function cursorKey(): string | null {
  const id = useCache.getState().cursor?.id
  return id?.startsWith('e:') ? id.slice(2) : null
}

/** Brings a message into sight. */
export function showMessage(messageId: number): void {
  const { pageChosen, messageSelected } = useApp.getState()
  pageChosen('live')
  messageSelected(messageId, 'inspector')
}
