import type { Command } from '../commands/command'
import { LAYOUT_PANES, type LayoutNode, type LayoutPane } from '../../shared/model/layout'
import { type AppState, useApp } from '../store/app-store'
import { moved, movedInto, neighbourOf, panesOf, type Side, withPane, without } from '../store/layout-tree'
import { usualLayout } from '../store/usual-layout'
import { commandTexts } from './command-texts'
import { focusPane } from './panes'

const t = commandTexts.layout
const group = commandTexts.groups.panes
const page = 'live'

const currentLayout = (): LayoutNode => useApp.getState().layout ?? usualLayout()

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
