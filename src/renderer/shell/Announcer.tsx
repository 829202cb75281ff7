import { type JSX, useEffect, useState } from 'react'
import { type AppState, useApp } from '../store/app-store'
import { stateWords } from '../store/link-words'
import { selectActiveLink } from '../store/links-slice'
import { endId } from '../store/view-slice'
import { texts } from '../ui/texts'

/** Not more often than this: a screen reader has to finish its sentence. */
const EVERY_MS = 2000

const selectState = (s: AppState): string => {
  const link = selectActiveLink(s)
  return link === undefined ? '' : stateWords(link)
}

/** Says what changed to people who do not see it: link states at once, messages summed up. */
export function Announcer(): JSX.Element {
  const state = useApp(selectState)
  const [summary, setSummary] = useState('')
  useEffect(() => {
    const counts = (): { end: number; faults: number } => {
      const { bounds, status } = useApp.getState()
      return { end: endId(bounds), faults: status?.faults ?? 0 }
    }
    let told = counts()
    const timer = setInterval(() => {
      const now = counts()
      const messages = Math.max(0, now.end - told.end)
      const faults = Math.max(0, now.faults - told.faults)
      told = now
      setSummary(messages === 0 && faults === 0 ? '' : texts.announce.messages(messages, faults))
    }, EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <div className="sr-only">
      <p aria-live="polite">{state}</p>
      <p aria-live="polite">{summary}</p>
    </div>
  )
}
