import type { StateCreator } from 'zustand'
import type { ProblemsState } from '../../shared/model/problems'
import type { PageSlice } from './page-slice'

export type DeviceTab = 'responders' | 'routes' | 'events'

/** What the page of responders is asked for from elsewhere. */
export type ResponderWish =
  /** A new one for the route of this message. */
  | { readonly wish: 'answer'; readonly messageId: number }
  /** One that is there. */
  | { readonly wish: 'show'; readonly name: string }

/** The page where the operator stands in for a device or its host, and what stands wrong. */
export interface DeviceSlice {
  readonly deviceTab: DeviceTab
  /** Taken by the page when it is shown. */
  readonly responderWish: ResponderWish | null
  /** Null before the core has looked. */
  readonly problems: ProblemsState | null
  readonly deviceTabChosen: (tab: DeviceTab) => void
  /** Shows the page of responders with this one. */
  readonly responderWished: (wish: ResponderWish) => void
  readonly wishTaken: () => void
  readonly problemsReceived: (problems: ProblemsState) => void
}

export const createDeviceSlice: StateCreator<DeviceSlice & PageSlice, [], [], DeviceSlice> = (set) => ({
  deviceTab: 'responders',
  responderWish: null,
  problems: null,
  deviceTabChosen: (deviceTab) => set({ deviceTab }),
  responderWished: (responderWish) => set({ responderWish, deviceTab: 'responders', page: 'device' }),
  wishTaken: () => set({ responderWish: null }),
  problemsReceived: (problems) => set({ problems }),
})

/** Conditions that somebody should look at; what is only worth knowing does not count. */
export const selectProblemCount = (s: DeviceSlice): number =>
  s.problems === null
    ? 0
    : s.problems.problems.filter(({ severity }) => severity !== 'info').length + s.problems.hidden
