/** The panes of the live page that can be arranged. */
export const LAYOUT_PANES = ['lanes', 'list', 'composer', 'inspector'] as const
export type LayoutPane = (typeof LAYOUT_PANES)[number]

/** One place with one pane, or several as tabs. */
export interface LayoutGroup {
  readonly kind: 'group'
  readonly panes: readonly LayoutPane[]
  readonly active: LayoutPane
}

/** Parts side by side (`row`) or one above the other (`column`). Shares are parts of 1 and add up to it. */
export interface LayoutSplit {
  readonly kind: 'split'
  readonly direction: 'row' | 'column'
  readonly shares: readonly number[]
  readonly parts: readonly LayoutNode[]
}

/** How the panes stand. What is not in it is hidden. */
export type LayoutNode = LayoutGroup | LayoutSplit
