import { useEffect, useState } from 'react'
import type { ContractClient } from '../../../shared/contract/contract-client'
import { toWireError, type WireError } from '../../../shared/errors'
import { useApp } from '../../store/app-store'
import { sessionNowMs } from '../../store/links-slice'
import { NO_SERIES, type SeriesData, seriesData, withNews } from './series-data'
import { askedSpanMs, type FollowSpan, type TimeWindow } from './time-window'

/** Bins over the width of the page; for the table, as many as one reads. */
const DRAWN_BINS = 300
const TABLE_BINS = 60

export interface ShownSeries {
  readonly data: SeriesData
  /** The newest time that is known of the session. */
  readonly endMs: number
  readonly problem: WireError | null
  readonly isLoading: boolean
}

const NOTHING: ShownSeries = { data: NO_SERIES, endMs: 0, problem: null, isLoading: true }

interface Asked {
  readonly linkId: number | null
  readonly window: TimeWindow
  readonly isPaused: boolean
  readonly isTable: boolean
  /** Grows with every time that it is tried again. */
  readonly attempt: number
}

/** The figures of a window: as they come while it follows, once when it stands still; paused, those that are there. */
export function useSeries(client: ContractClient, asked: Asked): ShownSeries {
  const { linkId, window, isPaused, isTable, attempt } = asked
  const [shown, setShown] = useState(NOTHING)
  const [rung, setRung] = useState(0)
  const span = window.kind === 'follow' ? window.span : null
  const fromMs = window.kind === 'fixed' ? window.fromMs : 0
  const toMs = window.kind === 'fixed' ? window.toMs : 0
  const bins = isTable ? TABLE_BINS : DRAWN_BINS
  useEffect(() => {
    if (span === null || isPaused) return
    return follow(client, { linkId, span, bins }, setShown, () => setRung((before) => before + 1))
  }, [client, linkId, span, bins, isPaused, attempt, rung])
  useEffect(() => {
    if (span !== null) return
    let isOver = false
    client.call('series.get', { linkId, fromMs, toMs, bins }).then(
      ({ series }) => {
        if (isOver) return
        setShown((s) => ({
          data: seriesData(series),
          endMs: Math.max(s.endMs, series.nowMs),
          problem: null,
          isLoading: false,
        }))
      },
      (error: unknown) => {
        if (!isOver) setShown((s) => ({ ...s, problem: toWireError(error), isLoading: false }))
      },
    )
    return () => {
      isOver = true
    }
  }, [client, linkId, span, fromMs, toMs, bins, attempt])
  return shown
}

type SetShown = (change: (shown: ShownSeries) => ShownSeries) => void

/** @param outgrown - Everything is to be shown, and it is more than what was asked for. */
function follow(
  client: ContractClient,
  {
    linkId,
    span,
    bins,
  }: { readonly linkId: number | null; readonly span: FollowSpan; readonly bins: number },
  setShown: SetShown,
  outgrown: () => void,
): () => void {
  const spanMs = askedSpanMs(span, sessionNowMs(useApp.getState(), performance.now()))
  let isFirst = true
  return client.subscribe(
    'series',
    { linkId, spanMs, bins },
    (news) => {
      const isAnew = isFirst
      isFirst = false
      setShown((shown) => {
        const kept = Math.min(bins, Math.ceil(spanMs / news.binMs) + 1)
        const data = isAnew ? seriesData(news) : withNews(shown.data, news, kept)
        return { data, endMs: Math.max(data.endMs, 0), problem: null, isLoading: false }
      })
      if (span === 'all' && news.nowMs > spanMs && askedSpanMs('all', news.nowMs) > spanMs) outgrown()
    },
    (error) => setShown((shown) => ({ ...shown, problem: toWireError(error), isLoading: false })),
  )
}
