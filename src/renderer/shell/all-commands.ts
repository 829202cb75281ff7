import { cacheCommands } from '../features/cache/commands'
import type { Command } from '../commands/command'
import type { Session } from '../store/session'
import { frameCommands } from './frame-commands'
import { paneCommands } from './pane-commands'

/** Everything a person can do: palette, key map and the sheet of keys are made of this. Features add their `xCommands(session)` here. */
export const allCommands = (session: Session): readonly Command[] => [
  ...frameCommands(session),
  ...paneCommands,
  ...cacheCommands(session),
]
