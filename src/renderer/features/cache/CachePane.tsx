import { type JSX, useState } from 'react'
import { useSession } from '../../store/session-context'
import { sentences } from '../../ui/format'
import { Icon } from '../../ui/icons'
import type { ScreenPoint } from '../../ui/Menu'
import { Segmented } from '../../ui/Segmented'
import { CacheDetail } from './CacheDetail'
import { CacheFeed } from './CacheFeed'
import { CacheGrid } from './CacheGrid'
import { CachingRules } from './CachingRules'
import { clearCache } from './cache-actions'
import { useCache } from './cache-store'
import { EntryMenu } from './EntryMenu'
import { SetEntry } from './SetEntry'
import { cacheTexts as t } from './texts'
import { useCacheFeeds } from './use-cache-feeds'
import './cache.css'

const SHAPES = (['tree', 'table'] as const).map((value) => ({ value, label: t.shapes[value] }))

/** The cache of the session: its entries, one of them in full, and what happens to them. */
export function CachePane(): JSX.Element {
  const session = useSession()
  useCacheFeeds(session)
  const lower = useCache((s) => s.lower)
  const problem = useCache((s) => s.problem)
  const [menuAt, setMenuAt] = useState<ScreenPoint | null>(null)
  return (
    <section className="pane cache" aria-label={t.title} data-pane="cache">
      <Head />
      <FindBar />
      {problem !== null && (
        <p className="cache-problem" role="alert">
          <b>{problem.code}</b> {sentences(problem.message, problem.remedy)}
        </p>
      )}
      <CacheGrid
        onMenu={(event) => {
          event.preventDefault()
          setMenuAt({ x: event.clientX, y: event.clientY })
        }}
      />
      <div className="cache-lower">
        {lower.kind === 'set' ? (
          <SetEntry key={lower.key} initialKey={lower.key} />
        ) : lower.kind === 'rules' ? (
          <CachingRules />
        ) : (
          <CacheDetail />
        )}
      </div>
      <CacheFeed />
      {menuAt !== null && <EntryMenu at={menuAt} onClose={() => setMenuAt(null)} />}
    </section>
  )
}

function Head(): JSX.Element {
  const session = useSession()
  const totals = useCache((s) => s.news?.totals)
  const shape = useCache((s) => s.listing.shape)
  const lower = useCache((s) => s.lower.kind)
  const [isAsking, setIsAsking] = useState(false)
  const { listed, lowerShown } = useCache.getState()
  const entries = totals?.entries ?? 0
  if (isAsking) {
    return (
      <div className="phead" role="alertdialog" aria-label={t.clear}>
        <span className="t1">{t.clearAsk(entries)}</span>
        <span className="grow" />
        <button type="button" className="btn ghost sm" autoFocus onClick={() => setIsAsking(false)}>
          {t.cancel}
        </button>
        <button
          type="button"
          className="btn sm danger"
          onClick={() => {
            setIsAsking(false)
            clearCache(session)
          }}
        >
          {t.clearYes}
        </button>
      </div>
    )
  }
  return (
    <div className="phead">
      <h2>{t.title}</h2>
      <span className="t3 ell">
        {totals !== undefined && t.totals(entries, totals.bytes, totals.maxBytes)}
      </span>
      <span className="grow" />
      <Segmented
        label={t.shape}
        value={shape}
        options={SHAPES}
        onChange={(next) => listed({ shape: next })}
      />
      <button
        type="button"
        className="btn ghost sm"
        title={t.rulesHint}
        aria-pressed={lower === 'rules'}
        onClick={() => lowerShown({ kind: lower === 'rules' ? 'detail' : 'rules' })}
      >
        <Icon name="reply" />
        {t.rules}
      </button>
      <button
        type="button"
        className="btn ghost sm"
        title={t.setHint}
        onClick={() => lowerShown({ kind: 'set', key: '' })}
      >
        <Icon name="plus" />
        {t.set}
      </button>
      <button
        type="button"
        className="btn ghost sm sq"
        title={t.clear}
        aria-label={t.clear}
        disabled={entries === 0}
        onClick={() => setIsAsking(true)}
      >
        <Icon name="trash" />
      </button>
    </div>
  )
}

function FindBar(): JSX.Element {
  const filter = useCache((s) => s.listing.filter)
  const { listed } = useCache.getState()
  return (
    <div className="cache-find" role="search">
      <Icon name="search" />
      <input
        type="text"
        aria-label={t.find}
        placeholder={t.findPlaceholder}
        value={filter}
        maxLength={256}
        spellCheck={false}
        onChange={(event) => listed({ filter: event.target.value })}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || filter === '') return
          event.stopPropagation()
          listed({ filter: '' })
        }}
      />
      {filter !== '' && (
        <button
          type="button"
          className="btn ghost sm sq"
          aria-label={t.findClear}
          title={t.findClear}
          onClick={() => listed({ filter: '' })}
        >
          <Icon name="x" />
        </button>
      )}
    </div>
  )
}
