import { type JSX, type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { ContractClient } from '../../shared/contract/contract-client'
import type { Note } from '../../shared/model/notes'
import { AreaCard } from './area/AreaCard'
import './area/area.css'
import { AuxCardView } from './aux/AuxCardView'
import { auxTexts } from './aux/aux-texts'
import { useAuxKinds } from './aux/use-aux-kinds'
import { ByteRangePanel } from './byte-range/ByteRangePanel'
import { ChunkCardView } from './ChunkCardView'
import { LaneFeed } from './lane-feed'
import { LaneGutter } from './LaneGutter'
import { LanesHead } from './LanesHead'
import { LanesHelp } from './LanesHelp'
import { auxSentence, LanesSpoken, steppedSentence } from './LanesSpoken'
import './lanes.css'
import { actionOfKey, DOUBLE_PRESS_MS } from './lanes-keys'
import { hiddenLanes } from './hidden-lanes'
import { chosenSentence, type SetNote, useLaneNotes } from './notes/use-lane-notes'
import { OverviewStrip } from './OverviewStrip'
import { paneGeometry } from './pane-geometry'
import { revealIn } from './reveal-in'
import { laneTexts } from './texts'
import { LaneTwinView } from './twin/LaneTwinView'
import { useTwinSummary } from './twin/use-twin-summary'
import { useLanesPointer } from './use-lanes-pointer'
import { canDrawInWorker, useLanesSession } from './use-lanes-session'
import { useBlockers } from './use-blockers'
import { useLanePins } from './use-lane-pins'
import { type LaneMark, useToldSession } from './use-told-session'
import type { AxisKind, ColourMode, LanePlayhead } from './worker-protocol'

export interface LanesViewProps {
  readonly client: ContractClient
  readonly theme: 'dark' | 'light' | 'contrast'
  /** Freezes the picture; chunks are still taken. */
  readonly isPaused: boolean
  readonly isFollowing: boolean
  /** False while another page covers the lanes: nothing is drawn then. */
  readonly isShown: boolean
  readonly selectedMessageId: number | null
  /** Where a recording stands; null for what happens now. */
  readonly playhead?: LanePlayhead | null
  /** Somebody wants to see this moment of the session; another object for each wish. */
  readonly askedTime?: { readonly atMs: number } | null
  /** What to call a link in the gutter when several have lanes. */
  readonly linkTitle?: (linkId: number) => string
  readonly onSelect: (messageId: number | null) => void
  readonly onFollowChange: (isFollowing: boolean) => void
  /** Filters, and what they do here: at most `MAX_MARKS`, all of them valid. */
  readonly marks?: readonly LaneMark[]
  /** The person wants to see only this span of session time, in milliseconds. */
  readonly onArea?: (fromMs: number, toMs: number) => void
  /** Markers and notes of the session, the same as in the list. */
  readonly notes?: readonly Note[]
  readonly onSetNote?: SetNote
  readonly onRemoveNotes?: (noteIds: readonly number[]) => void
}

const NO_MARKS: readonly LaneMark[] = []
const NO_NOTES: readonly Note[] = []

const NEXT_MODE: Readonly<Record<ColourMode, ColourMode>> = {
  stream: 'priority',
  priority: 'type',
  type: 'stream',
}

/** The chunk lanes: what was on the line, when, and what had to wait. Fills its container. */
export function LanesView(props: LanesViewProps): JSX.Element {
  const { client, theme, isPaused, isFollowing, isShown, selectedMessageId, onSelect, onFollowChange } = props
  const { linkTitle = laneTexts.link, marks = NO_MARKS, onArea, notes = NO_NOTES } = props
  const stage = useRef<HTMLDivElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const pointerX = useRef<number | null>(null)
  const [feed] = useState(() => new LaneFeed())
  const [mode, setMode] = useState<ColourMode>('stream')
  const [axis, setAxis] = useState<AxisKind>('time')
  const [hasByteRanges, setHasByteRanges] = useState(false)
  const [scrollTop, setScrollTop] = useState(0)
  const { kinds, toggleKind } = useAuxKinds()
  const [isTable, setIsTable] = useState(false)
  const [isHelpOpen, setIsHelpOpen] = useState(false)
  const [said, setSaid] = useState('')
  const focusPressedMs = useRef(-Infinity)
  const [size, setSize] = useState({ width: 0, height: 0 })

  const { session, layout, card, auxCard, chosenNote, twin, area, byteRange, span, hasChunks } =
    useLanesSession(stage, client, feed, {
      onSelect,
      onFollowChange,
      onReveal: (top, height) => revealIn(scroller.current, top, height),
      onEnd: (of) => setSaid(of === 'notes' ? laneTexts.noMarker : auxTexts.noMore),
      onPlace: (where) => laneNotes.place(where),
      onPin: (pin) => togglePin(pin),
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

  const { onSetNote, onRemoveNotes, askedTime = null, playhead = null } = props
  const laneNotes = useLaneNotes(session, stage, { notes, onSetNote, onRemoveNotes, say: setSaid })
  const { pins, toggle: togglePin, unpinLane } = useLanePins(session, setSaid)
  const blockers = useBlockers(client, selectedMessageId)
  useToldSession(session, feed, {
    theme,
    mode,
    axis,
    kinds,
    marks,
    isTable,
    hasByteRanges,
    isShown,
    isPaused,
    isFollowing,
    selectedMessageId,
    blockers,
    playhead,
    askedTime,
  })

  const toggleTable = useCallback(() => {
    setIsTable(!isTable)
    // what has the focus goes away with the table
    if (isTable) requestAnimationFrame(() => session?.canvas.focus())
  }, [session, isTable])
  const toggleByteRanges = useCallback(() => setHasByteRanges((was) => !was), [])
  const follow = useCallback(() => {
    session?.send({ type: 'following', isFollowing: true })
    onFollowChange(true)
  }, [session, onFollowChange])

  const label = laneTexts.canvas(layout.lanes.length, span, isFollowing && !isPaused)
  useEffect(() => session?.describe(label), [session, label])

  const pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || session === null) return
    const { key, shiftKey: isShift, altKey: isAlt } = event
    const action = actionOfKey({ key, isShift, isAlt }, pointerX.current)
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
        if (area !== null) session.send({ type: 'area-clear' })
        else if (chosenNote !== null) session.send({ type: 'note-choose', noteId: null })
        else onSelect(null)
        return
      case 'remove-note':
        laneNotes.remove(chosenNote, selectedMessageId)
        return
      case 'twin':
        toggleTable()
        return
      case 'help':
        setIsHelpOpen(true)
    }
  }

  const scrolled = useCallback(
    (top: number) => {
      setScrollTop(top)
      session?.send({ type: 'scroll', top })
    },
    [session],
  )
  const geometry = paneGeometry(size.height, layout.auxHeight)
  const stepAux = useCallback(
    (key: string, direction: 1 | -1) => session?.send({ type: 'aux-step', key, direction }),
    [session],
  )
  const leaveAux = useCallback(() => session?.send({ type: 'aux-leave' }), [session])
  const tableSummary = useTwinSummary(twin, span, isFollowing && !isPaused)
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
        isTable={isTable}
        onTable={toggleTable}
        menu={{
          kinds,
          pins,
          notes,
          hasSelection: selectedMessageId !== null,
          onKind: toggleKind,
          onPin: (what) => session?.send({ type: 'ask-pin', what }),
          onUnpin: togglePin,
          onMarker: () => session?.send({ type: 'ask-place', kind: 'marker' }),
          onNote: ({ noteId, atMs }) => {
            session?.send({ type: 'note-choose', noteId })
            session?.send({ type: 'reveal', atMs })
          },
          onHelp: () => setIsHelpOpen(true),
        }}
      />
      <OverviewStrip
        client={client}
        feed={feed}
        theme={theme}
        onRange={({ fromMs, toMs }) => session?.send({ type: 'range', fromMs, toMs })}
      />
      <div className={hasByteRanges ? 'lanes-body has-byte-range' : 'lanes-body'}>
        {isTable && (
          <LaneTwinView
            twin={twin}
            selectedId={selectedMessageId}
            blockers={blockers}
            linkTitle={linkTitle}
            onSelect={onSelect}
            onKey={pressed}
          />
        )}
        <LaneGutter
          layout={layout}
          mode={mode}
          isInert={isTable}
          onAuxStep={stepAux}
          onAuxLeave={leaveAux}
          onUnpin={unpinLane}
          hidden={hidden}
          scroller={scroller}
          linkTitle={linkTitle}
          onScroll={scrolled}
        />
        <div className="lanes-stage" ref={stage} inert={isTable} onKeyDown={pressed}>
          {!hasChunks && (
            <p className="lanes-empty t3">{canDrawInWorker() ? laneTexts.empty : laneTexts.unsupported}</p>
          )}
          {isCardShown && <ChunkCardView card={card} width={size.width} height={size.height} />}
          {auxCard !== null && size.width > 0 && (
            <AuxCardView card={auxCard} width={size.width} height={size.height} />
          )}
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
        {isHelpOpen && <LanesHelp onClose={() => setIsHelpOpen(false)} />}
      </div>
      <LanesSpoken
        lines={[
          card?.isStepped === true ? steppedSentence(card) : '',
          auxCard?.isStepped === true ? auxSentence(auxCard) : chosenSentence(chosenNote, notes),
          isTable ? tableSummary : '',
          said,
        ]}
      />
      {laneNotes.prompt}
    </section>
  )
}
