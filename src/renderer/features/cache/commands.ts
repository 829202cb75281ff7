import type { Command } from '../../commands/command'
import type { Session } from '../../store/session'
import { changeEntries, cursorKey } from './cache-actions'
import { useCache } from './cache-store'
import { cacheTexts as t } from './texts'

const EXTENDED_BY_MS = 60_000

/** What can be done to entries of the cache. Single letters mean it while the cache has the focus. */
export function cacheCommands(session: Session): Command[] {
  const here = { group: t.title, page: 'tasks', pane: 'cache' } as const
  const hasRows = (): boolean => useCache.getState().cursor !== null
  const { lowerShown, listed, watchToggled } = useCache.getState()
  return [
    {
      ...here,
      id: 'cache.set',
      title: 'Set an entry of the cache',
      keys: ['n'],
      run: () => lowerShown({ kind: 'set', key: '' }),
    },
    {
      ...here,
      id: 'cache.rules',
      title: 'Show caching rules',
      keys: ['r'],
      words: 'serve answers route',
      run: () => lowerShown({ kind: 'rules' }),
    },
    {
      ...here,
      id: 'cache.watch',
      title: 'Watch the entry, or stop watching',
      keys: ['w'],
      isEnabled: () => cursorKey() !== null,
      run: () => {
        const key = cursorKey()
        if (key !== null) watchToggled(key)
      },
    },
    {
      ...here,
      id: 'cache.pin',
      title: 'Pin: never expire',
      keys: ['p'],
      isEnabled: hasRows,
      run: () => changeEntries(session, 'pin'),
    },
    {
      ...here,
      id: 'cache.unpin',
      title: 'Unpin: expire again',
      keys: ['Shift+p'],
      isEnabled: hasRows,
      run: () => changeEntries(session, 'unpin'),
    },
    {
      ...here,
      id: 'cache.touch',
      title: 'Touch: begin the time left anew',
      keys: ['t'],
      isEnabled: hasRows,
      run: () => changeEntries(session, 'touch'),
    },
    {
      ...here,
      id: 'cache.extend',
      title: 'Extend the time left by 1 minute',
      keys: ['e'],
      isEnabled: hasRows,
      run: () => changeEntries(session, 'extend', EXTENDED_BY_MS),
    },
    {
      ...here,
      id: 'cache.expire',
      title: 'Expire now',
      keys: ['x'],
      isEnabled: hasRows,
      run: () => changeEntries(session, 'expire'),
    },
    {
      ...here,
      id: 'cache.shape',
      title: 'Show the cache as tree or table',
      keys: ['v'],
      run: () => {
        const { shape } = useCache.getState().listing
        listed({ shape: shape === 'tree' ? 'table' : 'tree' })
      },
    },
  ]
}
