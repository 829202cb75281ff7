import { type JSX, memo } from 'react'
import { Icon } from '../ui/icons'
import { Segmented } from '../ui/Segmented'
import { KIND_HUES } from './chunk-style'
import { laneTexts } from './texts'
import { LanesMenu, type LanesMenuProps } from './LanesMenu'
import { LegendPopover } from './LegendPopover'
import { AXES, type AxisKind, type ColourMode, MODES } from './worker-protocol'

interface LanesHeadProps {
  readonly span: string
  readonly mode: ColourMode
  readonly axis: AxisKind
  readonly hasByteRanges: boolean
  readonly isFollowing: boolean
  readonly onMode: (mode: ColourMode) => void
  readonly onAxis: (axis: AxisKind) => void
  readonly onByteRanges: () => void
  readonly onFollow: () => void
  readonly isTable: boolean
  readonly onTable: () => void
  readonly menu: Omit<LanesMenuProps, 'look'>
}

/** Title, visible span, colour mode and what the fills mean. */
export const LanesHead = memo(function LanesHead(props: LanesHeadProps): JSX.Element {
  const { span, mode, axis, hasByteRanges, isFollowing, onMode, onAxis, onByteRanges, onFollow } = props
  const { isTable, onTable, menu } = props
  return (
    <div className="phead lanes-phead">
      <h2>{laneTexts.pane}</h2>
      <span className="t3 lanes-span">{span}</span>
      <span className="sep" />
      <Segmented
        label={laneTexts.colourMode}
        value={mode}
        options={MODES.map((value) => ({ value, label: laneTexts.modes[value] }))}
        onChange={onMode}
      />
      <Segmented
        label={laneTexts.axis}
        value={axis}
        options={AXES.map((value) => ({ value, label: laneTexts.axes[value] }))}
        onChange={onAxis}
      />
      <button
        type="button"
        className="btn ghost sm in-menu"
        aria-pressed={hasByteRanges}
        title={laneTexts.byteRangesHint}
        onClick={onByteRanges}
      >
        {laneTexts.byteRanges}
      </button>
      <button
        type="button"
        className="btn ghost sm in-menu"
        aria-pressed={isTable}
        title={laneTexts.twinHint}
        onClick={onTable}
      >
        {laneTexts.twin}
      </button>
      <LanesMenu
        {...menu}
        look={{ mode, axis, hasByteRanges, isTable, onMode, onAxis, onByteRanges, onTable }}
      />
      <span className="grow" />
      <span className="lanes-legend">
        {fillsOf(mode).map(({ name, colour }) => (
          <Sample key={name} name={name} background={`var(${colour})`} />
        ))}
        <Sample name={laneTexts.legend.queued} background="var(--fill-queued)" />
        <Sample name={laneTexts.legend.blocked} background="var(--fill-blocked)" />
        <Sample name={laneTexts.legend.down} background="var(--fill-down)" />
      </span>
      <LegendPopover />
      {!isFollowing && (
        <button type="button" className="btn ghost sm" title={laneTexts.followHint} onClick={onFollow}>
          <Icon name="arrowDown" />
          {laneTexts.follow}
          <kbd>End</kbd>
        </button>
      )}
    </div>
  )
})

function Sample({ name, background }: { readonly name: string; readonly background: string }): JSX.Element {
  return (
    <span>
      <i style={{ background }} />
      {name}
    </span>
  )
}

function fillsOf(mode: ColourMode): readonly { readonly name: string; readonly colour: string }[] {
  if (mode === 'stream') return [{ name: laneTexts.legend.wire, colour: '--stream-1' }]
  if (mode === 'priority') {
    return laneTexts.priorities.map((name, step) => ({ name, colour: `--prio-${step}` }))
  }
  return (['request', 'response', 'event', 'bytes'] as const).map((kind) => ({
    name: laneTexts.kinds[kind],
    colour: `--stream-${KIND_HUES[kind]}`,
  }))
}
