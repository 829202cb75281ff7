import { create } from 'zustand'
import type { WireError } from '../../../shared/errors'
import type { CacheChangeLine, CacheListing, CacheNews, CacheOrder } from '../../../shared/model/cache'

/** Changes that the screen lists. */
const MAX_LISTED_CHANGES = 500
/** Keys that are watched at the same time. */
const MAX_WATCHED = 100

/** A row: an entry by its key, a folder by its path. */
export type RowId = `e:${string}` | `f:${string}`

export type LowerPart = { readonly kind: 'detail' | 'rules' } | { readonly kind: 'set'; readonly key: string }

export interface Cursor {
  readonly id: RowId
  readonly index: number
}

interface CacheState {
  readonly listing: CacheListing
  readonly cursor: Cursor | null
  /** Where a range of chosen rows began. */
  readonly anchor: number
  readonly chosen: ReadonlySet<RowId>
  readonly watched: ReadonlySet<string>
  readonly news: CacheNews | null
  readonly changes: readonly CacheChangeLine[]
  readonly missed: number
  readonly lower: LowerPart
  readonly problem: WireError | null
  /** A key that has to be brought into sight. */
  readonly wanted: string | null
  readonly listed: (change: Partial<CacheListing>) => void
  readonly ordered: (order: CacheOrder) => void
  readonly folderToggled: (path: string) => void
  readonly cursorMoved: (cursor: Cursor | null) => void
  readonly chose: (cursor: Cursor, chosen: ReadonlySet<RowId>, anchor: number) => void
  readonly watchToggled: (key: string) => void
  readonly told: (news: CacheNews) => void
  readonly changed: (changes: readonly CacheChangeLine[], missed: number) => void
  readonly lowerShown: (lower: LowerPart) => void
  readonly failed: (problem: WireError | null) => void
  readonly keyWanted: (key: string | null) => void
}

/** What this screen shows of the cache: the rest of it is the core's. */
export const useCache = create<CacheState>()((set) => ({
  listing: { shape: 'tree', filter: '', order: 'key', isDescending: false, open: [] },
  cursor: null,
  anchor: 0,
  chosen: new Set(),
  watched: new Set(),
  news: null,
  changes: [],
  missed: 0,
  lower: { kind: 'detail' },
  problem: null,
  wanted: null,
  listed: (change) => set((s) => ({ listing: { ...s.listing, ...change } })),
  ordered: (order) =>
    set(({ listing }) => ({
      listing: {
        ...listing,
        order,
        // the most of something is what people look for, and what goes first
        isDescending: listing.order === order ? !listing.isDescending : order === 'size' || order === 'hits',
      },
    })),
  folderToggled: (path) =>
    set(({ listing }) => {
      const open = listing.open.includes(path)
        ? listing.open.filter((other) => other !== path)
        : [...listing.open, path]
      return { listing: { ...listing, open } }
    }),
  cursorMoved: (cursor) => set({ cursor }),
  chose: (cursor, chosen, anchor) => set({ cursor, chosen, anchor, lower: { kind: 'detail' } }),
  watchToggled: (key) =>
    set(({ watched }) => {
      const next = new Set(watched)
      if (!next.delete(key) && next.size < MAX_WATCHED) next.add(key)
      return { watched: next }
    }),
  told: (news) => set({ news }),
  changed: (changes, missed) =>
    set((s) => {
      const last = s.changes[0]?.changeId ?? 0
      const fresh = changes.filter(({ changeId }) => changeId > last).reverse()
      return { changes: [...fresh, ...s.changes].slice(0, MAX_LISTED_CHANGES), missed: s.missed + missed }
    }),
  lowerShown: (lower) => set({ lower }),
  failed: (problem) => set({ problem }),
  keyWanted: (wanted) => set({ wanted }),
}))

/** The folders around a key, outermost first. */
export function foldersAround(key: string): string[] {
  const folders: string[] = []
  for (let at = key.indexOf('/'); at >= 0; at = key.indexOf('/', at + 1)) folders.push(key.slice(0, at + 1))
  return folders
}

/** Keys and folders among row ids, as the core takes them. */
export function targetsOf(ids: Iterable<RowId>): { keys: string[]; folders: string[] } {
  const keys: string[] = []
  const folders: string[] = []
  for (const id of ids) (id.startsWith('e:') ? keys : folders).push(id.slice(2))
  return { keys, folders }
}
