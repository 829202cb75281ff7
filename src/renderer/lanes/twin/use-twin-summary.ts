import { useEffect, useRef, useState } from 'react'
import type { LaneTwin } from './twin-types'
import { twinTexts } from './twin-texts'

/** A screen reader that is told more often never comes to an end. */
const SAY_MS = 4000

/** One sentence about what is in view, which changes slowly enough to be read out. */
export function useTwinSummary(twin: LaneTwin | null, span: string, isFollowing: boolean): string {
  const [said, setSaid] = useState('')
  const saidMs = useRef(-Infinity)
  const summary = twin === null ? '' : twinTexts.summary(twin, span, isFollowing)
  useEffect(() => {
    const waitMs = Math.max(0, saidMs.current + SAY_MS - performance.now())
    const timer = setTimeout(() => {
      saidMs.current = performance.now()
      setSaid(summary)
    }, waitMs)
    return () => clearTimeout(timer)
  }, [summary])
  return said
}
