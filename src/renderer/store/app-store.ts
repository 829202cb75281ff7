import { create, type StateCreator } from 'zustand'
import { type ComposerSlice, createComposerSlice } from './composer-slice'
import { type CompareSlice, createCompareSlice } from './compare-slice'
import { type ConnectSlice, createConnectSlice } from './connect-slice'
import { createDeviceSlice, type DeviceSlice } from './device-slice'
import { createRecorderSlice, type RecorderSlice } from './recorder-slice'
import { createFilterSlice, type FilterSlice } from './filter-slice'
import { createHostSlice, type HostSlice } from './host-slice'
import { createInspectSlice, type InspectSlice } from './inspect-slice'
import { createKeysSlice, type KeysSlice } from './keys-slice'
import { createLayoutSlice, type LayoutSlice } from './layout-slice'
import { createLinksSlice, type LinksSlice } from './links-slice'
import { createListViewSlice, type ListViewSlice } from './list-view-slice'
import { createPaletteSlice, type PaletteSlice } from './palette-slice'
import { createPageSlice, type PageSlice } from './page-slice'
import { createThemeSlice, type ThemeSlice } from './theme-slice'
import { createReplaySlice, type ReplaySlice } from './replay-slice'
import { createTapeSlice, type TapeSlice } from './tape-slice'
import { createToastSlice, type ToastSlice } from './toast-slice'
import { createTriggerSlice, type TriggerSlice } from './trigger-slice'
import { createViewSlice, type ViewSlice } from './view-slice'

export type AppState = HostSlice &
  LinksSlice &
  ViewSlice &
  ComposerSlice &
  ConnectSlice &
  ThemeSlice &
  KeysSlice &
  LayoutSlice &
  ListViewSlice &
  FilterSlice &
  InspectSlice &
  PageSlice &
  CompareSlice &
  PaletteSlice &
  TriggerSlice &
  ToastSlice &
  DeviceSlice &
  RecorderSlice &
  TapeSlice &
  ReplaySlice

/** Facts only; everything that follows from them is a selector beside its slice. */
export const createAppState: StateCreator<AppState, [], [], AppState> = (...args) => ({
  ...createHostSlice(...args),
  ...createLinksSlice(...args),
  ...createViewSlice(...args),
  ...createComposerSlice(...args),
  ...createConnectSlice(...args),
  ...createThemeSlice(...args),
  ...createKeysSlice(...args),
  ...createLayoutSlice(...args),
  ...createListViewSlice(...args),
  ...createFilterSlice(...args),
  ...createInspectSlice(...args),
  ...createPageSlice(...args),
  ...createCompareSlice(...args),
  ...createPaletteSlice(...args),
  ...createTriggerSlice(...args),
  ...createToastSlice(...args),
  ...createDeviceSlice(...args),
  ...createRecorderSlice(...args),
  ...createTapeSlice(...args),
  ...createReplaySlice(...args),
})

export const useApp = create<AppState>()(createAppState)
