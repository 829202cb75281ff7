import { useEffect, useState } from 'react'
import { asConsoleError, toWireError, type WireError } from '../../../shared/errors'
import { type CompareState, DEFAULT_SHIFT_MS } from '../../../shared/model/compare'
import type { ComparedPair } from '../../store/compare-slice'
import { useSession } from '../../store/session-context'
import { fieldsIn } from './compare-words'

export interface ComparisonView {
  /** Null until the core has begun. */
  readonly state: CompareState | null
  readonly problem: WireError | null
}

interface Held extends ComparisonView {
  readonly key: string
}

const NOTHING: ComparisonView = { state: null, problem: null }

/**
 * Compares a pair while somebody looks at it, and ends it afterwards.
 *
 * @param attempt - Another number begins anew.
 */
export function useComparison(pair: ComparedPair, ignored: string, attempt: number): ComparisonView {
  const { live } = useSession()
  const { a, b } = pair
  const key = JSON.stringify([a, b, ignored, attempt])
  const [held, setHeld] = useState<Held>({ key: '', ...NOTHING })
  useEffect(() => {
    let isOver = false
    let comparison: number | null = null
    let stop: (() => void) | null = null
    const failed = (error: unknown): void => {
      if (!isOver) setHeld({ key, state: null, problem: toWireError(asConsoleError(error)) })
    }
    const end = (number: number): void => {
      live.call('compare.close', { comparison: number }).catch(() => undefined)
    }
    live
      .call('compare.open', { a, b, ignore: fieldsIn(ignored), shiftMs: DEFAULT_SHIFT_MS })
      .then((opened) => {
        comparison = opened.comparison
        if (isOver) {
          end(comparison)
          return
        }
        stop = live.subscribe(
          'compare',
          { comparison },
          (state) => setHeld({ key, state, problem: null }),
          failed,
        )
      })
      .catch(failed)
    return () => {
      isOver = true
      stop?.()
      if (comparison !== null) end(comparison)
    }
  }, [live, a, b, ignored, key])
  return held.key === key ? held : NOTHING
}
