import { type JSX, useEffect, useMemo, useRef, useState } from 'react'
import type { CompareStrip, CompareSummary } from '../../../shared/model/compare'
import { PairStrip } from '../../lanes/pair-strip/PairStrip'
import type { StripSide, TimeWindow } from '../../lanes/pair-strip/strip-types'
import { useSession } from '../../store/session-context'
import { revealLine } from '../../ui/visible-text'
import { useCompare } from './compare-store'
import { sinceStart } from './compare-words'
import { compareTexts as t } from './texts'

/** Shown at first. */
const FIRST_MS = 1000

interface CompareStripViewProps {
  readonly comparison: number
  readonly summary: CompareSummary
}

const NOTHING: CompareStrip = {
  fromMs: 0,
  toMs: FIRST_MS,
  movedMs: 0,
  above: [],
  below: [],
  ties: [],
  isThinned: false,
}

/** Both lines around what is selected; what is seen is asked for as one moves. */
export function CompareStripView({ comparison, summary }: CompareStripViewProps): JSX.Element {
  const { live } = useSession()
  const selected = useCompare((s) => s.selected)
  const [strip, setStrip] = useState(NOTHING)
  const lengthMs = Math.max(FIRST_MS, summary.a.lengthMs, summary.b.lengthMs)
  const [start, setStart] = useState<TimeWindow>({ fromMs: 0, toMs: FIRST_MS })
  const [seen, setSeen] = useState<TimeWindow>(start)
  /** A selection made in the strip itself moves nothing. */
  const ownSelection = useRef<number | null>(null)

  useEffect(() => {
    if (selected === null || ownSelection.current === selected) return
    let isOver = false
    void live
      .call('compare.rows', { comparison, filter: '', from: selected, count: 1 })
      .then(({ window }) => {
        const atMs = window.rows[0]?.a?.atMs ?? window.rows[0]?.b?.atMs
        if (isOver || atMs === undefined) return
        setSeen((before) => {
          const span = before.toMs - before.fromMs
          if (atMs >= before.fromMs + span * 0.05 && atMs <= before.toMs - span * 0.3) return before
          const fromMs = Math.max(0, atMs - span * 0.2)
          const next = { fromMs, toMs: fromMs + span }
          setStart(next)
          return next
        })
      })
    return () => {
      isOver = true
    }
  }, [live, comparison, selected])

  useEffect(() => {
    let isOver = false
    const span = seen.toMs - seen.fromMs
    live
      .call('compare.strip', {
        comparison,
        fromMs: seen.fromMs - span / 2,
        toMs: seen.toMs + span / 2,
        anchor: selected,
      })
      .then(
        (reply) => {
          if (!isOver) setStrip(reply.strip)
        },
        () => undefined, // the comparison was closed: the view goes with it
      )
    return () => {
      isOver = true
    }
  }, [live, comparison, seen, selected])

  const selectedTie = useMemo(() => {
    const at = strip.ties.findIndex(({ row }) => row === selected)
    return at < 0 ? null : at
  }, [strip, selected])

  return (
    <PairStrip
      fromMs={start.fromMs}
      toMs={start.toMs}
      bounds={{ fromMs: 0, toMs: lengthMs }}
      above={strip.above}
      below={strip.below}
      ties={strip.ties}
      selectedTie={selectedTie}
      onSelect={(tie) => {
        const row = tie === null ? null : (strip.ties[tie]?.row ?? null)
        ownSelection.current = row
        useCompare.getState().rowSelected(row)
      }}
      onView={setSeen}
      labels={{
        strip: t.strip,
        above: t.line,
        below: t.line,
        ties: t.sameExchange,
        describe: (side: StripSide, at: number) => {
          const block = strip[side][at]
          if (block === undefined) return ''
          const name = side === 'above' ? 'A' : 'B'
          const look = block.look === 'solid' ? '' : `, ${t.kinds[block.look].toLowerCase()}`
          const movedMs = side === 'above' ? 0 : strip.movedMs
          return `${name} ${sinceStart(block.startMs - movedMs)} ${revealLine(block.route)}${look}`
        },
      }}
    />
  )
}
