import { useEffect, useMemo, useState } from 'react'
import type { DraftCheck } from '../../../shared/model/drafts'
import type { LinkStatus } from '../../../shared/model/views'
import { useApp } from '../../store/app-store'
import type { Draft } from '../../store/composer-slice'
import { messageOfDraft } from '../../store/draft-message'
import { useSession } from '../../store/session-context'

/** After the last letter. What the screen can tell by itself it tells at once. */
const PAUSE_MS = 120

/** What the core says of the draft: variables, files, sizes. Null until it has said it. */
export function useDraftCheck(draft: Draft, link: LinkStatus | undefined): DraftCheck | null {
  const { client } = useSession()
  const environment = useApp((s) => s.environment)
  const request = useMemo(
    () => ({
      draft: messageOfDraft(draft, 1000, link?.dialect === 'raw'),
      environment,
      link: link?.linkId ?? '',
    }),
    [draft, environment, link?.dialect, link?.linkId],
  )
  const [result, setResult] = useState<{ readonly of: unknown; readonly check: DraftCheck } | null>(null)
  useEffect(() => {
    let isOver = false
    const timer = setTimeout(() => {
      client.call('draft.check', request).then(
        (check) => {
          if (!isOver) setResult({ of: request, check })
        },
        () => undefined, // what cannot be checked is refused when it is sent, with its reason
      )
    }, PAUSE_MS)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [client, request])
  if (result === null) return null
  // an older answer still knows the variables; what it said of problems and size is no longer true
  return result.of === request ? result.check : { ...result.check, problems: [], bytes: null }
}
