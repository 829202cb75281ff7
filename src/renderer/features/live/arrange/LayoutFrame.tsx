import type { JSX, KeyboardEvent, PointerEvent } from 'react'
import type { LayoutNode, LayoutPane } from '../../../../shared/model/layout'
import { useApp } from '../../../store/app-store'
import { activated, type PlacedSplitter, placed, resized } from '../../../store/layout-tree'
import { Tabs } from '../../../ui/Tabs'
import { placeStyle } from './place-style'
import { arrangeTexts as t } from './texts'

/** Height of the tabs above panes that share a place. */
export const TABS_PX = 32
const STEP = 0.02

interface LayoutFrameProps {
  readonly layout: LayoutNode
  /** Tabs and lines can be used; not while something covers the page. */
  readonly isInert: boolean
}

/** What stands between the panes of a layout: tabs where several share a place, and lines that can be moved. */
export function LayoutFrame({ layout, isInert }: LayoutFrameProps): JSX.Element {
  const { groups, splitters } = placed(layout)
  const { layoutChanged } = useApp.getState()
  return (
    <div className="inert-box" inert={isInert}>
      {groups.map(
        ({ path, group, place }) =>
          group.panes.length > 1 && (
            <div key={path.join('-')} className="live-tabs" style={{ ...placeStyle(place), height: TABS_PX }}>
              <Tabs<LayoutPane>
                label={t.tabs}
                value={group.active}
                tabs={group.panes.map((value) => ({ value, label: t.panes[value] }))}
                panelId={`live-${group.active}`}
                onChange={(pane) => layoutChanged(activated(layout, pane))}
              />
            </div>
          ),
      )}
      {splitters.map((splitter) => (
        <Line
          key={`${splitter.path.join('-')}:${splitter.index}`}
          splitter={splitter}
          onMove={(share) => layoutChanged(resized(layout, splitter.path, splitter.index, share))}
        />
      ))}
    </div>
  )
}

interface LineProps {
  readonly splitter: PlacedSplitter
  readonly onMove: (share: number) => void
}

function Line({ splitter, onMove }: LineProps): JSX.Element {
  const { direction, place, start, extent, share } = splitter
  const isRow = direction === 'row'
  const grabbed = (event: PointerEvent<HTMLDivElement>): void => {
    const line = event.currentTarget
    const page = line.closest('.live')?.getBoundingClientRect()
    if (page === undefined) return
    line.setPointerCapture(event.pointerId)
    const moved = ({ clientX, clientY }: globalThis.PointerEvent): void => {
      const at = isRow ? (clientX - page.left) / page.width : (clientY - page.top) / page.height
      onMove((at - start) / extent)
    }
    const released = (): void => {
      line.removeEventListener('pointermove', moved)
      line.removeEventListener('lostpointercapture', released)
    }
    line.addEventListener('pointermove', moved)
    line.addEventListener('lostpointercapture', released)
  }
  const pressed = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = isRow
      ? { ArrowLeft: -STEP, ArrowRight: STEP }
      : { ArrowUp: -STEP, ArrowDown: STEP }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    event.stopPropagation()
    onMove(share + step)
  }
  return (
    <div
      className={isRow ? 'live-line row' : 'live-line'}
      role="separator"
      tabIndex={0}
      aria-label={t.between}
      aria-orientation={isRow ? 'vertical' : 'horizontal'}
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
      style={placeStyle(place)}
      onPointerDown={grabbed}
      onKeyDown={pressed}
    />
  )
}
