import { useEffect, useState } from 'react'
import { asConsoleError, toWireError } from '../../../shared/errors'
import type { WhatIfSettings, WhatIfState, WhatIfSummary } from '../../../shared/model/what-if'
import { useSession } from '../../store/session-context'

/** A person who turns a knob has not finished with the first step. */
const SETTLE_MS = 250

export interface WhatIfRun {
  /** Of the last run that came to its end; what is shown stays until another one is there. */
  readonly done: { readonly run: number; readonly summary: WhatIfSummary } | null
  readonly state: WhatIfState | null
}

const NOTHING: WhatIfRun = { done: null, state: null }

/**
 * Tries settings while somebody looks at them. Another run begins when they have been left alone for a moment; the one
 * before is stopped.
 *
 * @param attempt - Another number tries again.
 */
export function useWhatIfRun(recording: string, settings: WhatIfSettings, attempt: number): WhatIfRun {
  const { live } = useSession()
  const [held, setHeld] = useState<WhatIfRun & { readonly recording: string }>({ recording, ...NOTHING })
  const key = JSON.stringify(settings)
  useEffect(() => {
    let isOver = false
    let run: number | null = null
    let stopFeed: (() => void) | null = null
    const took = (state: WhatIfState, number: number): void => {
      setHeld((before) => ({
        recording,
        state,
        done:
          state.state === 'done'
            ? { run: number, summary: state.summary }
            : before.recording === recording
              ? before.done
              : null,
      }))
    }
    const failed = (error: unknown): void => {
      if (!isOver) took({ state: 'failed', ...toWireError(asConsoleError(error)) }, 0)
    }
    const stop = (number: number): void =>
      void live.call('whatif.stop', { run: number }).catch(() => undefined)
    const begin = (): void => {
      live
        .call('whatif.run', { recording, settings: JSON.parse(key) as WhatIfSettings })
        .then((begun) => {
          run = begun.run
          if (isOver) stop(begun.run)
          else
            stopFeed = live.subscribe('whatif', { run: begun.run }, (state) => took(state, begun.run), failed)
        })
        .catch(failed)
    }
    const timer = setTimeout(begin, SETTLE_MS)
    return () => {
      isOver = true
      clearTimeout(timer)
      stopFeed?.()
      if (run !== null) stop(run)
    }
  }, [live, recording, key, attempt])
  return held.recording === recording ? held : NOTHING
}
