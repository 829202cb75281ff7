import { type JSX, memo, type Ref } from 'react'
import { AuxHeads } from './aux/AuxHeads'
import { auxTexts } from './aux/aux-texts'
import { Icon } from '../ui/icons'
import { laneTexts } from './texts'
import { KIND_HUES, priorityStep } from './chunk-style'
import type { ColourMode, GutterLane, GutterLayout } from './worker-protocol'

interface LaneGutterProps {
  readonly layout: GutterLayout
  readonly mode: ColourMode
  readonly onAuxStep: (key: string, direction: 1 | -1) => void
  readonly onAuxLeave: () => void
  /** Something else covers it. */
  readonly isInert: boolean
  readonly onUnpin: (lane: GutterLane) => void
  /** Lanes above and below what is in sight. */
  readonly hidden: { readonly above: number; readonly below: number }
  readonly scroller: Ref<HTMLDivElement>
  readonly linkTitle: (linkId: number) => string
  readonly onScroll: (top: number) => void
}

/** Heads of the lanes, beside the canvas. */
export const LaneGutter = memo(function LaneGutter(props: LaneGutterProps): JSX.Element {
  const { layout, mode, hidden, scroller, linkTitle, onScroll, onAuxStep, onAuxLeave, isInert, onUnpin } =
    props
  return (
    <div className="lanes-gutter lanes-heads" inert={isInert}>
      <div className="lanes-axis-head" />
      <div className="lanes-strip-head t2">
        <span>{laneTexts.line}</span>
        <Icon name="arrowUp" small />
        <span className="lanes-hidden t3" title={laneTexts.moreHint(hidden.above + hidden.below)}>
          {laneTexts.more(hidden.below, hidden.above)}
        </span>
        <Icon name="arrowDown" small />
      </div>
      <div
        className="lanes-scroller"
        ref={scroller}
        tabIndex={-1}
        onScroll={(event) => onScroll(event.currentTarget.scrollTop)}
      >
        <ul style={{ height: layout.contentHeight }} aria-label={laneTexts.pane}>
          {layout.lanes.map((lane) => (
            <li key={lane.id}>
              {lane.isFirstOfLink && (
                <span
                  className="lanes-link-head t3"
                  style={{ top: lane.top - 20 }}
                  title={linkTitle(lane.linkId)}
                >
                  <span className="ell">{linkTitle(lane.linkId)}</span>
                </span>
              )}
              <span className="sr-only">{laneTexts.laneSentence(lane)}</span>
              <div
                aria-hidden="true"
                className={`lanes-head${lane.isSelected ? ' is-selected' : ''}${lane.isPinned ? ' is-pinned' : ''}`}
                style={{ top: lane.top, height: lane.height }}
                title={laneTexts.laneSentence(lane)}
              >
                <span className="sw" style={{ background: `var(${colourOf(lane, mode)})` }} />
                <Icon name={lane.dir === 'out' ? 'arrowUp' : 'arrowDown'} small />
                <span className="lanes-name">{lane.label}</span>
                {lane.kind === 'response' && mode !== 'type' && <Icon name="reply" small />}
                {mode === 'type' ? (
                  <span className="t3">{laneTexts.kinds[lane.kind]}</span>
                ) : (
                  <span className={lane.priority === 0 ? 'prio p0' : 'prio'}>{lane.priority}</span>
                )}
              </div>
              {lane.isPinned && (
                <button
                  type="button"
                  className="lanes-unpin"
                  style={{ top: lane.top }}
                  title={laneTexts.unpin(lane.label)}
                  aria-label={laneTexts.unpin(lane.label)}
                  onClick={() => onUnpin(lane)}
                >
                  <Icon name="pin" small />
                </button>
              )}
            </li>
          ))}
        </ul>
      </div>
      {layout.auxLeftOut > 0 && (
        <p className="lanes-left-out t3" title={auxTexts.leftOutHint}>
          {auxTexts.leftOut(layout.auxLeftOut)}
        </p>
      )}
      {layout.aux.length > 0 && (
        <AuxHeads heads={layout.aux} linkTitle={linkTitle} onStep={onAuxStep} onLeave={onAuxLeave} />
      )}
    </div>
  )
})

function colourOf(lane: GutterLane, mode: ColourMode): string {
  if (lane.hue === 0) return '--text-3'
  if (mode === 'priority') return `--prio-${priorityStep(lane.priority)}`
  return `--stream-${mode === 'type' ? KIND_HUES[lane.kind] : lane.hue}`
}
