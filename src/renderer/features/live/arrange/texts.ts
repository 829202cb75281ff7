import type { LayoutPane } from '../../../../shared/model/layout'

export const arrangeTexts = {
  panes: {
    lanes: 'Lanes',
    list: 'Messages',
    composer: 'Composer',
    inspector: 'Inspector',
  } satisfies Record<LayoutPane, string>,
  tabs: 'Panes in this place',
  between: 'Line between panes',
  title: 'Arrange the panes',
  hint: 'Drag a pane to a side of another, or onto it for tabs. By keys: arrows move it, T puts it together with the next, H hides it.',
  move: (pane: string) => `Move ${pane}`,
  hidden: 'Hidden',
  show: (pane: string) => `Show ${pane}`,
  usual: 'Usual layout',
  done: 'Done',
  nothing: 'No pane is shown. Show one below, or take the usual layout.',
} as const
