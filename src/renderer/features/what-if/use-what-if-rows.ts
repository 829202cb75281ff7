import { useEffect, useRef, useState } from 'react'
import type { WhatIfOrder, WhatIfRow } from '../../../shared/model/what-if'
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
  const asking = useRef<{ isBusy: boolean; next: (() => void) | null }>({ isBusy: false, next: null })
  const isCovered = window.key === key && first >= window.from && end <= window.from + window.rows.length
  const from = Math.max(0, first - MARGIN_ROWS)
  const count = Math.min(MAX_ROWS, Math.max(160, end + MARGIN_ROWS - from))
  useEffect(() => {
    if (isCovered) return
    const state = asking.current
    const ask = (): void => {
      state.isBusy = true
      live
        .call('whatif.rows', { run, order, isDescending, from, count })
        .then(
          ({ rows }) => setWindow({ key, from, rows }),
          () => undefined, // another run takes its place
        )
        .finally(() => {
          state.isBusy = false
          const { next } = state
          state.next = null
          next?.()
        })
    }
    if (state.isBusy) state.next = ask
    else ask()
  }, [live, run, order, isDescending, key, from, count, isCovered])
  return window
}
