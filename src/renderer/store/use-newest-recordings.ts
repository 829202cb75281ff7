import { useEffect, useState } from 'react'
import { asConsoleError, toWireError } from '../../shared/errors'
import { MAX_LIBRARY_WINDOW } from '../../shared/model/library'
import { useSession } from './session-context'

export interface NewestRecordings {
  /** Recordings that are ended, the newest first; null before they have come. */
  readonly names: readonly string[] | null
  /** Why they cannot be listed, with what helps; empty while all is well. */
  readonly problem: string
}

/** The newest recordings of the library, followed while they come and go. */
export function useNewestRecordings(): NewestRecordings {
  const { live } = useSession()
  const [newest, setNewest] = useState<NewestRecordings>({ names: null, problem: '' })
  useEffect(() => {
    let isOver = false
    const request = {
      query: '',
      order: 'started',
      isDescending: true,
      from: 0,
      count: MAX_LIBRARY_WINDOW,
    } as const
    const ask = (): void => {
      live.call('library.list', request).then(
        ({ rows }) => {
          const ended = rows.filter(({ state }) => state !== 'writing')
          if (!isOver) setNewest({ names: ended.map(({ recording }) => recording), problem: '' })
        },
        (error: unknown) => {
          const { message, remedy } = toWireError(asConsoleError(error))
          if (!isOver) setNewest({ names: null, problem: `${message}. ${remedy}` })
        },
      )
    }
    const stop = live.subscribe('library', {}, ask, () => undefined)
    ask()
    return () => {
      isOver = true
      stop()
    }
  }, [live])
  return newest
}
