import type { JSX } from 'react'
import { laneTexts } from './texts'
import type { ChunkCard } from './worker-protocol'

const CARD_WIDTH = 208
const MARGIN = 8

interface ChunkCardViewProps {
  readonly card: ChunkCard
  /** Size of the stage, CSS pixels: the card stays inside. */
  readonly width: number
  readonly height: number
}

/** Numbers of the chunk below the pointer. */
export function ChunkCardView({ card, width, height }: ChunkCardViewProps): JSX.Element {
  const words = laneTexts.card
  const rows = cardRows(card)
  const cardHeight = 36 + rows.length * 18
  const left = Math.max(MARGIN, Math.min(card.x, width - CARD_WIDTH - MARGIN))
  const isBelow = card.y + MARGIN + cardHeight <= height
  const top = isBelow ? card.y + MARGIN : Math.max(MARGIN, card.y - cardHeight - 12 - MARGIN)
  return (
    <div className="lanes-card" style={{ left, top, width: CARD_WIDTH }}>
      <h3>
        <span
          className="sw"
          style={{ background: `var(${card.hue === 0 ? '--text-3' : `--stream-${card.hue}`})` }}
        />
        <span className="lanes-name">
          {card.messageId === 0 ? words.line : `#${card.messageId} ${card.title}`}
        </span>
        <span className={card.isFault ? 'err' : 't3'}>{placeOf(card)}</span>
      </h3>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

/** Which chunk of how many, or what is special about it. */
export function placeOf(card: ChunkCard): string {
  const words = laneTexts.card
  if (card.isFault) return words.fault
  if (card.count > 1) return words.several(card.count)
  if (card.isRepeat) return words.repeated
  return card.isControl ? words.control : words.chunk(card.ordinal, card.total)
}

/** Name and value of every fact of the card. */
export function cardRows(card: ChunkCard): readonly (readonly [string, string])[] {
  const words = laneTexts.card
  const isOne = card.count <= 1
  return [
    ...(isOne && !card.isControl ? [[words.offset, words.bytes(card.bodyOffset)] as const] : []),
    [words.size, words.sizes(card.payloadBytes, card.overheadBytes)],
    [words.onTheWire, words.duration(card.wireMs)],
    ...(card.gapMs === null ? [] : [[words.gapBefore, words.duration(card.gapMs)] as const]),
    ...(card.queuedMs === null || !Number.isFinite(card.queuedMs)
      ? []
      : [[words.queued, words.duration(card.queuedMs)] as const]),
  ]
}
