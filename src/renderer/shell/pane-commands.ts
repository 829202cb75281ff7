import type { Command } from '../commands/command'
import { pressOf } from '../commands/key-chord'
import { texts } from '../ui/texts'
import { commandTexts } from './command-texts'
import { focusPane, type PaneName } from './panes'

const k = texts.help.keys
const { groups } = commandTexts

/** Keys that panes read themselves: id, what they do, and the keys the pane knows; fixed ones are those of every such pane. */
type PaneKey = readonly [id: string, title: string, keys: string | readonly string[], fixed?: 'fixed']

const KEYS: Readonly<
  Partial<Record<PaneName, { readonly group: string; readonly keys: readonly PaneKey[] }>>
> = {
  list: {
    group: groups.list,
    keys: [
      ['list.rows', k.rows, ['ArrowUp', 'ArrowDown'], 'fixed'],
      ['list.page', k.pages, ['PageUp', 'PageDown'], 'fixed'],
      ['list.ends', k.ends, ['Home', 'End'], 'fixed'],
      ['list.open', k.open, 'Enter', 'fixed'],
      ['list.extend', k.range, ['Shift+ArrowUp', 'Shift+ArrowDown'], 'fixed'],
      ['list.menu', k.rowMenu, ['Shift+F10', 'ContextMenu'], 'fixed'],
      ['list.request', k.toRequest, '['],
      ['list.reply', k.toReply, ']'],
      ['list.select-all', k.all, 'Mod+A'],
      ['list.copy', k.copyRows, 'Mod+C'],
      ['list.copy-as', k.copyRowsAs, 'Mod+Shift+C'],
      ['list.group', k.group, 'G'],
      ['list.mark', k.mark, 'M'],
      ['list.note', k.note, 'Shift+M'],
      ['list.unmark', k.unmark, 'Delete'],
    ],
  },
  lanes: {
    group: groups.lanes,
    keys: [
      ['lanes.rows', k.lanesUp, ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown'], 'fixed'],
      ['lanes.area', k.lanesArea, ['Shift+ArrowLeft', 'Shift+ArrowRight'], 'fixed'],
      ['lanes.ends', k.ends, ['Home', 'End'], 'fixed'],
      ['lanes.clear', k.lanesClear, 'Escape', 'fixed'],
      ['lanes.zoom-in', k.zoomIn, ['W', '+', '=']],
      ['lanes.zoom-out', k.zoomOut, ['S', '-']],
      ['lanes.left', k.left, ['A', 'ArrowLeft']],
      ['lanes.right', k.right, ['D', 'ArrowRight']],
      ['lanes.focus', k.fit, 'F'],
      ['lanes.fit-area', k.fitArea, 'Z'],
      ['lanes.previous-chunk', k.previousChunk, ','],
      ['lanes.next-chunk', k.nextChunk, '.'],
      ['lanes.partner', k.partner, ['[', ']']],
      ['lanes.colours', k.colours, 'C'],
      ['lanes.axis', k.axis, 'O'],
      ['lanes.bytes', k.byteRange, 'B'],
      ['lanes.mark', k.mark, 'M'],
      ['lanes.note', k.note, 'Shift+M'],
      ['lanes.unmark', k.unmark, 'Delete'],
      ['lanes.previous-mark', k.previousMark, 'Alt+,'],
      ['lanes.next-mark', k.nextMark, 'Alt+.'],
      ['lanes.pin', k.pinMessage, 'P'],
      ['lanes.pin-lane', k.pinLane, 'Shift+P'],
      ['lanes.table', k.laneTable, 'Alt+L'],
      ['lanes.help', k.laneHelp, 'Alt+F1'],
    ],
  },
  terminal: {
    group: groups.terminal,
    keys: [
      ['terminal.find', k.findBytes, 'Mod+F'],
      ['terminal.copy', k.copyBytes, 'Mod+C'],
      ['terminal.clear', k.clearBytes, 'Mod+L'],
      ['terminal.leave', k.leaveTerminal, ['Escape', 'Tab'], 'fixed'],
    ],
  },
  'terminal-send': {
    group: groups.terminal,
    keys: [
      ['terminal.send', k.sendLine, 'Enter', 'fixed'],
      ['terminal.lines', k.sentLines, ['ArrowUp', 'ArrowDown'], 'fixed'],
    ],
  },
  charts: {
    group: groups.charts,
    keys: [
      ['charts.cursor', k.chartCursor, ['ArrowLeft', 'ArrowRight'], 'fixed'],
      ['charts.panel', k.chartPanel, ['ArrowUp', 'ArrowDown'], 'fixed'],
      ['charts.pick', k.chartPick, 'Enter', 'fixed'],
      ['charts.zoom-in', k.zoomIn, 'W'],
      ['charts.zoom-out', k.zoomOut, 'S'],
      ['charts.left', k.left, 'A'],
      ['charts.right', k.right, 'D'],
    ],
  },
  inspector: {
    group: groups.inspector,
    keys: [
      ['inspector.tabs', k.tabs, ['ArrowLeft', 'ArrowRight'], 'fixed'],
      ['inspector.back', k.back, 'Escape', 'fixed'],
    ],
  },
}

/** The page a pane is on; what is not named is on the live page. */
const PAGE_OF: Readonly<Record<string, string>> = {
  terminal: 'terminal',
  'terminal-send': 'terminal',
  charts: 'charts',
}

/** Presses that are made here and must reach their pane as they are. */
const made = new WeakSet<Event>()
export const isMade = (event: Event): boolean => made.has(event)

/** Presses a key that the pane knows where the focus is. */
export function pressKnownKey(chord: string, target: Element): void {
  const { key, isCommand, isAlt, isShift } = pressOf(chord)
  const event = new KeyboardEvent('keydown', {
    key,
    ctrlKey: isCommand,
    altKey: isAlt,
    shiftKey: isShift,
    bubbles: true,
    cancelable: true,
  })
  made.add(event)
  target.dispatchEvent(event)
}

/** What panes do by their own keys, so that the palette offers it, the sheet shows it and other keys can be bound to it. */
export const paneCommands: readonly Command[] = Object.entries(KEYS).flatMap(([pane, { group, keys }]) =>
  keys.map(([id, title, known, fixed]): Command => {
    const chords = typeof known === 'string' ? [known] : known
    return {
      id,
      title,
      group,
      keys: chords,
      pane,
      page: PAGE_OF[pane] ?? 'live',
      ...(fixed !== undefined && { isFixed: true }),
      run: () => {
        if (focusPane(pane as PaneName) && document.activeElement !== null)
          pressKnownKey(chords[0] ?? '', document.activeElement)
      },
    }
  }),
)
