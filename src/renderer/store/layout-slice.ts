import type { StateCreator } from 'zustand'
import { LAYOUT_PANES, type LayoutNode, type LayoutPane } from '../../shared/model/layout'
import type { FileProblem } from '../../shared/workspace/workspace-types'
import { keepSetting, readSetting } from './kept-settings'
import { groupOf, panesOf, placed } from './layout-tree'

const SETTING = 'layout'

/** How the panes of the live page stand. */
export interface LayoutSlice {
  /** Null for the usual layout. */
  readonly layout: LayoutNode | null
  /** One pane over the whole page, for a while. */
  readonly maximised: LayoutPane | null
  /** Layouts with a name, as they stand in the workspace. */
  readonly layouts: Readonly<Record<string, LayoutNode>>
  /** What is wrong with hand-edited files of settings, by file. */
  readonly settingsProblems: Readonly<Record<string, FileProblem>>
  /** The panes are being arranged: each shows where it can be put. */
  readonly isArranging: boolean
  readonly layoutChanged: (layout: LayoutNode | null) => void
  readonly paneMaximised: (pane: LayoutPane | null) => void
  readonly layoutsListed: (layouts: LayoutSlice['layouts']) => void
  readonly settingsProblemFound: (name: string, problem: FileProblem | null) => void
  readonly arrangingToggled: (isArranging: boolean) => void
}

export const createLayoutSlice: StateCreator<LayoutSlice, [], [], LayoutSlice> = (set) => ({
  layout: keptLayout(readSetting(SETTING)),
  maximised: null,
  layouts: {},
  settingsProblems: {},
  isArranging: false,
  layoutChanged: (layout) => {
    keepSetting(SETTING, JSON.stringify(layout))
    set({ layout, maximised: null })
  },
  paneMaximised: (maximised) => set({ maximised }),
  layoutsListed: (layouts) => set({ layouts }),
  settingsProblemFound: (name, problem) =>
    set(({ settingsProblems }) => {
      const others = Object.entries(settingsProblems).filter(([other]) => other !== name)
      return {
        settingsProblems: { ...Object.fromEntries(others), ...(problem !== null && { [name]: problem }) },
      }
    }),
  arrangingToggled: (isArranging) => set({ isArranging, maximised: null }),
})

/** What stands on the page now: null for the usual layout. */
export const selectShownLayout = ({ layout, maximised }: LayoutSlice): LayoutNode | null =>
  maximised === null ? layout : shownAlone[maximised]

/** The same object each time: whoever looks at it draws again when it is another. */
const shownAlone: Readonly<Record<LayoutPane, LayoutNode>> = {
  lanes: groupOf('lanes'),
  list: groupOf('list'),
  composer: groupOf('composer'),
  inspector: groupOf('inspector'),
}

/** Whether a pane is on the page, and not behind another tab. */
export function selectIsPaneShown(pane: LayoutPane): (s: LayoutSlice) => boolean {
  return (s) => {
    const shown = selectShownLayout(s)
    return shown === null || placed(shown).groups.some(({ group }) => group.active === pane)
  }
}

/** What was kept by hand or by another version counts only when it is a layout. */
function keptLayout(text: string | null): LayoutNode | null {
  try {
    const kept: unknown = JSON.parse(text ?? 'null')
    if (!isLayout(kept, 4)) return null
    const panes = panesOf(kept)
    return new Set(panes).size === panes.length ? kept : null
  } catch {
    return null
  }
}

function isLayout(kept: unknown, depth: number): kept is LayoutNode {
  if (typeof kept !== 'object' || kept === null || depth === 0) return false
  const node = kept as Partial<Record<string, unknown>>
  if (node['kind'] === 'group') {
    const panes = node['panes']
    const isPane = (pane: unknown): boolean => LAYOUT_PANES.some((known) => known === pane)
    return Array.isArray(panes) && panes.length > 0 && panes.every(isPane) && panes.includes(node['active'])
  }
  const { direction, parts, shares } = node
  return (
    node['kind'] === 'split' &&
    (direction === 'row' || direction === 'column') &&
    Array.isArray(parts) &&
    Array.isArray(shares) &&
    parts.length >= 2 &&
    parts.length === shares.length &&
    shares.every((share) => typeof share === 'number' && share > 0 && share < 1) &&
    parts.every((part) => isLayout(part, depth - 1))
  )
}
