import { useEffect, useState } from 'react'
import type { WhatIfOrder, WhatIfRow } from '../../../shared/model/what-if'
import { NewestQuestion } from '../../store/newest-question'
import { useSession } from '../../store/session-context'

const MARGIN_ROWS = 60
const MAX_ROWS = 400

export interface WhatIfRows {
  readonly key: string
  readonly from: number
  readonly rows: readonly WhatIfRow[]
}

interface Asked {
  readonly run: number
  readonly order: WhatIfOrder
  readonly isDescending: boolean
}

/** The rows around what is in sight. One question at a time; rows stay until others have come. */
export function useWhatIfRows({ run, order, isDescending }: Asked, first: number, end: number): WhatIfRows {
  const { live } = useSession()
  const key = `${run} ${order} ${isDescending}`
  const [window, setWindow] = useState<WhatIfRows>({ key: '', from: 0, rows: [] })
  const [questions] = useState(() => new NewestQuestion())
  const isCovered = window.key === key && first >= window.from && end <= window.from + window.rows.length
  const from = Math.max(0, first - MARGIN_ROWS)
  const count = Math.min(MAX_ROWS, Math.max(160, end + MARGIN_ROWS - from))
  useEffect(() => {
    if (isCovered) return
    questions.ask(() => {
      return live.call('whatif.rows', { run, order, isDescending, from, count }).then(
        ({ rows }) => setWindow({ key, from, rows }),
        () => undefined, // another run takes its place
      )
    })
  }, [live, questions, run, order, isDescending, key, from, count, isCovered])
  return window
}
