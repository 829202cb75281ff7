import type { Command } from '../commands/command'
import { LAYOUT_PANES, type LayoutNode, type LayoutPane } from '../../shared/model/layout'
import { type AppState, useApp } from '../store/app-store'
import {
  groupOf,
  moved,
  movedInto,
  neighbourOf,
  panesOf,
  type Side,
  splitOf,
  withPane,
  without,
} from '../store/layout-tree'
import { commandTexts } from './command-texts'
import { focusPane } from './panes'

const t = commandTexts.layout
const group = commandTexts.groups.panes
const page = 'live'

const USUAL_SHARES = { lanes: 0.45, composer: 0.16, inspector: 0.26 } as const

const lengthOf = (pane: LayoutPane, side: 'width' | 'height', ofWhole: DOMRect, usual: number): number => {
  const box = document.querySelector(`.live [data-pane="${pane}"]`)?.getBoundingClientRect()
  return box === undefined || ofWhole[side] === 0 || box[side] === 0 ? usual : box[side] / ofWhole[side]
}

/** The usual layout as a tree, with the sizes its panes have now, so that nothing jumps when the first of them is moved. */
function usualLayout(): LayoutNode {
  const page = document.querySelector('.live')?.getBoundingClientRect() ?? new DOMRect()
  const lanes = lengthOf('lanes', 'height', page, USUAL_SHARES.lanes)
  const composer = lengthOf('composer', 'height', page, USUAL_SHARES.composer)
  const inspector = lengthOf('inspector', 'width', page, USUAL_SHARES.inspector)
  const side = Math.min(0.6, Math.max(0.15, inspector))
  return splitOf(
    'row',
    [
      splitOf(
        'column',
        [groupOf('lanes'), groupOf('list'), groupOf('composer')],
        [lanes, Math.max(0.1, 1 - lanes - composer), composer],
      ),
      groupOf('inspector'),
    ],
    [1 - side, side],
  )
}

export const currentLayout = (): LayoutNode => useApp.getState().layout ?? usualLayout()

const focusedPane = (): LayoutPane | null => {
  const name = document.activeElement?.closest<HTMLElement>('[data-pane]')?.dataset['pane']
  return LAYOUT_PANES.find((pane) => pane === name) ?? null
}

/** Changes the layout around the pane that has the focus, which it keeps. */
function change(of: (layout: LayoutNode, pane: LayoutPane) => LayoutNode | null): void {
  const pane = focusedPane()
  if (pane === null) return
  const changed = of(currentLayout(), pane)
  if (changed === null) return
  useApp.getState().layoutChanged(changed)
  requestAnimationFrame(() => {
    if (focusedPane() !== pane) focusPane(pane)
  })
}

const isPaneFocused = (): boolean => focusedPane() !== null

const move = (side: Side, key: string): Command => ({
  id: `pane.move-${side}`,
  title: t.move[side],
  group,
  keys: [`Alt+Shift+Arrow${key}`],
  page,
  isEnabled: isPaneFocused,
  run: () => change((layout, pane) => moved(layout, pane, side)),
})

function toggle(pane: LayoutPane): void {
  const { layout, layoutChanged } = useApp.getState()
  const isShown = layout === null || panesOf(layout).includes(pane)
  const changed = isShown ? without(currentLayout(), pane) : withPane(layout, pane)
  if (changed === null) return
  layoutChanged(changed)
  requestAnimationFrame(() => focusPane(isShown ? (panesOf(changed)[0] ?? pane) : pane))
}

/** Moving, hiding and enlarging the panes of the live page, and its layouts. */
export function layoutCommands(layouts: AppState['layouts']): readonly Command[] {
  const state = useApp.getState
  return [
    move('left', 'Left'),
    move('right', 'Right'),
    move('above', 'Up'),
    move('below', 'Down'),
    {
      id: 'pane.tabs',
      title: t.tabs,
      group,
      keys: [],
      page,
      isEnabled: isPaneFocused,
      run: () =>
        change((layout, pane) => {
          const sides = ['below', 'right', 'above', 'left'] as const
          const other = sides.map((side) => neighbourOf(layout, pane, side)).find((one) => one !== null)
          return other === undefined ? null : movedInto(layout, pane, other)
        }),
    },
    {
      id: 'pane.maximise',
      title: t.maximise,
      group,
      keys: ['Mod+Shift+M'],
      page,
      isEnabled: () => isPaneFocused() || state().maximised !== null,
      run: () => state().paneMaximised(state().maximised === null ? focusedPane() : null),
    },
    ...LAYOUT_PANES.map(
      (pane): Command => ({
        id: `pane.toggle-${pane}`,
        title: t.toggle(t.panes[pane]),
        group,
        keys: [],
        page,
        run: () => toggle(pane),
      }),
    ),
    {
      id: 'layout.arrange',
      title: t.arrange,
      group,
      keys: [],
      page,
      run: () => {
        if (state().layout === null) state().layoutChanged(usualLayout())
        state().arrangingToggled(true)
      },
    },
    {
      id: 'layout.usual',
      title: t.usual,
      group,
      keys: [],
      page,
      run: () => state().layoutChanged(null),
    },
    ...Object.entries(layouts).map(
      ([name, layout]): Command => ({
        id: `layout.use.${name}`,
        title: t.use(name),
        group,
        keys: [],
        page,
        run: () => state().layoutChanged(layout),
      }),
    ),
  ]
}
