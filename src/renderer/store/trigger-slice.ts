import type { StateCreator } from 'zustand'
import { keepSetting, readSetting } from './kept-settings'

const MUTED = 'sounds-muted'

/** The panel of triggers; whether they may be heard. What they are and did comes from the core while somebody looks. */
export interface TriggerSlice {
  readonly isTriggersOpen: boolean
  readonly areSoundsMuted: boolean
  readonly triggersToggled: (isOpen: boolean) => void
  readonly soundsMuted: (areMuted: boolean) => void
}

export const createTriggerSlice: StateCreator<TriggerSlice, [], [], TriggerSlice> = (set) => ({
  isTriggersOpen: false,
  areSoundsMuted: readSetting(MUTED) === 'yes',
  triggersToggled: (isTriggersOpen) => set({ isTriggersOpen }),
  soundsMuted: (areSoundsMuted) => {
    keepSetting(MUTED, areSoundsMuted ? 'yes' : 'no')
    set({ areSoundsMuted })
  },
})
