/** Something a person can do from anywhere: one list serves palette, key map and the sheet of keys. */
export interface Command {
  /** Stable, lower case, with dots: `view.pause`. Files of keys name it. */
  readonly id: string
  /** As the palette shows it, in sentence case: `Pause the view`. */
  readonly title: string
  /** Heading in the sheet of keys: `View`, `Messages`, `Tasks` … */
  readonly group: string
  /** Keys unless the operator bound others: `Mod+Shift+D`, `F6`, `e`. Mod is Ctrl, or Command on a Mac. */
  readonly keys: readonly string[]
  /** Where a single letter means it; default: everywhere but in text fields. */
  readonly page?: string
  /** The pane whose own keys these are: they mean it there only. The palette brings the focus there first. */
  readonly pane?: string
  /** The keys belong to the way such a pane works, like arrows in a table, and cannot be bound anew. */
  readonly isFixed?: boolean
  /** Acts also while the connection card covers the page. */
  readonly isOverCard?: boolean
  /** Other words people look for it with. */
  readonly words?: string
  /** Offered now; default: always. */
  readonly isEnabled?: () => boolean
  readonly run: () => void
}
