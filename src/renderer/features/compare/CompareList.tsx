import { type JSX, useCallback, useState } from 'react'
import type { CompareRow } from '../../../shared/model/compare'
import { useSession } from '../../store/session-context'
import { useRowCursor } from '../../ui/use-row-cursor'
import { useVirtualViewport } from '../../ui/use-virtual-viewport'
import { revealLine } from '../../ui/visible-text'
import { useCompare } from './compare-store'
import { msWord, shiftShare, shiftWord, sinceStart } from './compare-words'
import { KindMark } from './KindMark'
import { compareTexts as t } from './texts'
import { type CompareRows, useCompareRows } from './use-compare-rows'

const ROW_PX = 22
/** The bar of a shift of so many milliseconds is full. */
const FULL_SHIFT_MS = 100
const HALF_BAR_PX = 54

const idOf = ({ row }: CompareRow): number => row

interface CompareListProps {
  readonly comparison: number
  readonly filter: string
}

/** All exchanges of both, aligned: only rows in sight are known and drawn. */
export function CompareList({ comparison, filter }: CompareListProps): JSX.Element {
  const { live } = useSession()
  const selected = useCompare((s) => s.selected)
  const { rowSelected, segmentChosen, filterTyped } = useCompare.getState()
  const [offset, setOffset] = useState(0)
  const [total, setTotal] = useState(0)
  const { ref, geometry, spacerPx, rows: visible } = useVirtualViewport(total, ROW_PX, offset, setOffset)
  const shown = useCompareRows(comparison, filter, visible.first, visible.end)
  if (shown.total !== total) setTotal(shown.total)
  const isCurrent = shown.key === `${comparison} ${filter}`
  const rowAt = (index: number): CompareRow | undefined => shown.rows[index - shown.from]
  const placeOf = useCallback(
    async (row: number) => (await live.call('compare.position', { comparison, filter, row })).position,
    [live, comparison, filter],
  )
  const { cursor, go, pressed } = useRowCursor({
    geometry,
    onOffset: setOffset,
    known: shown,
    isCurrent,
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
        key={row.row}
        id={`compare-row-${index}`}
        role="row"
        aria-rowindex={index + 2}
        aria-selected={row.row === selected}
        className={`gr${row.row === selected ? ' sel' : ''}`}
        onPointerDown={(event) => event.button === 0 && go(index)}
      >
        <RowCells row={row} />
      </div>,
    )
  }
  return (
    <section className="pane compare-list" aria-label={t.grid}>
      <ListHead />
      <div
        ref={ref}
        className="vp scrolls compare-grid"
        role="grid"
        aria-label={t.grid}
        aria-rowcount={total + 1}
        aria-activedescendant={
          cursor >= visible.first && cursor < visible.end ? `compare-row-${cursor}` : undefined
        }
        tabIndex={0}
        onKeyDown={pressed}
      >
        <div className="vp-layer" style={{ height: geometry.viewportPx, marginBottom: -geometry.viewportPx }}>
          <div style={{ transform: `translateY(${visible.shiftPx}px)` }}>{drawn}</div>
        </div>
        <div style={{ height: spacerPx }} />
        <Nothing
          shown={shown}
          isCurrent={isCurrent}
          onAll={() => {
            segmentChosen('all')
            filterTyped('')
          }}
        />
      </div>
    </section>
  )
}

function Nothing({
  shown,
  isCurrent,
  onAll,
}: {
  readonly shown: CompareRows
  readonly isCurrent: boolean
  readonly onAll: () => void
}): JSX.Element | null {
  if (!isCurrent || shown.total > 0) return null
  return (
    <div className="empty compare-none" role={shown.problem === null ? 'status' : 'alert'}>
      <p>{shown.problem === null ? t.nothing : shown.problem.message}</p>
      <button type="button" className="btn" onClick={onAll}>
        {t.showAll}
      </button>
    </div>
  )
}

const ListHead = (): JSX.Element => (
  <div className="gh" role="presentation">
    <span className="compare-side">
      <span className="ab ab-a">A</span>
      {t.columns.time}
    </span>
    <span className="num">{t.columns.rtt}</span>
    <span />
    <span>{t.columns.exchange}</span>
    <span>{t.columns.difference}</span>
    <span className="compare-side">
      <span className="ab ab-b">B</span>
      {t.columns.time}
    </span>
    <span className="num">{t.columns.rtt}</span>
    <span className="num">{t.columns.shift}</span>
  </div>
)

function RowCells({ row }: { readonly row: CompareRow }): JSX.Element {
  const [what, before, after, more] = t.difference(row)
  return (
    <>
      {row.a === null ? <i className="compare-gap is-a" /> : null}
      {row.b === null ? <i className="compare-gap is-b" /> : null}
      <span role="gridcell" className="t2">
        {row.a === null ? '' : sinceStart(row.a.atMs)}
      </span>
      <span role="gridcell" className="num">
        {msWord(row.a?.roundTripMs ?? null)}
      </span>
      <span role="gridcell" className={`compare-mark is-${row.kind}`} title={t.kindOf(row.kind, row.shift)}>
        <KindMark kind={row.kind} />
        <span className="sr-only">{t.kindOf(row.kind, row.shift)}</span>
      </span>
      <span role="gridcell" className="rt">
        <i className="sw" data-hue={row.hue} />
        <span>{revealLine(row.route)}</span>
      </span>
      <span role="gridcell" className="t3 ell">
        {revealLine(what)}
        {before === '' ? null : (
          <>
            {' '}
            <b>{revealLine(before)}</b> {t.to} <b>{revealLine(after)}</b>
            {more}
          </>
        )}
      </span>
      <span role="gridcell" className="t2">
        {row.b === null ? '' : sinceStart(row.b.atMs)}
      </span>
      <span role="gridcell" className="num">
        {msWord(row.b?.roundTripMs ?? null)}
      </span>
      <span role="gridcell" className="compare-shift">
        {row.shiftMs === null ? null : <ShiftBar byMs={row.shiftMs} isMuch={row.shift !== null} />}
      </span>
    </>
  )
}

function ShiftBar({ byMs, isMuch }: { readonly byMs: number; readonly isMuch: boolean }): JSX.Element {
  const px = Math.max(1, Math.round(shiftShare(byMs, FULL_SHIFT_MS) * HALF_BAR_PX))
  const tone = !isMuch ? 't2' : byMs > 0 ? 'warn' : 'ok'
  return (
    <>
      <i
        className={`compare-bar is-${tone}`}
        style={{ left: `${byMs >= 0 ? 61 : 60 - px}px`, width: `${px}px` }}
      />
      <b className={tone}>{shiftWord(byMs)}</b>
    </>
  )
}
