import { useCallback, useRef } from 'react'
import type { HistoryEntry } from '../../../shared/model/drafts'
import { useApp } from '../../store/app-store'
import { EMPTY_COMPOSER_DRAFT } from '../../store/composer-slice'
import { draftOfMessage } from '../../store/draft-message'
import { useSession } from '../../store/session-context'

const MOST = 100

interface Walk {
  readonly entries: readonly HistoryEntry[]
  readonly at: number
  /** The body that the walk put into the field: another one ends the walk. */
  readonly body: string
}

/** ↑ in an empty field brings back what was sent last, then what was sent before; ↓ goes the other way, to an empty field. */
export function useHistoryKeys(): (event: KeyboardEvent) => boolean {
  const { client } = useSession()
  const walk = useRef<Walk | null>(null)
  /** Presses of ↑ while what was sent is being asked for. */
  const asking = useRef<{ presses: number } | null>(null)
  return useCallback(
    (event) => {
      if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return false
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false
      const { body } = useApp.getState().draft
      const current = walk.current
      const isWalking = current !== null && current.body === body
      if (!isWalking && (body !== '' || event.key === 'ArrowDown')) return false
      const step = event.key === 'ArrowUp' ? 1 : -1
      if (isWalking) show(current.entries, current.at + step)
      else if (asking.current !== null) asking.current.presses += 1
      else begin()
      return true

      function begin(): void {
        const asked = { presses: 1 }
        asking.current = asked
        void client
          .call('history.list', { query: '', limit: MOST })
          .then(
            ({ entries }) => {
              if (entries.length > 0) show(entries, Math.min(asked.presses, entries.length) - 1)
            },
            () => undefined, // the core is gone: the whole screen says so
          )
          .finally(() => {
            asking.current = null
          })
      }

      function show(entries: readonly HistoryEntry[], at: number): void {
        const { draftOpened, draft } = useApp.getState()
        if (at >= entries.length) return
        const entry = entries[at]
        const next =
          entry === undefined ? { ...EMPTY_COMPOSER_DRAFT, route: draft.route } : draftOfMessage(entry.draft)
        walk.current = entry === undefined ? null : { entries, at, body: next.body }
        draftOpened(next, entry === undefined || entry.name === '' ? null : entry.name)
      }
    },
    [client],
  )
}
