import type { JSX } from 'react'
import { Icon } from '../../ui/icons'
import { areaRows, areaSentence, areaTexts } from './area-texts'
import type { AreaTotals } from './area-types'

interface AreaCardProps {
  readonly totals: AreaTotals
  /** Side of the picture where the card stands. */
  readonly side: 'left' | 'right'
  readonly onZoom: () => void
  readonly onFilter: (() => void) | null
  readonly onClear: () => void
}

/** The sums of the selected span. */
export function AreaCard({ totals, side, onZoom, onFilter, onClear }: AreaCardProps): JSX.Element {
  return (
    <section className={`area-card scrolls on-${side}`} aria-label={areaTexts.label}>
      <header>
        <h3>{areaTexts.title(totals)}</h3>
        <button
          type="button"
          className="btn ghost sm sq"
          title={areaTexts.clear}
          aria-label={areaTexts.clear}
          onClick={onClear}
        >
          <Icon name="x" />
        </button>
      </header>
      <p className="sr-only" role="status">
        {areaSentence(totals)}
      </p>
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">
              <Icon name="arrowUp" small />
              {areaTexts.sent}
            </th>
            <th scope="col">
              <Icon name="arrowDown" small />
              {areaTexts.received}
            </th>
          </tr>
        </thead>
        <tbody>
          {areaRows(totals).map(([name, sent, received]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{sent}</td>
              <td>{received}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Priorities totals={totals} />
      {totals.mergedChunks > 0 && <p className="t3">{areaTexts.merged(totals.mergedChunks)}</p>}
      {totals.isCut && <p className="t3">{areaTexts.cut}</p>}
      <footer>
        <button type="button" className="btn sm" onClick={onZoom}>
          {areaTexts.zoom}
          <kbd>Z</kbd>
        </button>
        {onFilter !== null && (
          <button type="button" className="btn sm" onClick={onFilter}>
            {areaTexts.filter}
          </button>
        )}
      </footer>
    </section>
  )
}

function Priorities({ totals }: { readonly totals: AreaTotals }): JSX.Element {
  if (totals.priorities.length === 0) return <p className="t3">{areaTexts.noMessages}</p>
  return (
    <dl>
      {totals.priorities.map(({ priority, messages, payloadBytes }) => (
        <div key={priority}>
          <dt>
            <span className={priority === 0 ? 'prio p0' : 'prio'} aria-hidden="true">
              {priority}
            </span>
            {areaTexts.priority(priority)}
          </dt>
          <dd>{areaTexts.priorityFacts(messages, payloadBytes)}</dd>
        </div>
      ))}
    </dl>
  )
}
