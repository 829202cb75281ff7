import { useEffect, useMemo, useRef, useState } from 'react'
import type { ContractClient } from '../../../shared/contract/contract-client'
import { toWireError } from '../../../shared/errors'
import { MAX_FIELD_POINTS } from '../../../shared/model/series'
import type { PlotSeries } from './kept-plots'
import { NO_POINTS, type PointData, withPoints } from './point-data'
import type { TimeRange, TimeWindow } from './time-window'

const BINS = 800
/** While values come, they are asked for this often. */
const INTERVAL_MS = 1000
/** With so many points on screen everything is asked for again, thinned. */
const MOST_POINTS = 6000

interface Asked {
  readonly linkId: number | null
  readonly series: readonly PlotSeries[]
  readonly window: TimeWindow
  /** What the window shows now. */
  readonly range: TimeRange
}

type Source = Pick<PlotSeries, 'filter' | 'field'>

/** The numbers of each series in a window; while that moves on, only what is new is asked for. */
export function usePoints(
  client: ContractClient,
  { linkId, series, window, range }: Asked,
): readonly PointData[] {
  const sourcesText = JSON.stringify(series.map(({ filter, field }) => ({ filter, field })))
  const sources = useMemo(() => JSON.parse(sourcesText) as Source[], [sourcesText])
  const [shown, setShown] = useState<readonly PointData[]>([])
  const latest = useRef(range)
  useEffect(() => {
    latest.current = range
  }, [range])
  const isStill = window.kind === 'fixed'
  const windowKey = isStill ? `${window.fromMs} ${window.toMs}` : window.span
  useEffect(() => {
    let isOver = false
    let timer: ReturnType<typeof setTimeout> | undefined
    let known: readonly PointData[] = sources.map(() => NO_POINTS)
    let askedToMs = -1
    const turn = async (): Promise<void> => {
      const { fromMs, toMs } = latest.current
      if (toMs > 0 && toMs !== askedToMs) {
        askedToMs = toMs
        for (const [at, source] of sources.entries()) {
          const next = await pointsOf(client, linkId, source, known[at]!, Math.max(0, fromMs), toMs)
          if (isOver) return
          known = known.map((each, index) => (index === at ? next : each))
        }
        setShown(known)
      }
      if (!isOver && (!isStill || askedToMs < 0)) timer = setTimeout(() => void turn(), INTERVAL_MS)
    }
    void turn()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [client, linkId, sources, isStill, windowKey])
  return shown
}

async function pointsOf(
  client: ContractClient,
  linkId: number | null,
  source: Source,
  known: PointData,
  keepMs: number,
  toMs: number,
): Promise<PointData> {
  const isAll = known.isLoading || known.atMs.length > MOST_POINTS || known.settledMs <= keepMs
  const fromMs = Math.min(isAll ? keepMs : known.settledMs, toMs)
  try {
    const { points } = await client.call('series.field', {
      ...source,
      linkId,
      fromMs,
      toMs,
      limit: MAX_FIELD_POINTS,
      bins: BINS,
    })
    return withPoints(known, points, { fromMs, toMs, keepMs })
  } catch (error) {
    return { ...NO_POINTS, isLoading: false, problem: toWireError(error) }
  }
}
