import { type JSX, useState } from 'react'
import type { CompareState, CompareSummary } from '../../../shared/model/compare'
import { useApp } from '../../store/app-store'
import type { ComparedPair } from '../../store/compare-slice'
import { CompareHead } from './CompareHead'
import { CompareInspector } from './CompareInspector'
import { CompareList } from './CompareList'
import { CompareStripView } from './CompareStripView'
import { ChoosePair } from './ChoosePair'
import { filterOf, useCompare } from './compare-store'
import { compareTexts as t } from './texts'
import { useComparison } from './use-comparison'
import './compare.css'

/** Two recordings, one over the other. */
export function ComparePane(): JSX.Element {
  const pair = useApp((s) => s.comparedPair)
  return (
    <section className="compare" data-pane="compare" aria-label={t.title} tabIndex={-1}>
      {pair === null ? <ChoosePair /> : <ComparedView pair={pair} />}
    </section>
  )
}

function ComparedView({ pair }: { readonly pair: ComparedPair }): JSX.Element {
  const ignored = useCompare((s) => s.ignored)
  const [attempt, setAttempt] = useState(0)
  const { state, problem } = useComparison(pair, ignored, attempt)
  const error = problem ?? state?.error ?? null
  if (error !== null) return <Failed error={error} onAgain={() => setAttempt((before) => before + 1)} />
  if (state === null || state.summary === null) return <Progress pair={pair} state={state} />
  return <Ready comparison={state.comparison} pair={pair} summary={state.summary} />
}

interface ReadyProps {
  readonly comparison: number
  readonly pair: ComparedPair
  readonly summary: CompareSummary
}

function Ready({ comparison, pair, summary }: ReadyProps): JSX.Element {
  const segment = useCompare((s) => s.segment)
  const typed = useCompare((s) => s.filter)
  const filter = filterOf(segment, typed)
  return (
    <div className="compare-ready">
      <div className="compare-main">
        <CompareHead comparison={comparison} pair={pair} summary={summary} filter={filter} />
        <CompareStripView comparison={comparison} summary={summary} />
        <CompareList comparison={comparison} filter={filter} />
      </div>
      <CompareInspector comparison={comparison} summary={summary} />
    </div>
  )
}

function Progress({
  pair,
  state,
}: {
  readonly pair: ComparedPair
  readonly state: CompareState | null
}): JSX.Element {
  const percent = Math.round((state?.share ?? 0) * 100)
  const word = state?.phase === 'aligning' ? t.aligning : t.reading
  return (
    <div className="empty">
      <p>{word}</p>
      <p>
        {pair.a} {t.over} {pair.b}
      </p>
      <progress className="compare-progress" aria-label={word} max={100} value={percent} />
      <button type="button" className="btn" onClick={useApp.getState().compareLeft}>
        {t.cancel}
      </button>
    </div>
  )
}

function Failed({
  error,
  onAgain,
}: {
  readonly error: NonNullable<CompareState['error']>
  readonly onAgain: () => void
}): JSX.Element {
  return (
    <div className="empty" role="alert">
      <p>{t.failed}</p>
      <p>
        {error.message} ({error.code})
      </p>
      <p>{error.remedy}</p>
      <div className="compare-row">
        <button type="button" className="btn" onClick={onAgain}>
          {t.again}
        </button>
        <button type="button" className="btn" onClick={useApp.getState().compareLeft}>
          {t.other}
        </button>
      </div>
    </div>
  )
}
