import type { JSX } from 'react'
import { useSession } from '../../store/session-context'
import { Menu, type MenuGroup, type ScreenPoint } from '../../ui/Menu'
import { changeEntries, cursorKey } from './cache-actions'
import { useCache } from './cache-store'
import { cacheTexts as t } from './texts'

interface EntryMenuProps {
  readonly at: ScreenPoint
  /** Only what changes the time left. */
  readonly isShort?: boolean
  readonly onClose: () => void
}

/** What can be done to the chosen rows. */
export function EntryMenu({ at, isShort = false, onClose }: EntryMenuProps): JSX.Element {
  const session = useSession()
  const key = cursorKey()
  const { watchToggled, lowerShown } = useCache.getState()
  const isWatched = useCache((s) => key !== null && s.watched.has(key))
  const time: MenuGroup = {
    label: t.more,
    items: [
      { key: 'touch', label: t.touch, hint: 't', run: () => changeEntries(session, 'touch') },
      ...t.extendBy.map(([words, byMs]) => ({
        key: words,
        label: t.by(words),
        ...(byMs === 60_000 && { hint: 'e' }),
        run: () => changeEntries(session, 'extend', byMs),
      })),
      { key: 'expire', label: t.expire, hint: 'x', run: () => changeEntries(session, 'expire') },
    ],
  }
  const others: MenuGroup = {
    items: [
      ...(key === null
        ? []
        : [
            { key: 'watch', label: isWatched ? t.unwatch : t.watch, hint: 'w', run: () => watchToggled(key) },
            { key: 'edit', label: t.edit, run: () => lowerShown({ kind: 'set', key }) },
            { key: 'copy', label: t.copyKey, run: () => void navigator.clipboard.writeText(key) },
          ]),
      { key: 'pin', label: t.pin, hint: 'p', run: () => changeEntries(session, 'pin') },
      { key: 'unpin', label: t.unpin, run: () => changeEntries(session, 'unpin') },
      { key: 'delete', label: t.remove, hint: 'Del', run: () => changeEntries(session, 'delete') },
    ],
  }
  return <Menu label={t.actions} at={at} groups={isShort ? [time] : [others, time]} onClose={onClose} />
}
