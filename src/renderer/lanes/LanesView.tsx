import { type JSX, type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { ContractClient } from '../../shared/contract/contract-client'
import { AreaCard } from './area/AreaCard'
import './area/area.css'
import { ByteRangePanel } from './byte-range/ByteRangePanel'
import { cardRows, ChunkCardView, placeOf } from './ChunkCardView'
import { LaneFeed } from './lane-feed'
import { LaneGutter } from './LaneGutter'
import { LanesHead } from './LanesHead'
import './lanes.css'
import { actionOfKey, DOUBLE_PRESS_MS } from './lanes-keys'
import { hiddenLanes } from './hidden-lanes'
import { OverviewStrip } from './OverviewStrip'
import { paneGeometry } from './pane-geometry'
import { laneTexts } from './texts'
import { useLanesPointer } from './use-lanes-pointer'
import { canDrawInWorker, useLanesSession } from './use-lanes-session'
import type { AxisKind, ChunkCard, ColourMode, MarkRule } from './worker-protocol'

export interface LanesViewProps {
  readonly client: ContractClient
  readonly theme: 'dark' | 'light' | 'contrast'
  /** Freezes the picture; chunks are still taken. */
  readonly isPaused: boolean
  readonly isFollowing: boolean
  /** False while another page covers the lanes: nothing is drawn then. */
  readonly isShown: boolean
  readonly selectedMessageId: number | null
  /** What to call a link in the gutter when several have lanes. */
  readonly linkTitle?: (linkId: number) => string
  readonly onSelect: (messageId: number | null) => void
  readonly onFollowChange: (isFollowing: boolean) => void
  /** Filters, and what they do here: at most `MAX_MARKS`, all of them valid. */
  readonly marks?: readonly LaneMark[]
  /** The person wants to see only this span of session time, in milliseconds. */
  readonly onArea?: (fromMs: number, toMs: number) => void
}

/** One filter and its effect on the lanes. */
export interface LaneMark extends MarkRule {
  readonly filter: string
}

const NO_MARKS: readonly LaneMark[] = []

const NEXT_MODE: Readonly<Record<ColourMode, ColourMode>> = {
  stream: 'priority',
  priority: 'type',
  type: 'stream',
}

/** The chunk lanes: what was on the line, when, and what had to wait. Fills its container. */
export function LanesView(props: LanesViewProps): JSX.Element {
  const { client, theme, isPaused, isFollowing, isShown, selectedMessageId, onSelect, onFollowChange } = props
  const { linkTitle = laneTexts.link, marks = NO_MARKS, onArea } = props
  const stage = useRef<HTMLDivElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const pointerX = useRef<number | null>(null)
  const [feed] = useState(() => new LaneFeed())
  const [mode, setMode] = useState<ColourMode>('stream')
  const [axis, setAxis] = useState<AxisKind>('time')
  const [hasByteRanges, setHasByteRanges] = useState(false)
  const [scrollTop, setScrollTop] = useState(0)
  const focusPressedMs = useRef(-Infinity)
  const [size, setSize] = useState({ width: 0, height: 0 })

  const { session, layout, card, area, byteRange, span, hasChunks } = useLanesSession(stage, client, feed, {
    onSelect,
    onFollowChange,
    onReveal: (top, height) => revealIn(scroller.current, top, height),
  })
  useLanesPointer(session, { stage, scroller, pointerX })

  useEffect(() => {
    const element = stage.current
    if (element === null) return
    const sizes = new ResizeObserver(() =>
      setSize({ width: element.clientWidth, height: element.clientHeight }),
    )
    sizes.observe(element)
    return () => sizes.disconnect()
  }, [])

  useEffect(() => session?.send({ type: 'colour-mode', mode }), [session, mode])
  useEffect(() => session?.send({ type: 'axis', kind: axis }), [session, axis])
  useEffect(() => {
    const rules = marks.map(({ effect, hue }) => ({ effect, hue }))
    session?.send({ type: 'marks', rules })
  }, [session, marks])
  const filters = JSON.stringify(marks.map(({ filter }) => filter))
  // another effect of the same filters needs no other messages
  useEffect(() => session?.watch(JSON.parse(filters) as string[]), [session, filters])
  useEffect(() => session?.send({ type: 'byte-range', isOpen: hasByteRanges }), [session, hasByteRanges])
  useEffect(() => {
    session?.send({ type: 'shown', isShown })
    feed.shown(isShown)
  }, [session, feed, isShown])
  useEffect(() => session?.send({ type: 'paused', isPaused }), [session, isPaused])
  useEffect(() => session?.send({ type: 'following', isFollowing }), [session, isFollowing])
  useEffect(
    () => session?.send({ type: 'select', messageId: selectedMessageId }),
    [session, selectedMessageId],
  )
  useEffect(() => {
    // the attribute that selects the colours may be written after this effect
    const id = requestAnimationFrame(() => session?.recolour())
    return () => cancelAnimationFrame(id)
  }, [session, theme])

  const toggleByteRanges = useCallback(() => setHasByteRanges((was) => !was), [])
  const follow = useCallback(() => {
    session?.send({ type: 'following', isFollowing: true })
    onFollowChange(true)
  }, [session, onFollowChange])

  const label = laneTexts.canvas(layout.lanes.length, span, isFollowing && !isPaused)
  useEffect(() => session?.describe(label), [session, label])

  const pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || session === null) return
    const action = actionOfKey({ key: event.key, isShift: event.shiftKey }, pointerX.current)
    if (action === null) return
    event.preventDefault()
    event.stopPropagation()
    switch (action.kind) {
      case 'send':
        session.send(action.message)
        return
      case 'follow':
        follow()
        return
      case 'colour-mode':
        setMode((current) => NEXT_MODE[current])
        return
      case 'axis':
        setAxis((current) => (current === 'time' ? 'ordinal' : 'time'))
        return
      case 'byte-range':
        setHasByteRanges((was) => !was)
        return
      case 'focus': {
        const isSecond = event.timeStamp - focusPressedMs.current < DOUBLE_PRESS_MS
        focusPressedMs.current = isSecond ? -Infinity : event.timeStamp
        session.send({ type: isSecond ? 'fit-selection' : 'centre-selection' })
        return
      }
      case 'scroll':
        scroller.current?.scrollBy({ top: action.rows * 22 })
        return
      case 'clear':
        if (area === null) onSelect(null)
        else session.send({ type: 'area-clear' })
    }
  }

  const scrolled = useCallback(
    (top: number) => {
      setScrollTop(top)
      session?.send({ type: 'scroll', top })
    },
    [session],
  )
  const geometry = paneGeometry(size.height)
  const hasAux = geometry.auxTop !== null
  const hidden = useMemo(
    () => hiddenLanes(layout.lanes, scrollTop, geometry.lanesBottom - geometry.lanesTop),
    [layout, scrollTop, geometry.lanesBottom, geometry.lanesTop],
  )
  const isCardShown = card !== null && size.width > 0
  return (
    <section className="pane lanes-pane" aria-label={laneTexts.pane} data-pane="lanes">
      <LanesHead
        span={span}
        mode={mode}
        axis={axis}
        hasByteRanges={hasByteRanges}
        isFollowing={isFollowing}
        onMode={setMode}
        onAxis={setAxis}
        onByteRanges={toggleByteRanges}
        onFollow={follow}
      />
      <OverviewStrip
        client={client}
        feed={feed}
        theme={theme}
        onRange={({ fromMs, toMs }) => session?.send({ type: 'range', fromMs, toMs })}
      />
      <div className={hasByteRanges ? 'lanes-body has-byte-range' : 'lanes-body'}>
        <LaneGutter
          layout={layout}
          mode={mode}
          hasAux={hasAux}
          hidden={hidden}
          scroller={scroller}
          linkTitle={linkTitle}
          onScroll={scrolled}
        />
        <div className="lanes-stage" ref={stage} onKeyDown={pressed}>
          {!hasChunks && (
            <p className="lanes-empty t3">{canDrawInWorker() ? laneTexts.empty : laneTexts.unsupported}</p>
          )}
          {isCardShown && <ChunkCardView card={card} width={size.width} height={size.height} />}
          <p className="sr-only" role="status">
            {card?.isStepped === true ? steppedSentence(card) : ''}
          </p>
          {area !== null && (
            <AreaCard
              totals={area.totals}
              side={area.isLeft ? 'right' : 'left'}
              onZoom={() => session?.send({ type: 'fit-area' })}
              onFilter={onArea === undefined ? null : () => onArea(area.totals.fromMs, area.totals.toMs)}
              onClear={() => {
                session?.send({ type: 'area-clear' })
                session?.canvas.focus()
              }}
            />
          )}
        </div>
        {hasByteRanges && (
          <ByteRangePanel
            shape={byteRange}
            hasSelection={selectedMessageId !== null}
            theme={theme}
            onClose={() => {
              setHasByteRanges(false)
              session?.canvas.focus()
            }}
          />
        )}
      </div>
    </section>
  )
}

/** What a screen reader hears when the keys lead to another chunk. */
const steppedSentence = (card: ChunkCard): string =>
  laneTexts.card.stepped(
    card.messageId === 0 ? laneTexts.card.line : `#${card.messageId} ${card.title}`,
    placeOf(card),
    cardRows(card).map(([name, value]) => `${name} ${value}`),
  )

function revealIn(scroller: HTMLElement | null, top: number, height: number): void {
  if (scroller === null) return
  const { scrollTop, clientHeight } = scroller
  if (top < scrollTop) scroller.scrollTop = top
  else if (top + height > scrollTop + clientHeight) scroller.scrollTop = top + height - clientHeight
}
