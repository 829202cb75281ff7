import { type JSX, useEffect, useMemo, useState } from 'react'
import type { RecordedLine, WhatIfStrip } from '../../../shared/model/what-if'
import { PairStrip } from '../../lanes/pair-strip/PairStrip'
import type { StripBlock, StripTie, TimeWindow } from '../../lanes/pair-strip/strip-types'
import { useSession } from '../../store/session-context'
import { msWord } from './what-if-words'
import { whatIfTexts as t } from './texts'
import { useWhatIf } from './what-if-store'

const FIRST_MS = 1000
/** Frames closer than a part of what is seen are one block. */
const COLUMNS = 2000

interface WhatIfStripViewProps {
  readonly run: number
  readonly line: RecordedLine
  readonly spanMs: number
}

const NOTHING: WhatIfStrip = { before: [], after: [], ties: [] }

/** Recorded over predicted, both from the beginning of what was sent again. */
export function WhatIfStripView({ run, line, spanMs }: WhatIfStripViewProps): JSX.Element {
  const { live } = useSession()
  const selected = useWhatIf((s) => s.selected)
  const [strip, setStrip] = useState(NOTHING)
  const lengthMs = Math.max(FIRST_MS, spanMs, line.toMs - line.fromMs)
  const [start, setStart] = useState<TimeWindow>({ fromMs: 0, toMs: FIRST_MS })
  const [seen, setSeen] = useState<TimeWindow>(start)
  useEffect(() => {
    let isOver = false
    const span = seen.toMs - seen.fromMs
    const asked = { fromMs: line.fromMs + seen.fromMs - span / 2, toMs: line.fromMs + seen.toMs + span / 2 }
    live.call('whatif.strip', { run, ...asked, columnMs: span / COLUMNS }).then(
      (reply) => {
        if (!isOver) setStrip(reply)
      },
      () => undefined, // another run takes its place
    )
    return () => {
      isOver = true
    }
  }, [live, run, line.fromMs, seen])

  // what is selected in the list is brought into sight
  useEffect(() => {
    if (selected === null) return
    let isOver = false
    live.call('whatif.rows', { run, order: 'time', isDescending: false, from: selected, count: 1 }).then(
      ({ rows }) => {
        const atMs = rows[0] === undefined ? null : rows[0].before.queuedMs - line.fromMs
        if (isOver || atMs === null) return
        setSeen((before) => {
          const span = before.toMs - before.fromMs
          if (atMs >= before.fromMs && atMs <= before.toMs - span * 0.2) return before
          const fromMs = Math.max(0, atMs - span * 0.2)
          setStart({ fromMs, toMs: fromMs + span })
          return { fromMs, toMs: fromMs + span }
        })
      },
      () => undefined,
    )
    return () => {
      isOver = true
    }
  }, [live, run, selected, line.fromMs])

  const { above, below, ties } = useMemo(() => {
    const placed = (blocks: WhatIfStrip['before']): StripBlock[] =>
      blocks.map(({ dir, startMs, endMs, hue }) => ({
        dir,
        startMs: startMs - line.fromMs,
        endMs: endMs - line.fromMs,
        hue,
        look: 'solid',
      }))
    const tones = strip.ties.map(({ before, after }): StripTie => {
      const byMs = strip.after[after]!.startMs - strip.before[before]!.startMs
      return { above: before, below: after, tone: byMs > 1 ? 'slower' : byMs < -1 ? 'changed' : 'equal' }
    })
    return { above: placed(strip.before), below: placed(strip.after), ties: tones }
  }, [strip, line.fromMs])
  const at = strip.ties.findIndex(({ row }) => row === selected)
  return (
    <PairStrip
      fromMs={start.fromMs}
      toMs={start.toMs}
      bounds={{ fromMs: 0, toMs: lengthMs }}
      above={above}
      below={below}
      ties={ties}
      selectedTie={at < 0 ? null : at}
      onSelect={(tie) =>
        useWhatIf.getState().rowSelected(tie === null ? null : (strip.ties[tie]?.row ?? null))
      }
      onView={setSeen}
      labels={{
        strip: t.strip,
        above: t.recorded,
        below: t.predicted,
        ties: t.same,
        describe: (side, index) => {
          const block = (side === 'above' ? above : below)[index]
          return block === undefined
            ? ''
            : `${side === 'above' ? t.recorded : t.predicted} ${msWord(block.startMs)} ms`
        },
      }}
    />
  )
}
