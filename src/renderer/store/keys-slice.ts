import type { StateCreator } from 'zustand'

/** What the operator made of the keys. The file `keys` of the settings keeps it. */
export interface KeysSlice {
  /** Keys by command, as written in the file; an empty list takes all keys away. */
  readonly boundKeys: Readonly<Record<string, readonly string[]>>
  /** Single letters and signs mean nothing then, for people who press keys by accident or speak to the machine. */
  readonly areLettersOff: boolean
  readonly keysBound: (boundKeys: KeysSlice['boundKeys'], areLettersOff: boolean) => void
}

export const createKeysSlice: StateCreator<KeysSlice, [], [], KeysSlice> = (set) => ({
  boundKeys: {},
  areLettersOff: false,
  keysBound: (boundKeys, areLettersOff) => set({ boundKeys, areLettersOff }),
})
