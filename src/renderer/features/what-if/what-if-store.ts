import { create } from 'zustand'
import { AS_RECORDED, type WhatIfOrder, type WhatIfSettings } from '../../../shared/model/what-if'

/** A message that somebody asked about: looked for when the run is there. */
export interface AskedMessage {
  readonly atMs: number
  readonly route: string
}

interface WhatIfStore {
  /** Null while somebody still chooses. */
  readonly recording: string | null
  readonly settings: WhatIfSettings
  readonly asked: AskedMessage | null
  /** Row of the run, whatever the order. */
  readonly selected: number | null
  readonly order: WhatIfOrder
  readonly isDescending: boolean
  readonly recordingChosen: (
    recording: string | null,
    asked?: AskedMessage,
    span?: { fromMs: number; toMs: number },
  ) => void
  readonly changed: (settings: Partial<WhatIfSettings>) => void
  readonly rowSelected: (row: number | null) => void
  readonly askedFound: () => void
  readonly ordered: (order: WhatIfOrder) => void
}

export const useWhatIf = create<WhatIfStore>()((set) => ({
  recording: null,
  settings: AS_RECORDED,
  asked: null,
  selected: null,
  order: 'time',
  isDescending: false,
  recordingChosen: (recording, asked, span) =>
    set({ recording, asked: asked ?? null, selected: null, settings: { ...AS_RECORDED, ...span } }),
  changed: (settings) => set((s) => ({ settings: { ...s.settings, ...settings } })),
  rowSelected: (selected) => set({ selected }),
  askedFound: () => set({ asked: null }),
  // the largest change is what one looks for first
  ordered: (order) =>
    set((s) => ({ order, isDescending: s.order === order ? !s.isDescending : order !== 'time' })),
}))
