import { useEffect } from 'react'
import type { AuxKind } from './aux/aux-types'
import type { LaneFeed } from './lane-feed'
import type { LanesSession } from './lanes-session'
import type { AxisKind, ColourMode, LanePlayhead, MarkRule, NamedBlockers } from './worker-protocol'

/** One filter and its effect on the lanes. */
export interface LaneMark extends MarkRule {
  readonly filter: string
}

/** All that decides how the lanes are drawn and is not in the worker itself. */
export interface ToldState {
  readonly theme: 'dark' | 'light' | 'contrast'
  readonly mode: ColourMode
  readonly axis: AxisKind
  readonly kinds: readonly AuxKind[]
  readonly marks: readonly LaneMark[]
  readonly isTable: boolean
  readonly hasByteRanges: boolean
  readonly isShown: boolean
  readonly isPaused: boolean
  readonly isFollowing: boolean
  readonly selectedMessageId: number | null
  readonly blockers: NamedBlockers | null
  readonly playhead: LanePlayhead | null
  readonly askedTime: { readonly atMs: number } | null
}

/** Tells the worker what the person chose, each thing when it changes. */
export function useToldSession(session: LanesSession | null, feed: LaneFeed, state: ToldState): void {
  const { theme, mode, axis, kinds, marks, isTable, hasByteRanges, isShown, isPaused, isFollowing } = state
  const { selectedMessageId, blockers, playhead, askedTime } = state
  useEffect(() => session?.send({ type: 'colour-mode', mode }), [session, mode])
  useEffect(() => session?.send({ type: 'axis', kind: axis }), [session, axis])
  useEffect(() => {
    const rules = marks.map(({ effect, hue }) => ({ effect, hue }))
    session?.send({ type: 'marks', rules })
  }, [session, marks])
  const filters = JSON.stringify(marks.map(({ filter }) => filter))
  // another effect of the same filters needs no other messages
  useEffect(() => session?.watch(JSON.parse(filters) as string[]), [session, filters])
  useEffect(() => session?.send({ type: 'aux', kinds }), [session, kinds])
  useEffect(() => session?.send({ type: 'twin', isOpen: isTable }), [session, isTable])
  useEffect(() => session?.send({ type: 'blockers', blockers }), [session, blockers])
  useEffect(() => session?.send({ type: 'byte-range', isOpen: hasByteRanges }), [session, hasByteRanges])
  useEffect(() => {
    session?.send({ type: 'shown', isShown })
    feed.shown(isShown)
  }, [session, feed, isShown])
  useEffect(() => {
    if (askedTime !== null) session?.send({ type: 'reveal', atMs: askedTime.atMs })
  }, [session, askedTime])
  useEffect(() => session?.send({ type: 'playhead', playhead }), [session, playhead])
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
}
