import { useCallback, useEffect, useRef, useState } from 'react'
import { pinLabel } from './LanesMenu'
import { MAX_MESSAGE_PINS } from './lane-layout'
import type { LanesSession } from './lanes-session'
import { laneTexts } from './texts'
import type { GutterLane, LanePin } from './worker-protocol'

interface LanePins {
  readonly pins: readonly LanePin[]
  /** Pins, or takes the pin away when it is there. */
  readonly toggle: (pin: LanePin) => void
  readonly unpinLane: (lane: GutterLane) => void
}

const isSame = (a: LanePin, b: LanePin): boolean =>
  a.what === 'lane'
    ? b.what === 'lane' && a.key === b.key
    : b.what === 'message' && a.messageId === b.messageId

/** What stands at the top of the lanes, for as long as the pane is there. */
export function useLanePins(session: LanesSession | null, say: (sentence: string) => void): LanePins {
  const [pins, setPins] = useState<readonly LanePin[]>([])
  const latest = useRef(pins)
  useEffect(() => {
    latest.current = pins
    session?.send({ type: 'pins', pins })
  }, [session, pins])
  const toggle = useCallback(
    (pin: LanePin) => {
      const others = latest.current.filter((other) => !isSame(pin, other))
      const isThere = others.length < latest.current.length
      if (!isThere && others.length >= MAX_MESSAGE_PINS) {
        say(laneTexts.tooManyPins(MAX_MESSAGE_PINS))
        return
      }
      setPins(isThere ? others : [...others, pin])
      say(isThere ? laneTexts.unpinned(pinLabel(pin)) : laneTexts.pinned(pinLabel(pin)))
    },
    [say],
  )
  const unpinLane = useCallback(
    (lane: GutterLane) => {
      const pin = latest.current.find((other) =>
        other.what === 'lane' ? other.key === lane.key : other.messageId === lane.messageId,
      )
      if (pin !== undefined) toggle(pin)
    },
    [toggle],
  )
  return { pins, toggle, unpinLane }
}
