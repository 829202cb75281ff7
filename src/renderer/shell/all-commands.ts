import { cacheCommands } from '../features/cache/commands'
import { compareCommands } from '../features/compare/commands'
import { convertCommands } from '../features/convert/commands'
import { deviceCommands } from '../features/device/commands'
import { replayCommands } from '../features/replay/commands'
import { recorderCommands } from '../features/recorder/commands'
import { snippetCommands } from '../features/snippets/commands'
import { sendCommands } from '../features/send/commands'
import { taskCommands } from '../features/tasks/commands'
import { libraryCommands } from '../features/library/commands'
import { tapeCommands } from '../features/tape/commands'
import { whatIfCommands } from '../features/what-if/commands'
import type { Command } from '../commands/command'
import type { AppState } from '../store/app-store'
import type { Session } from '../store/session'
import { frameCommands } from './frame-commands'
import { layoutCommands } from './layout-commands'
import { looksCommands } from './looks-commands'
import { recordingCommands } from './recording-commands'
import { paneCommands } from './pane-commands'

/** Everything a person can do: palette, key map and the sheet of keys are made of this. Features add their `xCommands(session)` here. */
export const allCommands = (session: Session, layouts: AppState['layouts']): readonly Command[] => [
  ...frameCommands(session),
  ...layoutCommands(layouts),
  ...looksCommands(),
  ...paneCommands,
  ...recorderCommands(session),
  ...replayCommands(session),
  ...cacheCommands(session),
  ...sendCommands(session),
  ...taskCommands(session),
  ...tapeCommands(session),
  ...snippetCommands(session),
  ...deviceCommands(),
  ...libraryCommands(session),
  ...recordingCommands(),
  ...whatIfCommands(session),
  ...compareCommands(),
  ...convertCommands(),
]
