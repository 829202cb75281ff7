import type { JSX } from 'react'
import type { AuxCard } from './aux-types'

const CARD_WIDTH = 224
const MARGIN = 8

interface AuxCardViewProps {
  readonly card: AuxCard
  /** Size of the stage, CSS pixels. */
  readonly width: number
  readonly height: number
}

/** What happened at one place of the lanes below those of the messages. Stands above it; below, for what is on the axis. */
export function AuxCardView({ card, width, height }: AuxCardViewProps): JSX.Element {
  const left = Math.max(MARGIN, Math.min(card.x + MARGIN, width - CARD_WIDTH - MARGIN))
  const place = card.y < 0 ? { top: 28 } : { bottom: Math.max(MARGIN, height - card.y + 4) }
  return (
    <div className="lanes-card" style={{ left, width: CARD_WIDTH, ...place }}>
      <h3>
        <span className={card.isBad ? 'lanes-name err' : 'lanes-name'}>{card.title}</span>
      </h3>
      <dl>
        {card.rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
