import { useEffect, useState } from 'react'
import { useApp } from './app-store'
import { sessionNowMs } from './links-slice'

/** The session clock, read every `everyMs` while `isRunning`: for waits that are counted on screen. */
export function useSessionNow(everyMs: number, isRunning: boolean): number {
  const [nowMs, setNowMs] = useState(() => sessionNowMs(useApp.getState(), performance.now()))
  useEffect(() => {
    if (!isRunning) return
    const read = (): void => setNowMs(sessionNowMs(useApp.getState(), performance.now()))
    const first = requestAnimationFrame(read)
    const timer = setInterval(read, everyMs)
    return () => {
      cancelAnimationFrame(first)
      clearInterval(timer)
    }
  }, [everyMs, isRunning])
  return nowMs
}
