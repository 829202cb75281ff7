import type { JSX } from 'react'
import { useApp } from '../../../store/app-store'
import { formatClock } from '../../../ui/format'
import { listTexts as t } from './texts'
import { useOldestMessage } from './use-oldest-message'

/**
 * The filters hide every message: since when, and the two things to do about it.
 *
 * @param props.belowPx - Height of the rows that no filter hides.
 */
export function FilteredOut({ belowPx }: { readonly belowPx: number }): JSX.Element | null {
  const total = useApp((s) => s.listed.total)
  const isScanning = useApp((s) => s.listed.scan !== null)
  const startedAtMs = useApp((s) => s.startedAtMs)
  const oldestMs = useOldestMessage()
  const { hidingStopped, barModeChosen } = useApp.getState()
  const edit = (): void => {
    barModeChosen('filter')
    document.querySelector<HTMLElement>('[data-filter-field]')?.focus()
  }
  const since = oldestMs === null ? '' : formatClock(startedAtMs, oldestMs).slice(0, 8)
  if (isScanning) return null // the bar tells how far it has come
  return (
    <div className="empty list-empty" style={{ paddingTop: belowPx }}>
      <p role="status">{t.nothingMatches(total, since)}</p>
      <div className="list-empty-actions">
        <button type="button" className="btn" onClick={edit}>
          {t.editFilter}
        </button>
        <button type="button" className="btn" onClick={hidingStopped}>
          {t.dropFilter}
        </button>
      </div>
    </div>
  )
}
