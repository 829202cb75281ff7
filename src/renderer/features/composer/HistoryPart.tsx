import { type JSX, type KeyboardEvent, useEffect, useId, useState } from 'react'
import { MAX_HISTORY_QUERY_LENGTH, type HistoryEntry } from '../../../shared/model/drafts'
import { useApp } from '../../store/app-store'
import { draftOfMessage } from '../../store/draft-message'
import { useFeed } from '../../store/use-feed'
import { formatAgo, formatDuration, plural } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { revealLine } from '../../ui/visible-text'
import { texts } from './texts'

const SHOWN = 50

/** What was sent before, found by its words. Arrows choose, Enter puts it into the composer, Escape goes back. */
export function HistoryPart(): JSX.Element {
  const { partToggled, draftOpened } = useApp.getState()
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const { item, problem } = useFeed('history', { query, limit: SHOWN })
  const [openedAtMs] = useState(() => Date.now())
  const listId = useId()
  const entries = item?.entries ?? []
  const at = Math.min(active, Math.max(0, entries.length - 1))
  useEffect(() => {
    document.getElementById(`${listId}-${at}`)?.scrollIntoView({ block: 'nearest' })
  }, [listId, at])
  const close = (): void => {
    partToggled(null)
    document.getElementById('composer-body')?.focus()
  }
  const choose = (entry: HistoryEntry | undefined): void => {
    if (entry === undefined) return
    draftOpened(draftOfMessage(entry.draft), entry.name === '' ? null : entry.name)
    close()
  }
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      setActive(Math.min(entries.length - 1, Math.max(0, at + (event.key === 'ArrowDown' ? 1 : -1))))
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) choose(entries[at])
    else if (event.key === 'Escape') close()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className="history-part">
      <label className="field">
        <Icon name="search" />
        <input
          // biome-ignore lint/a11y/noAutofocus: the person asked for this field
          autoFocus
          role="combobox"
          aria-label={texts.historyLabel}
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={entries.length === 0 ? undefined : `${listId}-${at}`}
          placeholder={texts.historyPlaceholder}
          spellCheck={false}
          maxLength={MAX_HISTORY_QUERY_LENGTH}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value)
            setActive(0)
          }}
          onKeyDown={pressed}
        />
        {item !== null && <span className="t3">{plural(item.total, 'message')}</span>}
      </label>
      {problem !== null ? (
        <p className="err">{texts.historyFailed}</p>
      ) : item !== null && entries.length === 0 ? (
        <p className="t3">{query === '' ? texts.noHistory : texts.noMatch(query)}</p>
      ) : (
        <div className="history-list scrolls" role="listbox" id={listId} aria-label={texts.historyList}>
          {entries.map((entry, index) => (
            <div
              key={entry.historyId}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === at}
              tabIndex={-1}
              onClick={() => choose(entry)}
              onKeyDown={pressed}
            >
              <HistoryLine entry={entry} openedAtMs={openedAtMs} />
            </div>
          ))}
        </div>
      )}
    </div>
  )
}

interface HistoryLineProps {
  readonly entry: HistoryEntry
  /** When the list was opened: ages are told as of then. */
  readonly openedAtMs: number
}

function HistoryLine({ entry, openedAtMs }: HistoryLineProps): JSX.Element {
  const { draft, outcome, roundTripMs } = entry
  const isBad = outcome === 'failed'
  return (
    <>
      <Icon name={isBad ? 'x' : outcome === 'waiting' ? 'wait' : 'check'} small tone={isBad ? 'err' : 'ok'} />
      <span className="history-route ell">{revealLine(draft.route === '' ? draft.kind : draft.route)}</span>
      <span className="mono t3 ell grow">{revealLine((draft.body?.text ?? '').replaceAll(/\s+/g, ' '))}</span>
      <span className="t3">{roundTripMs === null ? '' : formatDuration(roundTripMs)}</span>
      <span className="t3">{formatAgo(Date.parse(entry.sentAtIso), openedAtMs)}</span>
    </>
  )
}
