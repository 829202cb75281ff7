import { type JSX, useEffect, useRef, useState } from 'react'
import type { EventBatch, EventKind, LoggedEvent } from '../../../shared/model/device-log'
import { useApp } from '../../store/app-store'
import { linkWords } from '../../store/link-words'
import { selectLinks } from '../../store/links-slice'
import { useSession } from '../../store/session-context'
import { formatClock } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { Segmented } from '../../ui/Segmented'
import { revealLine } from '../../ui/visible-text'
import { addEvents, type EventFeed, type EventGroup, GROUPS, shownEvents } from './event-feed'
import { showMessage } from './open-responder'
import { deviceTexts as t } from './texts'

const NONE: EventFeed = { events: [], missed: 0 }
/** Rows that are drawn: the newest. */
const MAX_ROWS = 300

/** What happened, newest first. It can be held still while more comes. */
export function EventsTab(): JSX.Element {
  const { client } = useSession()
  const [feed, setFeed] = useState(NONE)
  const [held, setHeld] = useState<EventFeed | null>(null)
  const [group, setGroup] = useState<EventGroup>('all')
  const [text, setText] = useState('')
  const list = useRef<HTMLDivElement>(null)
  useEffect(
    () =>
      client.subscribe('events', {}, (batch: EventBatch) => setFeed((before) => addEvents(before, batch))),
    [client],
  )
  const shown = held ?? feed
  const rows = shownEvents(shown.events, group, text).slice(-MAX_ROWS).toReversed()
  const waiting = held === null ? 0 : (feed.events.at(-1)?.eventId ?? 0) - (held.events.at(-1)?.eventId ?? 0)
  return (
    <div className="events">
      <header className="phead">
        <Segmented
          label={t.kinds2}
          value={group}
          options={GROUPS.map((value) => ({ value, label: t.groups[value] }))}
          onChange={setGroup}
        />
        <label className="field events-find">
          <Icon name="search" />
          <input
            value={text}
            aria-label={t.eventsFind}
            placeholder={t.eventsFind}
            spellCheck={false}
            data-pane-focus
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        {shown.missed > 0 && <span className="t3">{t.missed(shown.missed)}</span>}
        <span className="grow" />
        <button
          type="button"
          className="btn ghost sm"
          aria-pressed={held !== null}
          onClick={() => setHeld(held === null ? feed : null)}
        >
          <Icon name={held === null ? 'pause' : 'play'} />
          {held === null ? t.pause : t.resume(waiting)}
        </button>
      </header>
      <div
        className="device-rows scrolls event-rows"
        role="log"
        aria-live="off"
        aria-label={t.eventsTable}
        ref={list}
        tabIndex={0}
      >
        {rows.length === 0 ? (
          <p className="empty">{shown.events.length === 0 ? t.eventsNone : t.eventsFiltered}</p>
        ) : (
          rows.map((event) => <EventRow key={event.eventId} event={event} />)
        )}
      </div>
    </div>
  )
}

const TONES: Partial<Record<EventKind, string>> = {
  'link-up': 'ok',
  'link-down': 'warn',
  fault: 'err',
  cancelled: 'warn',
}

function EventRow({ event }: { readonly event: LoggedEvent }): JSX.Element {
  const startedAtMs = useApp((s) => s.startedAtMs)
  const link = useApp((s) => selectLinks(s).find(({ linkId }) => linkId === event.linkId))
  const { kind, atMs, subject, detail, messageId, dir } = event
  return (
    <div className="gr">
      <span className="t3">{formatClock(startedAtMs, atMs)}</span>
      <span className={TONES[kind] ?? 't2'}>{t.kindNames[kind]}</span>
      <span className="t3 ell">{link === undefined ? '' : linkWords(link).name}</span>
      <span className="t3">{dir === null ? '' : dir === 'in' ? '↓' : '↑'}</span>
      <span className="ell">{revealLine(subject)}</span>
      <span className="t2 ell" title={revealLine(detail)}>
        {revealLine(detail)}
      </span>
      <span className="num">
        {messageId !== 0 && (
          <button
            type="button"
            className="textlink"
            title={t.jumpHint(messageId)}
            onClick={() => showMessage(messageId)}
          >
            {t.jump(messageId)}
          </button>
        )}
      </span>
    </div>
  )
}
