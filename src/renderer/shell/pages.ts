import { type ComponentType, lazy } from 'react'
import { useApp } from '../store/app-store'
import type { Page } from '../store/page-slice'
import type { IconName } from '../ui/icons'
import { texts } from '../ui/texts'
import { focusPane, type PaneName } from './panes'

interface PageEntry {
  readonly page: Page
  readonly label: string
  readonly icon: IconName
  /** Ctrl and this digit. */
  readonly key: string
  /** The pane that has the focus when the page is chosen. */
  readonly pane: PaneName
  /** Made when it is first shown, gone while another page is; null for the live page, which always stands. */
  readonly Content: ComponentType | null
}

/** The pages there are, in the order of their keys. */
export const PAGES: readonly PageEntry[] = [
  { page: 'live', label: texts.app.live, icon: 'live', key: '1', pane: 'list', Content: null },
  {
    page: 'terminal',
    label: texts.app.terminal,
    icon: 'terminal',
    key: '2',
    pane: 'terminal',
    Content: lazy(async () => ({
      default: (await import('../features/terminal/TerminalPage')).TerminalPage,
    })),
  },
  {
    page: 'charts',
    label: texts.app.charts,
    icon: 'chart',
    key: '3',
    pane: 'charts',
    Content: lazy(async () => ({ default: (await import('../features/charts/ChartsPage')).ChartsPage })),
  },
  {
    page: 'send',
    label: texts.app.send,
    icon: 'compose',
    key: '4',
    pane: 'send',
    Content: lazy(async () => ({ default: (await import('./SendPage')).SendPage })),
  },
  {
    page: 'tasks',
    label: texts.app.tasks,
    icon: 'clock',
    key: '5',
    pane: 'tasks',
    Content: lazy(async () => ({ default: (await import('./TasksPage')).TasksPage })),
  },
  {
    page: 'device',
    label: texts.app.device,
    icon: 'reply',
    key: '6',
    pane: 'device',
    Content: lazy(async () => ({ default: (await import('../features/device/DevicePage')).DevicePage })),
  },
  {
    page: 'problems',
    label: texts.app.problems,
    icon: 'warn',
    key: '7',
    pane: 'problems',
    Content: lazy(async () => ({
      default: (await import('../features/problems/ProblemsPage')).ProblemsPage,
    })),
  },
  {
    page: 'recordings',
    label: texts.app.recordings,
    icon: 'rec',
    key: '8',
    pane: 'recordings',
    Content: lazy(async () => ({ default: (await import('./RecordingsPage')).RecordingsPage })),
  },
]

/** Frames in which a page that is loaded for the first time may appear. */
const MOST_FRAMES = 120

/**
 * Shows a page and brings the focus into it.
 *
 * @param shown - Called when it is there, which takes a while when it is loaded for the first time.
 */
export function showPage(entry: PageEntry, shown?: () => void): void {
  useApp.getState().pageChosen(entry.page)
  let frames = 0
  const focus = (): void => {
    if (useApp.getState().page !== entry.page) return
    if (focusPane(entry.pane)) {
      shown?.()
      return
    }
    if (++frames < MOST_FRAMES) requestAnimationFrame(focus)
  }
  requestAnimationFrame(focus)
}

/** Does something on a page: there at once when it is shown, else when it has come. */
export function onPage(page: string, act: () => void): void {
  const entry = PAGES.find((one) => one.page === page)
  if (entry === undefined || useApp.getState().page === page) act()
  else showPage(entry, act)
}
