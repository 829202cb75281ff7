import type { StateCreator } from 'zustand'
import type { CommandReply } from '../../shared/contract/replies'
import type { WireError } from '../../shared/errors'

export type AppInfo = CommandReply<'app.info'>

export type HostState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready'; readonly info: AppInfo; readonly startedAtMs: number }
  | { readonly kind: 'lost'; readonly error: WireError }

/** The core behind the screen: there, or gone for good. */
export interface HostSlice {
  readonly host: HostState
  /** When the session clock stood at 0, in ms since 1970; stays known after the core is gone. */
  readonly startedAtMs: number
  /** An action failed and no place of the screen is nearer to it than the whole; shown until dismissed. */
  readonly notice: WireError | null
  readonly hostReady: (info: AppInfo) => void
  readonly hostLost: (error: WireError) => void
  readonly noticeShown: (notice: WireError | null) => void
}

export const createHostSlice: StateCreator<HostSlice, [], [], HostSlice> = (set) => ({
  host: { kind: 'starting' },
  startedAtMs: 0,
  notice: null,
  hostReady: (info) => {
    const startedAtMs = Date.parse(info.startedAtIso)
    set({ host: { kind: 'ready', info, startedAtMs }, startedAtMs })
  },
  hostLost: (error) => set({ host: { kind: 'lost', error } }),
  noticeShown: (notice) => set({ notice }),
})
