import { create } from 'zustand'
import type { WireError } from '../../../shared/errors'
import type { LibraryNews, LibraryOrder } from '../../../shared/model/library'

export type SidePart = 'detail' | 'trash' | 'retention'

export interface LibrarySearch {
  readonly query: string
  readonly order: LibraryOrder
  readonly isDescending: boolean
}

/** The row that keys and actions are about. Its name is null until its row has come. */
export interface LibraryCursor {
  readonly recording: string | null
  readonly index: number
}

interface LibraryState {
  readonly search: LibrarySearch
  readonly news: LibraryNews | null
  readonly cursor: LibraryCursor | null
  /** Several recordings by name; empty when only that of the cursor is meant. */
  readonly chosen: ReadonlySet<string>
  /** Where a range began. */
  readonly anchor: number
  readonly side: SidePart
  readonly problem: WireError | null
  /** A recording that is to be brought into sight, such as one that was renamed. */
  readonly wanted: string | null
  /** A recording whose name is asked for. */
  readonly renaming: string | null
  readonly searched: (change: Partial<LibrarySearch>) => void
  readonly ordered: (order: LibraryOrder) => void
  readonly told: (news: LibraryNews) => void
  readonly moved: (cursor: LibraryCursor, chosen?: ReadonlySet<string>, anchor?: number) => void
  readonly sideShown: (side: SidePart) => void
  readonly failed: (problem: WireError | null) => void
  readonly recordingWanted: (recording: string | null) => void
  readonly renamingBegan: (recording: string | null) => void
}

const NOBODY: ReadonlySet<string> = new Set()

/** What this screen shows of the library: the rest of it is the core's. */
export const useLibrary = create<LibraryState>()((set) => ({
  search: { query: '', order: 'started', isDescending: true },
  news: null,
  cursor: null,
  chosen: NOBODY,
  anchor: 0,
  side: 'detail',
  problem: null,
  wanted: null,
  renaming: null,
  searched: (change) => set((s) => ({ search: { ...s.search, ...change }, chosen: NOBODY })),
  ordered: (order) =>
    set(({ search }) => ({
      search: {
        ...search,
        order,
        // the newest and the most of something is what people look for
        isDescending: search.order === order ? !search.isDescending : order !== 'name' && order !== 'device',
      },
    })),
  told: (news) => set({ news }),
  moved: (cursor, chosen = NOBODY, anchor = cursor.index) => set({ cursor, chosen, anchor }),
  sideShown: (side) => set({ side }),
  failed: (problem) => set({ problem }),
  recordingWanted: (wanted) => set({ wanted }),
  renamingBegan: (renaming) => set({ renaming }),
}))

/** The recordings that an action is about: those chosen, else that of the cursor. */
export function actedOn(): readonly string[] {
  const { chosen, cursor } = useLibrary.getState()
  if (chosen.size > 0) return [...chosen]
  return cursor?.recording ? [cursor.recording] : []
}
