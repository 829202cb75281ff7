import { useEffect } from 'react'
import { asConsoleError, toWireError } from '../../../shared/errors'
import type { CacheChangeLine } from '../../../shared/model/cache'
import { useApp } from '../../store/app-store'
import type { Session } from '../../store/session'
import { useCache } from './cache-store'
import { cacheTexts as t } from './texts'

/** Follows the cache while its pane is there. */
export function useCacheFeeds(session: Session): void {
  useEffect(() => {
    const { told, changed, failed } = useCache.getState()
    const lost = (error: unknown): void => failed(toWireError(asConsoleError(error)))
    const ends = [
      session.client.subscribe('cache', {}, told, lost),
      session.client.subscribe('cache-changes', {}, ({ changes, missed }) => changed(changes, missed), lost),
    ]
    return () => {
      for (const end of ends) end()
    }
  }, [session])
}

/** Tells of changes of watched keys, on whatever page the person is. */
export function useWatchedKeys(session: Session): void {
  const isWatching = useCache((s) => s.watched.size > 0)
  useEffect(() => {
    if (!isWatching) return
    let isBacklog = true
    return session.client.subscribe('cache-changes', {}, ({ changes }) => {
      const { watched } = useCache.getState()
      const news = isBacklog ? [] : changes.filter(({ key, kind }) => kind !== 'hit' && watched.has(key))
      isBacklog = false
      for (const change of news) tell(change)
    })
  }, [session, isWatching])
}

function tell({ key, kind, by }: CacheChangeLine): void {
  useApp.getState().toasted({
    key: `cache ${key}`,
    label: t.title,
    icon: 'note',
    tone: 'info',
    text: t.watchedToast(key, t.changeKinds[kind]),
    ...(by !== '' && { detail: by }),
  })
}
