import { type JSX, type KeyboardEvent, useRef, useState } from 'react'
import type { RouteFigures } from '../../../shared/model/device-log'
import { takesRoute } from '../../../shared/workspace/responder-file'
import { useApp } from '../../store/app-store'
import { linkWords } from '../../store/link-words'
import { selectLinks } from '../../store/links-slice'
import { formatClock, formatDuration, groupDigits } from '../../ui/format'
import { roving } from '../../ui/roving'
import { revealLine } from '../../ui/visible-text'
import { deviceTexts as t } from './texts'
import { useResponders, useRoutes } from './use-device-feeds'

const c = t.routeColumns

/** What passed on which route: asked for by the peer, or by us, and how long the answers took. */
export function RoutesTab(): JSX.Element {
  const state = useRoutes()
  const responders = useResponders()?.responders ?? []
  const [cursor, setCursor] = useState(0)
  const grid = useRef<HTMLDivElement>(null)
  if (state === null || state.routes.length === 0) {
    return (
      <div className="empty" data-pane-focus tabIndex={-1}>
        <p>{t.routesNone}</p>
        <p>{t.routesHint}</p>
      </div>
    )
  }
  const routes = state.routes.toSorted((a, b) => b.lastAtMs - a.lastAtMs)
  const ordered = [...routes].sort(
    (a, b) =>
      a.linkId - b.linkId || (a.route < b.route ? -1 : a.route > b.route ? 1 : a.dir < b.dir ? -1 : 1),
  )
  const responderOf = (row: RouteFigures): string | undefined =>
    row.dir === 'in'
      ? responders.find(({ isEnabled, route }) => isEnabled && takesRoute(route, row.route))?.name
      : undefined
  const pressed = (event: KeyboardEvent): void => {
    const row = ordered[cursor]
    const next = roving(event.key, cursor, ordered.length)
    if (event.key === 'Enter' && row !== undefined) filterOn(row)
    else if (next !== undefined && event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') {
      setCursor(next)
      grid.current?.querySelectorAll<HTMLElement>('.gr')[next]?.focus()
    } else return
    event.preventDefault()
  }
  return (
    <div
      className="device-grid route-grid"
      role="grid"
      aria-label={t.routesTable}
      aria-rowcount={ordered.length + 1}
      ref={grid}
      onKeyDown={pressed}
    >
      <div className="gh" role="row" aria-rowindex={1}>
        <span role="columnheader">{c.dir}</span>
        <span role="columnheader">{c.route}</span>
        <span role="columnheader">{c.link}</span>
        {[c.requests, c.events, c.answered, c.errors, c.mean, c.p99].map((word) => (
          <span key={word} role="columnheader" className="num">
            {word}
          </span>
        ))}
        <span role="columnheader">{c.by}</span>
        <span role="columnheader" className="num">
          {c.last}
        </span>
      </div>
      <div className="device-rows scrolls">
        {ordered.map((row, index) => (
          <RouteRow
            key={`${row.linkId}:${row.dir}:${row.route}`}
            row={row}
            index={index}
            isCursor={index === Math.min(cursor, ordered.length - 1)}
            responder={responderOf(row)}
            onCursor={() => setCursor(index)}
          />
        ))}
        {state.unlisted > 0 && <p className="device-note warn">{t.unlisted(state.unlisted)}</p>}
      </div>
    </div>
  )
}

interface RouteRowProps {
  readonly row: RouteFigures
  readonly index: number
  readonly isCursor: boolean
  readonly responder: string | undefined
  readonly onCursor: () => void
}

function RouteRow({ row, index, isCursor, responder, onCursor }: RouteRowProps): JSX.Element {
  const startedAtMs = useApp((s) => s.startedAtMs)
  const link = useApp((s) => selectLinks(s).find(({ linkId }) => linkId === row.linkId))
  const { dir, route, requests, events, answers, errors, meanMs, p99Ms, lastAtMs } = row
  const { responderWished } = useApp.getState()
  return (
    <div
      className="gr"
      role="row"
      aria-rowindex={index + 2}
      tabIndex={isCursor ? 0 : -1}
      data-pane-focus={isCursor ? '' : undefined}
      title={t.filterOn(revealLine(route))}
      onFocus={onCursor}
      onDoubleClick={() => filterOn(row)}
    >
      <span role="gridcell" className="t2">
        {dir === 'in' ? `↓ ${t.peer}` : `↑ ${t.us}`}
      </span>
      <span role="gridcell" className="ell">
        <button type="button" className="textlink plain" tabIndex={-1} onClick={() => filterOn(row)}>
          {route === '' ? t.noRoute : revealLine(route)}
        </button>
      </span>
      <span role="gridcell" className="t2 ell">
        {link === undefined ? `#${row.linkId}` : linkWords(link).name}
      </span>
      <Number count={requests} />
      <Number count={events} />
      <Number count={answers} />
      <span role="gridcell" className={errors > 0 ? 'num err b' : 'num t3'}>
        {groupDigits(errors)}
      </span>
      <span role="gridcell" className={meanMs === null ? 'num t3' : 'num'}>
        {meanMs === null ? t.never : formatDuration(meanMs)}
      </span>
      <span role="gridcell" className={p99Ms === null ? 'num t3' : 'num'}>
        {p99Ms === null ? t.never : formatDuration(p99Ms)}
      </span>
      <span role="gridcell" className="ell">
        {dir === 'out' ? (
          <span className="t3">{t.device}</span>
        ) : responder !== undefined ? (
          <button
            type="button"
            className="textlink"
            tabIndex={-1}
            onClick={() => responderWished({ wish: 'show', name: responder })}
          >
            {responder}
          </button>
        ) : requests > 0 && row.lastMessageId !== 0 ? (
          <button
            type="button"
            className="textlink"
            tabIndex={-1}
            onClick={() => responderWished({ wish: 'answer', messageId: row.lastMessageId })}
          >
            {t.answerIt}
          </button>
        ) : (
          <span className="t3">{requests > 0 ? t.nobody : t.never}</span>
        )}
      </span>
      <span role="gridcell" className="num t2">
        {formatClock(startedAtMs, lastAtMs).slice(0, 8)}
      </span>
    </div>
  )
}

const Number = ({ count }: { readonly count: number }): JSX.Element => (
  <span role="gridcell" className={count === 0 ? 'num t3' : 'num'}>
    {groupDigits(count)}
  </span>
)

/** The list shows the messages of this route. */
function filterOn({ route }: RouteFigures): void {
  const { filterNarrowed, pageChosen } = useApp.getState()
  filterNarrowed(`msg.route == ${JSON.stringify(route)}`, false)
  pageChosen('live')
}
