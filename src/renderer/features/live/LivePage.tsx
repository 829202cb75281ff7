import { Activity, type CSSProperties, type JSX, type ReactNode, useState, useSyncExternalStore } from 'react'
import { keepSetting, readSetting } from '../../store/kept-settings'
import { Splitter } from '../../ui/Splitter'
import { texts } from '../../ui/texts'
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

const LANES_PX = 376
const MIN_LANES_PX = 120
/** What title, status, list and composer need at least. */
const BELOW_PX = 330
const SETTING = 'lanes-height'

const onResize = (listener: () => void): (() => void) => {
  window.addEventListener('resize', listener)
  return () => window.removeEventListener('resize', listener)
}
const pageHeight = (): number => window.innerHeight

/** The page of the live view: lanes over list over composer, the inspector beside them. */
export function LivePage(props: LivePageProps): JSX.Element {
  const { lanes, composer, inspector, filterBar = null, banner, isShown, isCovered } = props
  const [lanesPx, setLanesPx] = useState(() => Number(readSetting(SETTING)) || LANES_PX)
  const mostPx = Math.max(MIN_LANES_PX, useSyncExternalStore(onResize, pageHeight) - BELOW_PX)
  const resized = (px: number): void => {
    setLanesPx(px)
    keepSetting(SETTING, String(px))
  }
  const mode = isShown ? 'visible' : 'hidden'
  const style = { '--lanes-height': `${Math.min(lanesPx, mostPx)}px` } as CSSProperties
  return (
    <div className={isShown ? 'main live' : 'main live off'} style={style}>
      <div className="lanes-slot" inert={isCovered}>
        {lanes}
      </div>
      <Splitter
        label={texts.lanes.resize}
        valuePx={Math.min(lanesPx, mostPx)}
        minPx={MIN_LANES_PX}
        maxPx={mostPx}
        onChange={resized}
      />
      <Activity mode={mode}>
        <Inert isOn={isCovered}>
          <MessageList filterBar={filterBar} />
        </Inert>
        <Inert isOn={isCovered}>{composer}</Inert>
        <Inert isOn={isCovered}>{inspector}</Inert>
        {!isCovered && banner}
      </Activity>
    </div>
  )
}

/** Keeps the grid: the wrapper has no box of its own. */
function Inert({ isOn, children }: { readonly isOn: boolean; readonly children: ReactNode }): JSX.Element {
  return (
    <div className="inert-box" inert={isOn}>
      {children}
    </div>
  )
}
