import { useEffect, useState } from 'react'
import { asConsoleError, toWireError, type WireError } from '../../../shared/errors'
import { type CompareRow, MAX_COMPARE_ROWS } from '../../../shared/model/compare'
import { NewestQuestion } from '../../store/newest-question'
import { useSession } from '../../store/session-context'

/** Rows asked for above and below those in sight. */
const MARGIN_ROWS = 60

export interface CompareRows {
  /** What these rows are of. */
  readonly key: string
  readonly total: number
  readonly from: number
  readonly rows: readonly CompareRow[]
  readonly problem: WireError | null
}

const NOTHING: CompareRows = { key: '', total: 0, from: 0, rows: [], problem: null }

/** The rows around what is in sight. One question at a time; rows stay until others have come. */
export function useCompareRows(comparison: number, filter: string, first: number, end: number): CompareRows {
  const { live } = useSession()
  const [window, setWindow] = useState(NOTHING)
  const [questions] = useState(() => new NewestQuestion())
  const key = `${comparison} ${filter}`
  const isCovered =
    window.key === key &&
    first >= window.from &&
    end <= window.from + window.rows.length &&
    window.problem === null
  const from = Math.max(0, first - MARGIN_ROWS)
  const count = Math.min(MAX_COMPARE_ROWS, Math.max(160, end + MARGIN_ROWS - from))
  useEffect(() => {
    if (isCovered) return
    questions.ask(() => {
      return live.call('compare.rows', { comparison, filter, from, count }).then(
        ({ window: { total, rows } }) => setWindow({ key, total, from, rows, problem: null }),
        (error: unknown) => setWindow({ ...NOTHING, key, problem: toWireError(asConsoleError(error)) }),
      )
    })
  }, [live, questions, comparison, filter, key, from, count, isCovered])
  return window
}
