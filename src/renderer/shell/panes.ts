/** Panes of all pages, in the order they take turns with F6; those of a page that is not shown are passed over. A pane says where its focus belongs with `data-pane-focus`; else it takes it itself. */
const ORDER = [
  'title',
  'tape',
  'lanes',
  'list',
  'composer',
  'inspector',
  'terminal',
  'terminal-send',
  'charts',
  'send',
  'message-tree',
  'environments',
  'send-edit',
  'snippet-list',
  'snippet-edit',
  'snippet-run',
  'tasks',
  'cache',
  'cache-changes',
  'device',
  'problems',
  'recordings',
  'library',
  'library-detail',
] as const
export type PaneName = (typeof ORDER)[number]

export function focusPane(name: PaneName): boolean {
  const pane = document.querySelector<HTMLElement>(`[data-pane="${name}"]`)
  if (pane === null || pane.closest('[inert]') !== null || getComputedStyle(pane).visibility === 'hidden')
    return false
  const target = pane.querySelector<HTMLElement>('[data-pane-focus]') ?? pane
  if (target === pane && pane.tabIndex < 0) pane.tabIndex = -1
  target.focus()
  return document.activeElement === target
}

/** Moves the focus to the pane after (or before) the one that has it, over those that cannot take it. */
export function cyclePane(step: 1 | -1): void {
  const here = document.activeElement?.closest<HTMLElement>('[data-pane]')?.dataset['pane']
  const at = ORDER.findIndex((name) => name === here)
  for (let turn = 1; turn <= ORDER.length; turn++) {
    const index = (at + step * turn + ORDER.length * 2) % ORDER.length
    if (focusPane(ORDER[at < 0 && step > 0 ? turn % ORDER.length : index]!)) return
  }
}
