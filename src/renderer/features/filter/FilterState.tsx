import { type JSX, useState } from 'react'
import { useApp } from '../../store/app-store'
import { hidingFilter } from '../../store/filters'
import { useSession } from '../../store/session-context'
import { Icon } from '../../ui/icons'
import { filterTexts as t } from './texts'

/** How many messages match, how long that took, or how far it has come. */
export function FilterState(): JSX.Element | null {
  const session = useSession()
  const listed = useApp((s) => s.listed)
  const filters = useApp((s) => s.filters)
  const isFind = useApp((s) => s.barMode === 'find')
  const outcome = useApp((s) => s.findOutcome)
  const epoch = useApp((s) => s.listEpoch)
  const { hidingStopped } = useApp.getState()
  const [told, setTold] = useState({ epoch: -1, words: '' })
  const { shown, total, scan, scanMs, marked, unit } = listed
  const { rule, find } = filters

  const marks = session.rows.view.marks
  const mark = isFind ? find : rule.isOn && rule.mode !== 'hide' ? rule.filter : ''
  const markAt = mark === '' ? -1 : marks.indexOf(mark)
  const matches = markAt < 0 ? null : (marked[markAt] ?? 0)
  const isHiding = hidingFilter(filters) !== ''
  const words = isFind
    ? matches === null
      ? ''
      : t.found(matches)
    : matches !== null
      ? t.count(matches, shown)
      : isHiding
        ? unit === 'chunk'
          ? t.countChunks(shown, total)
          : t.count(shown, total)
        : ''
  // said once for each filter: while messages come the numbers never rest
  if (scan === null && told.epoch !== epoch) setTold({ epoch, words })

  if (scan !== null && (isHiding || mark !== '')) {
    return (
      <span className="filter-state">
        <span className="t2 tabular">{t.scanning(scan.done, scan.of)}</span>
        <span className="meter">
          <i className="fill" style={{ width: `${(scan.done / Math.max(1, scan.of)) * 100}%` }} />
        </span>
        <button
          type="button"
          className="btn ghost sm sq"
          title={t.cancelScan}
          aria-label={t.cancelScan}
          onClick={hidingStopped}
        >
          <Icon name="x" />
        </button>
      </span>
    )
  }
  return (
    <span className="filter-state">
      {isFind && outcome !== 'found' && (
        <span className="t3">{outcome === 'none' ? t.noMatch : t.wrapped}</span>
      )}
      <span className="t2 tabular">{words}</span>
      {words !== '' && (
        <span className="t3 tabular" title={t.tookHint}>
          {t.took(scanMs)}
        </span>
      )}
      <span className="sr-only" role="status">
        {isFind && outcome !== 'found' ? (outcome === 'none' ? t.noMatch : t.wrapped) : told.words}
      </span>
    </span>
  )
}
