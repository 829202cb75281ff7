import {
  Activity,
  type CSSProperties,
  type JSX,
  type ReactNode,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react'
import type { LayoutNode, LayoutPane } from '../../../shared/model/layout'
import { useApp } from '../../store/app-store'
import { keepSetting, readSetting } from '../../store/kept-settings'
import { selectShownLayout } from '../../store/layout-slice'
import { groupOf, type Place, placed, without } from '../../store/layout-tree'
import { Splitter } from '../../ui/Splitter'
import { texts } from '../../ui/texts'
import { pageHeightPx, pageWidthPx, watchPageSize } from '../../ui/page-zoom'
import { ArrangePanes } from './arrange/ArrangePanes'
import { LayoutFrame, TABS_PX } from './arrange/LayoutFrame'
import { placeStyle } from './arrange/place-style'
import { MessageList } from './list/MessageList'
import './live.css'

interface LivePageProps {
  readonly lanes: ReactNode
  readonly composer: ReactNode
  readonly inspector: ReactNode
  /** Stands between the head of the list and its rows. */
  readonly filterBar?: ReactNode
  readonly banner: ReactNode
  /** Another page is shown: this one keeps its place and does nothing. */
  readonly isShown: boolean
  /** The connection card stands over the page. What is below can then not be reached. */
  readonly isCovered: boolean
}

/**
 * What the lanes take until the person says otherwise: half of a tall page, and room for a handful of lanes on a low one. A
 * page in between goes to the list first, which has to keep rows below a composer that grew with its text.
 */
const USUAL_SHARE = 0.47
const USUAL_LEAST_PX = 376
const USUAL_BELOW_PX = 572
const MIN_LANES_PX = 120
/** What title, status, composer and some rows of the list need at least. */
const BELOW_PX = 400
/** A page that scrolls anyway leaves room for some lanes below the line. */
const SHORT_LANES_PX = 240
const SETTING = 'lanes-height'
/** Below this height the page scrolls rather than leave no rows of the list: on small windows, and zoomed far. */
const SHORT_BELOW_PX = 560
/** Below this width the inspector is a drawer and takes no room. */
const DRAWER_BELOW_PX = 1200

const usualLanesPx = (pagePx: number): number =>
  Math.max(USUAL_LEAST_PX, Math.min(Math.round(pagePx * USUAL_SHARE), pagePx - USUAL_BELOW_PX))

/** The page of the live view: lanes over list over composer, the inspector beside them, or as the person arranged them. */
export function LivePage(props: LivePageProps): JSX.Element {
  const { lanes, composer, inspector, filterBar = null, banner, isShown, isCovered } = props
  const [chosenPx, setChosenPx] = useState(() => Number(readSetting(SETTING)) || null)
  const heightPx = useSyncExternalStore(watchPageSize, pageHeightPx)
  const lanesPx = chosenPx ?? usualLanesPx(heightPx)
  const isShort = heightPx < SHORT_BELOW_PX
  const mostPx = Math.max(isShort ? SHORT_LANES_PX : MIN_LANES_PX, heightPx - BELOW_PX)
  const isNarrow = useSyncExternalStore(watchPageSize, pageWidthPx) < DRAWER_BELOW_PX
  const chosen = useApp(selectShownLayout)
  const isMaximised = useApp((s) => s.maximised !== null)
  const isArranging = useApp((s) => s.isArranging)
  const layout = useMemo(
    () => (chosen === null || !isNarrow || isMaximised ? chosen : withDrawer(chosen)),
    [chosen, isNarrow, isMaximised],
  )
  const places = useMemo(() => (layout === null ? null : placesOf(layout)), [layout])
  const isDrawer = isNarrow && places?.has('inspector') !== true
  const resized = (px: number): void => {
    setChosenPx(px)
    keepSetting(SETTING, String(px))
  }
  const mode = isShown ? 'visible' : 'hidden'
  const style = { '--lanes-height': `${Math.min(lanesPx, mostPx)}px` } as CSSProperties
  const isInert = isCovered || isArranging
  const classes = ['main live']
  if (!isShown) classes.push('off')
  if (layout !== null) classes.push('arranged')
  else if (isShort) classes.push('short')
  return (
    <div className={classes.join(' ')} style={style}>
      <div id="live-lanes" {...slot(places, 'lanes', 'lanes-slot', isInert)}>
        {lanes}
      </div>
      {layout === null && (
        <Splitter
          label={texts.lanes.resize}
          valuePx={Math.min(lanesPx, mostPx)}
          minPx={MIN_LANES_PX}
          maxPx={mostPx}
          onChange={resized}
        />
      )}
      <Activity mode={mode}>
        <div id="live-list" {...slot(places, 'list', 'inert-box', isInert)}>
          <MessageList filterBar={filterBar} />
        </div>
        <div id="live-composer" {...slot(places, 'composer', 'inert-box', isInert)}>
          {composer}
        </div>
        <div id="live-inspector" {...slot(isDrawer ? null : places, 'inspector', 'inert-box', isInert)}>
          {inspector}
        </div>
        {layout !== null && <LayoutFrame layout={layout} isInert={isInert} />}
        {layout !== null && isArranging && <ArrangePanes layout={layout} />}
        {!isCovered && banner}
      </Activity>
    </div>
  )
}

interface PanePlace {
  readonly place: Place
  readonly isActive: boolean
  readonly hasTabs: boolean
}

const placesOf = (layout: LayoutNode): ReadonlyMap<LayoutPane, PanePlace> =>
  new Map(
    placed(layout).groups.flatMap(({ group, place }) =>
      group.panes.map((pane) => [
        pane,
        { place, isActive: group.active === pane, hasTabs: group.panes.length > 1 },
      ]),
    ),
  )

/** The inspector is a drawer then, if it is shown at all; a page of it alone would be empty. */
const withDrawer = (layout: LayoutNode): LayoutNode => without(layout, 'inspector') ?? groupOf('list')

/**
 * Where a pane stands: the grid of the usual layout places it by itself. It always stays the same element: the picture of the
 * lanes is drawn by a worker that could not be given another canvas.
 */
function slot(
  places: ReadonlyMap<LayoutPane, PanePlace> | null,
  pane: LayoutPane,
  usual: string,
  isInert: boolean,
): { className: string; inert: boolean; style?: CSSProperties } {
  if (places === null) return { className: usual, inert: isInert }
  const at = places.get(pane)
  if (!at?.isActive) return { className: 'live-slot off', inert: true }
  return {
    className: 'live-slot',
    inert: isInert,
    style: placeStyle(at.place, at.hasTabs ? TABS_PX : 0),
  }
}
