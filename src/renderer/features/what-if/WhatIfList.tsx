import { type JSX, useCallback, useState } from 'react'
import { type WhatIfOrder, type WhatIfRow, waitOf } from '../../../shared/model/what-if'
import { useSession } from '../../store/session-context'
import { useRowCursor } from '../../ui/use-row-cursor'
import { useVirtualViewport } from '../../ui/use-virtual-viewport'
import { revealLine } from '../../ui/visible-text'
import { whatIfTexts as t } from './texts'
import { useWhatIfRows } from './use-what-if-rows'
import { useWhatIf } from './what-if-store'
import { changeWord, msWord, toneOf } from './what-if-words'

const ROW_PX = 22

const idOf = ({ index }: WhatIfRow): number => index

interface WhatIfListProps {
  readonly run: number
  readonly total: number
  readonly fromMs: number
}

/** Each message with its wait and its whole time, as recorded and as predicted. */
export function WhatIfList({ run, total, fromMs }: WhatIfListProps): JSX.Element {
  const { live } = useSession()
  const selected = useWhatIf((s) => s.selected)
  const order = useWhatIf((s) => s.order)
  const isDescending = useWhatIf((s) => s.isDescending)
  const { rowSelected } = useWhatIf.getState()
  const [offset, setOffset] = useState(0)
  const { ref, geometry, spacerPx, rows: visible } = useVirtualViewport(total, ROW_PX, offset, setOffset)
  const shown = useWhatIfRows({ run, order, isDescending }, visible.first, visible.end)
  const rowAt = (index: number): WhatIfRow | undefined => shown.rows[index - shown.from]
  const placeOf = useCallback(
    async (row: number) => {
      const { place } = await live.call('whatif.place', { run, row, order, isDescending })
      return place < 0 ? null : place
    },
    [live, run, order, isDescending],
  )
  const { cursor, go, pressed } = useRowCursor({
    geometry,
    onOffset: setOffset,
    known: shown,
    isCurrent: shown.key === `${run} ${order} ${isDescending}`,
    idOf,
    selectedId: selected,
    onSelect: rowSelected,
    placeOf,
  })
  const drawn: JSX.Element[] = []
  for (let index = visible.first; index < visible.end; index++) {
    const row = rowAt(index)
    if (row === undefined) continue
    drawn.push(
      <div
        key={row.index}
        id={`what-if-row-${index}`}
        role="row"
        aria-rowindex={index + 2}
        aria-selected={row.index === selected}
        className={`gr${row.index === selected ? ' sel' : ''}`}
        onPointerDown={(event) => event.button === 0 && go(index)}
      >
        <RowCells row={row} fromMs={fromMs} />
      </div>,
    )
  }
  return (
    <section className="pane what-if-list" aria-label={t.messages}>
      <ListHead order={order} isDescending={isDescending} />
      <div
        ref={ref}
        className="vp scrolls what-if-grid"
        role="grid"
        aria-label={t.messages}
        aria-rowcount={total + 1}
        aria-activedescendant={
          cursor >= visible.first && cursor < visible.end ? `what-if-row-${cursor}` : undefined
        }
        tabIndex={0}
        onKeyDown={pressed}
      >
        <div className="vp-layer" style={{ height: geometry.viewportPx, marginBottom: -geometry.viewportPx }}>
          <div style={{ transform: `translateY(${visible.shiftPx}px)` }}>{drawn}</div>
        </div>
        <div style={{ height: spacerPx }} />
      </div>
    </section>
  )
}

interface HeadProps {
  readonly order: WhatIfOrder
  readonly isDescending: boolean
}

function ListHead({ order, isDescending }: HeadProps): JSX.Element {
  const sorts = (by: WhatIfOrder, label: string, name: string): JSX.Element => (
    <button
      type="button"
      className="what-if-sort"
      aria-label={name}
      aria-pressed={order === by}
      onClick={() => useWhatIf.getState().ordered(by)}
    >
      {order === by ? (isDescending ? '↓ ' : '↑ ') : ''}
      {label}
    </button>
  )
  const { columns } = t
  return (
    <div className="gh">
      {sorts('time', columns.time, 'Order by time')}
      <span>{columns.message}</span>
      <span className="num">{columns.prio}</span>
      {sorts('wait-before', columns.waitBefore, 'Order by recorded wait')}
      {sorts('wait-after', columns.waitAfter, 'Order by predicted wait')}
      {sorts('change', columns.change, 'Order by change of the wait')}
      <span>{columns.blocker}</span>
      <span className="num">{columns.totalBefore}</span>
      <span className="num">{columns.totalAfter}</span>
      {sorts('total-change', columns.totalChange, 'Order by change of the whole time')}
    </div>
  )
}

function RowCells({ row, fromMs }: { readonly row: WhatIfRow; readonly fromMs: number }): JSX.Element {
  const { before, after, priority, newPriority } = row
  const waitMs = after === null ? Number.NaN : waitOf(after) - waitOf(before)
  const totalMs = after === null ? Number.NaN : after.totalMs - before.totalMs
  return (
    <>
      <span role="gridcell" className="num t2">
        {msWord(before.queuedMs - fromMs)}
      </span>
      <span role="gridcell" className="rt">
        <i className="sw" data-hue={row.hue} />
        <span>{revealLine(row.route)}</span>
      </span>
      <span role="gridcell" className="num">
        {priority === newPriority ? priority : `${priority} → ${newPriority}`}
      </span>
      <span role="gridcell" className="num">
        {msWord(waitOf(before))}
      </span>
      <span role="gridcell" className="num">
        {after === null ? '' : msWord(waitOf(after))}
      </span>
      <span role="gridcell" className={`num ${toneOf(waitMs)}`}>
        {after === null ? '' : changeWord(waitMs)}
      </span>
      <span role="gridcell" className="t3 ell">
        {after === null ? t.notThrough : revealLine(after.blocker)}
      </span>
      <span role="gridcell" className="num">
        {msWord(before.totalMs)}
      </span>
      <span role="gridcell" className="num">
        {after === null ? '' : msWord(after.totalMs)}
      </span>
      <span role="gridcell" className={`num ${toneOf(totalMs)}`}>
        {after === null ? '' : changeWord(totalMs)}
      </span>
    </>
  )
}
