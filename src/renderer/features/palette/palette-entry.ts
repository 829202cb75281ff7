import type { IconName } from '../../ui/icons'

export type PaletteKind = 'command' | 'route' | 'link' | 'filter' | 'message' | 'file' | 'time'

/** Something the palette offers. */
export interface PaletteEntry {
  /** Stable, also over restarts: what was used last is remembered by it. */
  readonly id: string
  readonly kind: PaletteKind
  readonly title: string
  /** Behind the title, fainter: what it belongs to. */
  readonly detail: string
  /** As shown beside it; empty for none. */
  readonly keys: string
  /** Further words it is found by. */
  readonly words: string
  readonly icon: IconName
  readonly run: () => void
}
