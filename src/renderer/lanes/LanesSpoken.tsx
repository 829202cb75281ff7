import type { JSX } from 'react'
import { auxTexts } from './aux/aux-texts'
import type { AuxCard } from './aux/aux-types'
import { cardRows, placeOf } from './ChunkCardView'
import { laneTexts } from './texts'
import type { ChunkCard } from './worker-protocol'

/** What a screen reader hears of the lanes: each line is told whenever it changes. */
export function LanesSpoken({ lines }: { readonly lines: readonly string[] }): JSX.Element {
  return (
    <>
      {lines.map((line, index) => (
        <p key={index} className="sr-only" role="status">
          {line}
        </p>
      ))}
    </>
  )
}

/** When the keys lead to another chunk. */
export const steppedSentence = (card: ChunkCard): string =>
  laneTexts.card.stepped(
    card.messageId === 0 ? laneTexts.card.line : `#${card.messageId} ${card.title}`,
    placeOf(card),
    cardRows(card).map(([name, value]) => `${name} ${value}`),
  )

/** When the keys lead to a moment in one of the lanes below. */
export const auxSentence = (card: AuxCard): string => auxTexts.sentence(card.lane, card)
