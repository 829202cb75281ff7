import { type JSX, type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react'
import type { ContractClient } from '../../shared/contract/contract-client'
import { ChunkCardView } from './ChunkCardView'
import { LaneFeed } from './lane-feed'
import { LaneGutter } from './LaneGutter'
import { LanesHead } from './LanesHead'
import './lanes.css'
import { actionOfKey } from './lanes-keys'
import { OverviewStrip } from './OverviewStrip'
import { paneGeometry } from './pane-geometry'
import { laneTexts } from './texts'
import { useLanesPointer } from './use-lanes-pointer'
import { canDrawInWorker, useLanesSession } from './use-lanes-session'
import type { ColourMode } from './worker-protocol'

export interface LanesViewProps {
  readonly client: ContractClient
  readonly theme: 'dark' | 'light' | 'contrast'
  /** Freezes the picture; chunks are still taken. */
  readonly isPaused: boolean
  readonly isFollowing: boolean
  readonly selectedMessageId: number | null
  /** What to call a link in the gutter when several have lanes. */
  readonly linkTitle?: (linkId: number) => string
  readonly onSelect: (messageId: number | null) => void
  readonly onFollowChange: (isFollowing: boolean) => void
}

const NEXT_MODE: Readonly<Record<ColourMode, ColourMode>> = {
  stream: 'priority',
  priority: 'type',
  type: 'stream',
}

/** The chunk lanes: what was on the line, when, and what had to wait. Fills its container. */
export function LanesView(props: LanesViewProps): JSX.Element {
  const { client, theme, isPaused, isFollowing, selectedMessageId, onSelect, onFollowChange } = props
  const { linkTitle = laneTexts.link } = props
  const stage = useRef<HTMLDivElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const pointerX = useRef<number | null>(null)
  const [feed] = useState(() => new LaneFeed())
  const [mode, setMode] = useState<ColourMode>('stream')
  const [size, setSize] = useState({ width: 0, height: 0 })

  const { session, layout, card, span, hasChunks } = useLanesSession(stage, client, feed, {
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

  const follow = useCallback(() => {
    session?.send({ type: 'following', isFollowing: true })
    onFollowChange(true)
  }, [session, onFollowChange])

  const label = laneTexts.canvas(layout.lanes.length, span, isFollowing && !isPaused)
  useEffect(() => session?.describe(label), [session, label])

  const pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || session === null) return
    const action = actionOfKey(event.key, pointerX.current)
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
      case 'scroll':
        scroller.current?.scrollBy({ top: action.rows * 22 })
        return
      case 'deselect':
        onSelect(null)
    }
  }

  const scrolled = useCallback((top: number) => session?.send({ type: 'scroll', top }), [session])
  const hasAux = paneGeometry(size.height).auxTop !== null
  const isCardShown = card !== null && size.width > 0
  return (
    <section className="pane lanes-pane" aria-label={laneTexts.pane} data-pane="lanes">
      <LanesHead span={span} mode={mode} isFollowing={isFollowing} onMode={setMode} onFollow={follow} />
      <OverviewStrip
        client={client}
        feed={feed}
        theme={theme}
        onRange={({ fromMs, toMs }) => session?.send({ type: 'range', fromMs, toMs })}
      />
      <div className="lanes-body">
        <LaneGutter
          layout={layout}
          mode={mode}
          hasAux={hasAux}
          scroller={scroller}
          linkTitle={linkTitle}
          onScroll={scrolled}
        />
        <div className="lanes-stage" ref={stage} onKeyDown={pressed}>
          {!hasChunks && (
            <p className="lanes-empty t3">{canDrawInWorker() ? laneTexts.empty : laneTexts.unsupported}</p>
          )}
          {isCardShown && <ChunkCardView card={card} width={size.width} height={size.height} />}
        </div>
      </div>
    </section>
  )
}

function revealIn(scroller: HTMLElement | null, top: number, height: number): void {
  if (scroller === null) return
  const { scrollTop, clientHeight } = scroller
  if (top < scrollTop) scroller.scrollTop = top
  else if (top + height > scrollTop + clientHeight) scroller.scrollTop = top + height - clientHeight
}
