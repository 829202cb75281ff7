import type { JSX } from 'react'
import type { Explanation, ExplanationLane } from '../../../shared/model/explanation'
import { formatBytes } from '../../ui/format'
import { revealLine } from '../../ui/visible-text'
import { lanePath, WIDTH } from './lane-path'
import { explainTexts as t } from './texts'

interface ExplainLanesProps {
  readonly explanation: Explanation
  /** The total as it stands in the heading. */
  readonly total: string
  readonly onSelect: (messageId: number) => void
}

const HEIGHT = 10

/** The message, its answer and who was in the way, on one small axis of time. */
export function ExplainLanes({ explanation, total, onSelect }: ExplainLanesProps): JSX.Element {
  const { lanes, fromMs, totalMs, wireBytes } = explanation
  return (
    <section className="sec">
      <h3>
        {t.lanes}
        <span className="r">{formatBytes(wireBytes)}</span>
      </h3>
      <ul className="ex-lanes" aria-label={t.lanes}>
        {lanes.map((lane) => (
          <li key={lane.messageId}>
            <button
              type="button"
              className={`ex-lane is-${lane.role}`}
              title={t.select(`#${lane.messageId}`)}
              onClick={() => onSelect(lane.messageId)}
            >
              <span className="ex-name ell">
                <span className="sw" data-hue={lane.hue} />
                <span className="ell">{nameOf(lane)}</span>
              </span>
              <svg
                className="ex-track"
                viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
                preserveAspectRatio="none"
                aria-hidden="true"
              >
                <path data-hue={lane.hue} d={lanePath(lane.spansMs, fromMs, totalMs, HEIGHT)} />
              </svg>
            </button>
          </li>
        ))}
      </ul>
      <div className="ex-axis t3" aria-hidden="true">
        <span>0</span>
        <span>{total}</span>
      </div>
    </section>
  )
}

const nameOf = ({ role, messageId, route }: ExplanationLane): string =>
  role === 'own'
    ? t.laneOwn
    : role === 'answer'
      ? `${t.laneAnswer} #${messageId}`
      : `#${messageId} ${revealLine(route)}`
