import { type JSX, type MouseEvent, type ReactNode, useState } from 'react'
import type { CacheDetail as Detail } from '../../../shared/model/cache'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { formatClock, formatDuration } from '../../ui/format'
import { Icon, type IconName } from '../../ui/icons'
import type { ScreenPoint } from '../../ui/Menu'
import { revealLine } from '../../ui/visible-text'
import { changeEntries, showMessage } from './cache-actions'
import { EntryMenu } from './EntryMenu'
import { type RowId, useCache } from './cache-store'
import { cacheTexts as t } from './texts'
import { useEntry } from './use-entry'
import { ValueView } from './ValueView'

/** What is chosen: one entry with its value and where it came from, a folder, or several rows. */
export function CacheDetail(): JSX.Element {
  const session = useSession()
  const cursor = useCache((s) => s.cursor)
  const chosen = useCache((s) => s.chosen)
  const version = useCache((s) => s.news?.version ?? 0)
  const { lowerShown } = useCache.getState()
  const key = cursor?.id.startsWith('e:') ? cursor.id.slice(2) : null
  const entry = useEntry(session.client, chosen.size > 1 ? null : key, version)
  if (cursor === null) return <p className="cache-none t3">{t.nothingChosen}</p>
  if (chosen.size > 1 || key === null) {
    const isFolder = chosen.size <= 1
    return (
      <>
        <Head
          name={isFolder ? revealLine(cursor.id.slice(2)) : t.chosen(chosen.size)}
          note=""
          id={isFolder ? cursor.id : null}
          isPinned={false}
        />
        <p className="cache-none t3">{isFolder ? t.folderHint : t.chosenHint}</p>
      </>
    )
  }
  const detail = entry?.detail
  return (
    <>
      <Head
        name={revealLine(key)}
        note={detail?.type ?? ''}
        id={cursor.id}
        isPinned={detail?.expiresAtMs === null && entry?.isGone === false}
        isGone={entry?.isGone ?? false}
      />
      {entry?.isGone === true && (
        <p className="cache-gone" role="status">
          <span className="grow">{t.gone}</span>
          <button type="button" className="btn ghost sm" onClick={() => lowerShown({ kind: 'set', key })}>
            {t.goneAgain}
          </button>
        </p>
      )}
      {entry !== null && detail !== undefined && (
        <div className={entry.isGone ? 'cache-entry is-gone' : 'cache-entry'}>
          <ValueView bytes={entry.bytes} format={detail.format} valueBytes={detail.valueBytes} />
          <Facts detail={detail} />
        </div>
      )}
    </>
  )
}

interface HeadProps {
  readonly name: string
  readonly note: string
  /** Of the one row it is about. */
  readonly id: RowId | null
  readonly isPinned: boolean
  readonly isGone?: boolean
}

function Head({ name, note, id, isPinned, isGone = false }: HeadProps): JSX.Element {
  const session = useSession()
  const watched = useCache((s) => s.watched)
  const [menuAt, setMenuAt] = useState<ScreenPoint | null>(null)
  const { watchToggled, lowerShown } = useCache.getState()
  const key = id?.startsWith('e:') ? id.slice(2) : null
  const isWatched = key !== null && watched.has(key)
  const action = (
    icon: IconName,
    label: string,
    hint: string,
    run: (event: MouseEvent<HTMLElement>) => void,
    isPressed?: boolean,
  ): JSX.Element => (
    <button
      type="button"
      className="btn ghost sm"
      title={hint}
      aria-pressed={isPressed}
      disabled={isGone}
      onClick={run}
    >
      <Icon name={icon} />
      {label}
    </button>
  )
  return (
    <div className="cache-head" role="toolbar" aria-label={t.actions}>
      <b className="mono ell selectable" title={name}>
        {name}
      </b>
      <span className="t3 ell">{note}</span>
      <span className="grow" />
      {key !== null &&
        action('eye', isWatched ? t.unwatch : t.watch, t.watchHint, () => watchToggled(key), isWatched)}
      {action(
        'pin',
        isPinned ? t.unpin : t.pin,
        t.pinHint,
        () => changeEntries(session, isPinned ? 'unpin' : 'pin'),
        isPinned,
      )}
      {action('clock', t.extend, t.extendHint, (event) => {
        const { left, bottom } = event.currentTarget.getBoundingClientRect()
        setMenuAt({ x: left, y: bottom + 4 })
      })}
      {key !== null && (
        <button
          type="button"
          className="btn ghost sm sq"
          title={t.edit}
          aria-label={t.edit}
          onClick={() => lowerShown({ kind: 'set', key })}
        >
          <Icon name="edit" />
        </button>
      )}
      <button
        type="button"
        className="btn ghost sm sq"
        title={t.removeHint}
        aria-label={t.remove}
        disabled={isGone}
        onClick={() => changeEntries(session, 'delete')}
      >
        <Icon name="trash" />
      </button>
      {menuAt !== null && <EntryMenu at={menuAt} isShort onClose={() => setMenuAt(null)} />}
    </div>
  )
}

function Facts({ detail }: { readonly detail: Detail }): JSX.Element {
  const startedAtMs = useApp((s) => s.startedAtMs)
  const { setAtMs, expiresAtMs, writer, messageId, readBy, before, revision, ttlMs } = detail
  const clock = (ms: number): string => formatClock(startedAtMs, ms)
  const facts: [string, ReactNode][] = [
    [t.facts.set, clock(setAtMs)],
    [t.facts.expires, expiresAtMs === null ? t.never : clock(expiresAtMs)],
    [t.facts.life, ttlMs === null ? t.forEver : formatDuration(ttlMs)],
    [
      t.facts.by,
      <>
        {messageId !== null && (
          <button
            type="button"
            className="textlink"
            title={t.messageHint(messageId)}
            onClick={() => showMessage(messageId)}
          >
            {t.message(messageId)}
          </button>
        )}{' '}
        {revealLine(writer)}
      </>,
    ],
    [t.facts.readBy, readBy === '' ? <span className="t3">{t.nobody}</span> : revealLine(readBy)],
    [
      t.facts.before,
      before === null ? <span className="t3">–</span> : `${revealLine(before)}, ${t.revision(revision - 1)}`,
    ],
  ]
  return (
    <dl className="kv">
      {facts.map(([name, value]) => (
        <div key={name} className="fact">
          <dt>{name}</dt>
          <dd className="selectable" title={typeof value === 'string' ? value : undefined}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  )
}
