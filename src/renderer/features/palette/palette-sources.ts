import { compileFilter } from '../../../shared/filter'
import type { PortInfo, Profile } from '../../../shared/model/views'
import type { Command } from '../../commands/command'
import { useApp } from '../../store/app-store'
import { routeIs } from '../../store/filter-words'
import { sessionNowMs } from '../../store/links-slice'
import type { Session } from '../../store/session'
import { endId } from '../../store/view-slice'
import { formatClock } from '../../ui/format'
import { revealLine } from '../../ui/visible-text'
import type { PaletteEntry } from './palette-entry'
import { type PaletteQuery, parseMessageNumber, parseTime } from './palette-query'
import { paletteTexts as t } from './texts'

const NOTHING = { detail: '', keys: '', words: '' } as const

/** @param keysOf - The keys of a command as they stand beside it. */
export const commandEntries = (
  commands: readonly Command[],
  keysOf: (id: string) => string,
): readonly PaletteEntry[] =>
  commands
    .filter((command) => command.isEnabled?.() !== false)
    .map(({ id, title, group, words = '', run }) => ({
      id,
      kind: 'command',
      title,
      detail: group,
      keys: keysOf(id),
      words: `${words} ${id}`,
      icon: 'right',
      run,
    }))

export const routeEntries = (session: Session): readonly PaletteEntry[] =>
  session.rows.routes().map((route) => ({
    ...NOTHING,
    id: `route:${route}`,
    kind: 'route',
    title: revealLine(route),
    detail: t.byRoute,
    icon: 'reply',
    run: () => {
      useApp.getState().filterNarrowed(routeIs(route), false)
    },
  }))

export function linkEntries(
  session: Session,
  profiles: readonly Profile[],
  ports: readonly PortInfo[],
): readonly PaletteEntry[] {
  const byProfile = profiles.map(
    ({ name, url }): PaletteEntry => ({
      ...NOTHING,
      id: `profile:${name}`,
      kind: 'link',
      title: revealLine(name),
      detail: t.connect,
      words: url,
      icon: 'plug',
      run: () => {
        session.openConnect(url) // the card tells how it goes
        session.connect(url)
      },
    }),
  )
  const byPort = ports.map(
    ({ path, title }): PaletteEntry => ({
      ...NOTHING,
      id: `port:${path}`,
      kind: 'link',
      title: revealLine(title),

      detail: t.connect,
      words: path,
      icon: 'plug',
      run: () => session.openConnect(`serial:${path}?baud=115200`),
    }),
  )
  return [...byProfile, ...byPort]
}

export function filterEntries(): readonly PaletteEntry[] {
  const { filters, filterHistory, chipChanged } = useApp.getState()
  const chips = filters.chips.map(
    ({ chipId, name, filter, isOn }): PaletteEntry => ({
      ...NOTHING,
      id: `chip:${name}`,
      kind: 'filter',
      title: revealLine(name),
      detail: isOn ? t.chipOff : t.chipOn,
      words: filter,
      icon: 'filter',
      run: () => {
        chipChanged(chipId, { isOn: !isOn })
      },
    }),
  )
  return [...chips, ...filterHistory.map((filter) => filterEntry(filter, t.usedFilter))]
}

const filterEntry = (filter: string, detail: string): PaletteEntry => ({
  ...NOTHING,
  id: `filter:${filter}`,
  kind: 'filter',
  title: revealLine(filter),
  detail,
  icon: 'filter',
  run: () => {
    const { barModeChosen, draftTyped, draftEntered } = useApp.getState()
    barModeChosen('filter')
    draftTyped(filter)
    draftEntered()
  },
})

/** What a query means by itself, without being looked for: a number, a time, a filter that is written out. */
export function literalEntries({ scope, text }: PaletteQuery): readonly PaletteEntry[] {
  const state = useApp.getState()
  if (scope === 'message') {
    const id = parseMessageNumber(text)
    const { firstId } = state.bounds
    const last = endId(state.bounds) - 1
    if (id === null || id < firstId || id > last) return []
    const run = (): void => {
      state.messageSelected(id, 'palette')
    }
    const detail = t.messageRange(firstId, last)
    return [
      { ...NOTHING, id: 'go:message', kind: 'message', title: t.goToMessage(id), detail, icon: 'group', run },
    ]
  }
  if (scope === 'time') {
    const nowMs = sessionNowMs(state, performance.now())
    const atMs = parseTime(text, state.startedAtMs, nowMs)
    if (atMs === null) return []
    const run = (): void => {
      state.timeAsked(atMs)
    }
    const title = t.goToTime(formatClock(state.startedAtMs, atMs))
    return [{ ...NOTHING, id: 'go:time', kind: 'time', title, icon: 'wait', run }]
  }
  if (scope === 'filter' && text !== '' && compileFilter(text).ok) return [filterEntry(text, t.useFilter)]
  return []
}
