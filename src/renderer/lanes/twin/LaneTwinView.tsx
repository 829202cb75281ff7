import { type JSX, type KeyboardEvent, useEffect, useRef } from 'react'
import { texts } from '../../ui/texts'
import { revealLine } from '../../ui/visible-text'
import { auxTexts } from '../aux/aux-texts'
import { laneTexts } from '../texts'
import type { NamedBlockers } from '../worker-protocol'
import './twin.css'
import { twinTexts as t } from './twin-texts'
import type { LaneTwin, TwinEvent, TwinLane, TwinMessage } from './twin-types'

interface LaneTwinViewProps {
  /** Null until the worker told. */
  readonly twin: LaneTwin | null
  readonly selectedId: number | null
  readonly blockers: NamedBlockers | null
  readonly linkTitle: (linkId: number) => string
  readonly onSelect: (messageId: number) => void
  /** Keys that mean the same as on the canvas. */
  readonly onKey: (event: KeyboardEvent) => void
}

/** What is in view as tables: the lanes for whoever reads instead of looks. Up and down go from message to message. */
export function LaneTwinView(props: LaneTwinViewProps): JSX.Element {
  const { twin, selectedId, blockers, linkTitle, onSelect, onKey } = props
  const box = useRef<HTMLDivElement>(null)
  const rows = twin?.lanes.flatMap(({ messages }) => messages) ?? []
  const isSelectedShown = rows.some(({ id }) => id === selectedId)
  const activeId = isSelectedShown ? selectedId : (rows[0]?.id ?? null)
  const hasRows = rows.length > 0
  const isTold = twin !== null
  // once, when the first rows are there: later the focus belongs to the person
  useEffect(() => {
    if (isTold) focusActive(box.current)
  }, [isTold])

  const pressed = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const hasModifier = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey
    if (step === 0 || hasModifier) {
      onKey(event)
      return
    }
    event.preventDefault()
    event.stopPropagation()
    const at = rows.findIndex(({ id }) => id === activeId)
    const next = isSelectedShown ? rows[at + step] : rows[at]
    if (next === undefined) return
    onSelect(next.id)
    box.current?.querySelector<HTMLElement>(`[data-twin="${next.id}"]`)?.focus()
  }
  const several = new Set(twin?.lanes.map(({ linkId }) => linkId)).size > 1
  return (
    <div
      ref={box}
      className="lanes-twin scrolls"
      role="region"
      aria-label={t.region}
      tabIndex={hasRows ? -1 : 0}
      {...(!hasRows && { 'data-pane-focus': '' })}
      onKeyDown={pressed}
    >
      {twin !== null && !hasRows && <p className="t3">{t.empty}</p>}
      {twin !== null && twin.lanes.length > 0 && (
        <table role="grid" aria-label={t.table}>
          <thead>
            <tr>
              {t.columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          {twin.lanes.map((lane) => (
            <LaneRows
              key={lane.key}
              lane={lane}
              link={several ? linkTitle(lane.linkId) : ''}
              selectedId={selectedId}
              activeId={activeId}
              blockers={blockers}
              onSelect={onSelect}
            />
          ))}
        </table>
      )}
      {twin !== null && twin.leftOut > 0 && <p className="t3">{t.leftOut(twin.leftOut)}</p>}
      {twin !== null && <Events events={twin.events} linkTitle={several ? linkTitle : null} />}
    </div>
  )
}

/** Gives the focus to the row that the keys go on from. */
function focusActive(box: HTMLElement | null): void {
  const target = box?.querySelector<HTMLElement>('[tabindex="0"]') ?? box
  target?.focus()
}

interface LaneRowsProps {
  readonly lane: TwinLane
  readonly link: string
  readonly selectedId: number | null
  readonly activeId: number | null
  readonly blockers: NamedBlockers | null
  readonly onSelect: (messageId: number) => void
}

function LaneRows({ lane, link, selectedId, activeId, blockers, onSelect }: LaneRowsProps): JSX.Element {
  return (
    <tbody>
      <tr className="lane">
        <th scope="rowgroup" colSpan={t.columns.length}>
          {t.lane(lane, link)}
        </th>
      </tr>
      {lane.messages.map((message) => {
        const isActive = message.id === activeId
        return (
          <tr
            key={message.id}
            data-twin={message.id}
            aria-selected={message.id === selectedId}
            tabIndex={isActive ? 0 : -1}
            {...(isActive && { 'data-pane-focus': '' })}
            onClick={() => onSelect(message.id)}
          >
            {cellsOf(message, blockers).map((text, at) => (
              <td key={t.columns[at]} className={at >= 3 && at <= 6 ? 'num' : undefined}>
                {text}
              </td>
            ))}
          </tr>
        )
      })}
    </tbody>
  )
}

function cellsOf(message: TwinMessage, blockers: NamedBlockers | null): readonly string[] {
  const isTold = blockers !== null && blockers.messageId === message.id
  const didWait = message.waitMs !== null && message.waitMs > 0
  return [
    `#${message.id}`,
    laneTexts.kinds[message.kind],
    String(message.priority),
    message.clock,
    t.lasted(message),
    t.chunks(message.chunks),
    t.waited(message.waitMs),
    isTold ? t.blockers(blockers) : didWait ? t.askBlockers : '–',
    texts.list.status[message.status],
  ]
}

interface EventsProps {
  readonly events: readonly TwinEvent[]
  /** Null while there is one link. */
  readonly linkTitle: ((linkId: number) => string) | null
}

function Events({ events, linkTitle }: EventsProps): JSX.Element {
  if (events.length === 0) return <p className="t3">{t.noEvents}</p>
  return (
    <table aria-label={t.eventsTable}>
      <thead>
        <tr>
          {t.eventColumns.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {events.map(({ row, atMs, clock, linkId, isBad, title, rows }, at) => (
          <tr key={`${row.key} ${atMs} ${at}`}>
            <td>
              {auxTexts.name(row) + (linkTitle === null || linkId === 0 ? '' : ` · ${linkTitle(linkId)}`)}
            </td>
            <td className="num">{clock}</td>
            <td className={isBad ? 'err' : undefined}>{revealLine(title)}</td>
            <td>
              {rows
                .filter(([name]) => name !== auxTexts.at)
                .map(([name, value]) => `${name} ${value}`)
                .join(', ')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
