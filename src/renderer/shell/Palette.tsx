import { type JSX, useCallback, useEffect, useMemo } from 'react'
import { flushSync } from 'react-dom'
import { chordWords } from '../commands/key-chord'
import type { KeyMap } from '../commands/key-map'
import { keyStyle } from '../commands/key-map-context'
import { CommandPalette } from '../features/palette/CommandPalette'
import type { PaletteEntry } from '../features/palette/palette-entry'
import type { PaletteQuery } from '../features/palette/palette-query'
import {
  commandEntries,
  filterEntries,
  linkEntries,
  literalEntries,
  routeEntries,
} from '../features/palette/palette-sources'
import { useApp } from '../store/app-store'
import type { Session } from '../store/session'
import { allCommands } from './all-commands'
import { onPage } from './pages'
import { useWorkspaceEntries } from './use-workspace-entries'

interface PaletteProps {
  readonly session: Session
  readonly keyMap: KeyMap
}

/** The palette with what can be done right now: it is gathered when it opens. */
export function Palette({ session, keyMap }: PaletteProps): JSX.Element {
  const layouts = useApp((s) => s.layouts)
  const ports = useApp((s) => s.ports)
  const profiles = useApp((s) => s.profiles)
  useEffect(() => session.refreshPorts(), [session])
  const commands = useMemo(() => {
    const keysOf = (id: string): string => {
      const chord = keyMap.chordsOf(id)[0]
      return chord === undefined ? '' : chordWords(chord, keyStyle)
    }
    const all = allCommands(session, layouts).filter(({ id }) => id !== 'app.palette')
    return commandEntries(
      all.map((command) => {
        const { page, run } = command
        return page === undefined ? command : { ...command, run: () => onPage(page, run) }
      }),
      keysOf,
    )
  }, [session, keyMap, layouts])
  const files = useWorkspaceEntries(session)
  const entries = useMemo((): readonly PaletteEntry[] => {
    return [
      ...commands,
      ...routeEntries(session),
      ...filterEntries(),
      ...files,
      ...linkEntries(session, profiles ?? [], ports ?? []),
    ].map(onItsPage)
  }, [session, commands, files, ports, profiles])
  const literal = useCallback((query: PaletteQuery) => literalEntries(query).map(onItsPage), [])
  return <CommandPalette entries={entries} literalEntries={literal} onClose={close} />
}

/** What concerns the messages acts where they are shown. */
const onItsPage = (entry: PaletteEntry): PaletteEntry =>
  entry.kind === 'command' || entry.kind === 'link' || entry.kind === 'file'
    ? entry
    : { ...entry, run: () => onPage('live', entry.run) }

/** At once, so that the focus is back when what was chosen acts on it. */
const close = (): void => flushSync(() => useApp.getState().paletteToggled(false))
