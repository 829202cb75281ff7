import type { JSX } from 'react'
import type { CacheChangeLine } from '../../../shared/model/cache'
import { useApp } from '../../store/app-store'
import { formatClock } from '../../ui/format'
import { revealLine } from '../../ui/visible-text'
import { showMessage } from './cache-actions'
import { useCache } from './cache-store'
import { cacheTexts as t } from './texts'

/** Lines drawn; further ones are counted only. */
const DRAWN = 100

/** What happened to entries, the newest first. */
export function CacheFeed(): JSX.Element {
  const changes = useCache((s) => s.changes)
  const missed = useCache((s) => s.missed)
  const here = useCache((s) => (s.cursor?.id.startsWith('e:') ? s.cursor.id.slice(2) : null))
  return (
    <section className="cache-feed" aria-label={t.changes} data-pane="cache-changes">
      <h3>
        {t.changes}
        <span className="r">{missed > 0 ? t.missed(missed) : t.live}</span>
      </h3>
      {changes.length === 0 ? (
        <p className="t3 line">{t.noChanges}</p>
      ) : (
        <ol className="scrolls" tabIndex={0} aria-label={t.changes}>
          {changes.slice(0, DRAWN).map((change) => (
            <Line key={change.changeId} change={change} isHere={change.key !== '' && change.key === here} />
          ))}
        </ol>
      )}
    </section>
  )
}

function Line({
  change,
  isHere,
}: {
  readonly change: CacheChangeLine
  readonly isHere: boolean
}): JSX.Element {
  const startedAtMs = useApp((s) => s.startedAtMs)
  const { keyWanted } = useCache.getState()
  const { atMs, kind, key, by, messageId } = change
  return (
    <li className={isHere ? 'gr sel' : 'gr'}>
      <span className="t2">{formatClock(startedAtMs, atMs)}</span>
      <span className={`t3 is-${kind}`}>{t.changeKinds[kind]}</span>
      {key === '' ? (
        <span className="ell t2">{t.all}</span>
      ) : (
        <button
          type="button"
          className="key-link ell"
          title={t.changeHint(key)}
          onClick={() => keyWanted(key)}
        >
          {revealLine(key)}
        </button>
      )}
      {messageId === null ? (
        <span className="t3 num ell">{revealLine(by)}</span>
      ) : (
        <button
          type="button"
          className="textlink num"
          title={`${revealLine(by)}. ${t.messageHint(messageId)}`}
          onClick={() => showMessage(messageId)}
        >
          {t.message(messageId)}
        </button>
      )}
    </li>
  )
}
