import { useEffect, useState } from 'react'
import { asConsoleError, toWireError, type WireError } from '../../../shared/errors'
import type { RedactionPreview } from '../../../shared/model/exports'
import { useSession } from '../../store/session-context'

/** Typing that rests for so long is looked at. */
const REST_MS = 300

interface Told {
  readonly preview: RedactionPreview | null
  readonly problem: WireError | null
}

/** What rules would mask in a recording, counted again when they change; null while that is not known. */
export function useRedactionPreview(
  recording: string,
  rules: string | null,
): Told & { readonly isCounting: boolean } {
  const { live } = useSession()
  const key = JSON.stringify([recording, rules])
  const [told, setTold] = useState<Told & { readonly key: string }>({ key: '', preview: null, problem: null })
  useEffect(() => {
    if (rules === null) return
    let isOver = false
    const timer = setTimeout(() => {
      live.call('export.preview-redaction', { recording, rules }).then(
        ({ preview }) => {
          if (!isOver) setTold({ key, preview, problem: null })
        },
        (error: unknown) => {
          if (!isOver) setTold({ key, preview: null, problem: toWireError(asConsoleError(error)) })
        },
      )
    }, REST_MS)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [live, recording, rules, key])
  return { preview: told.preview, problem: told.problem, isCounting: told.key !== key }
}
