import { type JSX, useEffect, useState } from 'react'
import { type AppState, useApp } from '../store/app-store'
import { stateWords } from '../store/link-words'
import { selectActiveLink } from '../store/links-slice'
import { endId } from '../store/view-slice'
import { texts } from '../ui/texts'

/** Not more often than this: a screen reader has to finish its sentence. */
const EVERY_MS = 2000

const linkState = (s: AppState): string => {
  const link = selectActiveLink(s)
  return link === undefined ? '' : stateWords(link)
}

/** Says what changed to people who do not see it, summed up: the state of the link, how many messages, how many faults. */
export function Announcer(): JSX.Element {
  const [said, setSaid] = useState('')
  useEffect(() => {
    const facts = (): { end: number; faults: number; state: string } => {
      const s = useApp.getState()
      return { end: endId(s.bounds), faults: s.status?.faults ?? 0, state: linkState(s) }
    }
    let told = { ...facts(), state: '' }
    const timer = setInterval(() => {
      const now = facts()
      const messages = Math.max(0, now.end - told.end)
      const faults = Math.max(0, now.faults - told.faults)
      const parts = [
        messages === 0 && faults === 0 ? '' : texts.announce.messages(messages, faults),
        now.state === told.state ? '' : now.state,
      ]
      told = now
      setSaid(parts.filter((part) => part !== '').join('. '))
    }, EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <p className="sr-only" aria-live="polite" data-announcer="">
      {said}
    </p>
  )
}
