import { type RefObject, useEffect, useRef, useState } from 'react'
import type { ContractClient } from '../../shared/contract/contract-client'
import type { LaneFeed } from './lane-feed'
import { LanesSession } from './lanes-session'
import { formatSpan, laneTexts } from './texts'
import type { AreaTotals } from './area/area-types'
import type { ByteRangeShape } from './byte-range/byte-range-types'
import type { AuxCard } from './aux/aux-types'
import type { LaneTwin } from './twin/twin-types'
import type { ChosenNote, ChunkCard, FromWorker, GutterLayout, LanePin, NotePlace } from './worker-protocol'

const NO_LAYOUT: GutterLayout = {
  lanes: [],
  contentHeight: 0,
  queuedBytes: 0,
  aux: [],
  auxHeight: 0,
  auxLeftOut: 0,
}

export interface SelectedArea {
  readonly totals: AreaTotals
  readonly isLeft: boolean
}

interface Callbacks {
  readonly onSelect: (messageId: number | null) => void
  readonly onFollowChange: (isFollowing: boolean) => void
  readonly onReveal: (top: number, height: number) => void
  readonly onPlace: (place: NotePlace) => void
  readonly onPin: (pin: LanePin) => void
  readonly onEnd: (of: 'notes' | 'aux') => void
}

interface LanesSessionState {
  readonly session: LanesSession | null
  readonly layout: GutterLayout
  readonly card: ChunkCard | null
  readonly auxCard: AuxCard | null
  readonly chosenNote: ChosenNote | null
  readonly twin: LaneTwin | null
  readonly area: SelectedArea | null
  readonly byteRange: ByteRangeShape | null
  readonly span: string
  readonly hasChunks: boolean
}

/** Runs the worker of the pane while it is mounted, and gives what it tells in a form React can show. */
export function useLanesSession(
  stage: RefObject<HTMLElement | null>,
  client: ContractClient,
  feed: LaneFeed,
  callbacks: Callbacks,
): LanesSessionState {
  const [session, setSession] = useState<LanesSession | null>(null)
  const [layout, setLayout] = useState(NO_LAYOUT)
  const [card, setCard] = useState<ChunkCard | null>(null)
  const [auxCard, setAuxCard] = useState<AuxCard | null>(null)
  const [chosenNote, setChosenNote] = useState<ChosenNote | null>(null)
  const [twin, setTwin] = useState<LaneTwin | null>(null)
  const [area, setArea] = useState<SelectedArea | null>(null)
  const [byteRange, setByteRange] = useState<ByteRangeShape | null>(null)
  const [span, setSpan] = useState('')
  const [hasChunks, setHasChunks] = useState(false)
  const latest = useRef(callbacks)
  useEffect(() => {
    latest.current = callbacks
  })

  useEffect(() => {
    const element = stage.current
    if (element === null || !canDrawInWorker()) return
    const receive = (message: FromWorker): void => {
      switch (message.type) {
        case 'layout':
          setLayout(message.layout)
          return
        case 'view':
          feed.rangeChanged(message)
          setSpan(
            message.chunks === null
              ? formatSpan(message.toMs - message.fromMs)
              : laneTexts.chunksVisible(message.chunks),
          )
          setHasChunks(message.hasChunks)
          return
        case 'card':
          setCard(message.card)
          return
        case 'area':
          setArea(message.totals === null ? null : { totals: message.totals, isLeft: message.isLeft })
          return
        case 'byte-range':
          setByteRange(message.shape)
          return
        case 'aux-card':
          setAuxCard(message.card)
          return
        case 'note-chosen':
          setChosenNote(message.chosen)
          return
        case 'twin':
          setTwin(message.twin)
          return
        case 'place':
          latest.current.onPlace(message.place)
          return
        case 'at-end':
          latest.current.onEnd(message.of)
          return
        case 'pin':
          latest.current.onPin(message.pin)
          return
        case 'picked':
          latest.current.onSelect(message.messageId)
          return
        case 'reveal':
          latest.current.onReveal(message.top, message.height)
          return
        case 'follow-changed':
          latest.current.onFollowChange(message.isFollowing)
          return
        case 'drawn':
          element.dataset['frames'] = String(message.frames)
          element.dataset['drawMs'] = message.lastDrawMs.toFixed(2)
      }
    }
    const made = new LanesSession(element, client, {
      onMessage: receive,
      onNews: (gaps, isReset) => feed.captured(gaps, isReset),
      onEnded: () => undefined, // the shell tells of a lost core; the picture stays as it is
    })
    setSession(made)
    return () => {
      setSession(null)
      made.dispose()
    }
  }, [stage, client, feed])

  return { session, layout, card, auxCard, chosenNote, twin, area, byteRange, span, hasChunks }
}

export const canDrawInWorker = (): boolean =>
  typeof OffscreenCanvas === 'function' && 'transferControlToOffscreen' in HTMLCanvasElement.prototype
