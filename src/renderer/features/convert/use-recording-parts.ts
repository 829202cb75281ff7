import { useEffect, useState } from 'react'
import { asConsoleError, toWireError, type WireError } from '../../../shared/errors'
import type { RecordingPart } from '../../../shared/model/library'
import { useSession } from '../../store/session-context'
import { useFeed } from '../../store/use-feed'

export interface RecordingParts {
  /** Null until they are known. */
  readonly parts: readonly RecordingPart[] | null
  readonly problem: WireError | null
}

/** The files of a recording, asked for again while the library still reads it. */
export function useRecordingParts(recording: string): RecordingParts {
  const { live } = useSession()
  const [parts, setParts] = useState<readonly RecordingPart[] | null>(null)
  const [problem, setProblem] = useState<WireError | null>(null)
  const { item } = useFeed('library', {})
  const version = item?.version ?? 0
  useEffect(() => {
    let isOver = false
    live.call('library.detail', { recording }).then(
      ({ detail }) => {
        if (isOver) return
        setParts(detail.parts)
        setProblem(null)
      },
      (error: unknown) => {
        if (!isOver) setProblem(toWireError(asConsoleError(error)))
      },
    )
    return () => {
      isOver = true
    }
  }, [live, recording, version])
  return { parts, problem }
}
