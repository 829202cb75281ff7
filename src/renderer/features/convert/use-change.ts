import { useEffect, useState } from 'react'
import { asConsoleError, toWireError, type WireError } from '../../../shared/errors'
import type { Conversion } from '../../../shared/model/exports'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { useFeed } from '../../store/use-feed'

export interface Change {
  /** Null until it was begun. */
  readonly id: number | null
  readonly conversion: Conversion | null
  readonly isRunning: boolean
  /** Why it could not begin. */
  readonly problem: WireError | null
  readonly begin: (asked: Promise<{ readonly id: number }>) => void
  readonly cancel: () => void
  /** Back to the choices. */
  readonly again: () => void
}

/** A recording that is made of another: begun, told of, stopped. In the library the new one is chosen when it is there. */
export function useChange(): Change {
  const { live } = useSession()
  const [id, setId] = useState<number | null>(null)
  const [isAsked, setIsAsked] = useState(false)
  const [problem, setProblem] = useState<WireError | null>(null)
  const { item } = useFeed('exports', id === null ? null : {})
  const conversion = item?.conversions.find((each) => each.id === id) ?? null
  const made = conversion?.state === 'done' ? conversion.recording : ''
  useEffect(() => {
    if (made !== '' && isInLibrary()) useApp.getState().recordingWished(made)
  }, [made])
  const begin = (asked: Promise<{ readonly id: number }>): void => {
    setProblem(null)
    setIsAsked(true)
    asked
      .then(
        (reply) => setId(reply.id),
        (error: unknown) => setProblem(toWireError(asConsoleError(error))),
      )
      .finally(() => setIsAsked(false))
  }
  return {
    id,
    conversion,
    isRunning: isAsked || (id !== null && (conversion === null || conversion.state === 'running')),
    problem,
    begin,
    cancel: () => {
      if (id !== null) live.call('export.cancel', { id }).catch(() => undefined) // it has just ended
    },
    again: () => setId(null),
  }
}

function isInLibrary(): boolean {
  const { page, recordingsTab } = useApp.getState()
  return page === 'recordings' && recordingsTab === 'library'
}
