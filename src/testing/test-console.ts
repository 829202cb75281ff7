import { join } from 'node:path'
import { Console, type ConsoleOptions } from '../main/console/console'
import { Links, type LinksOptions } from '../main/link/links'
import { PortWatch } from '../main/link/port-watch'
import { seededRandom } from '../main/transport/seeded-random'
import { ProfileFolder, profilesDir } from '../main/workspace/profile-folder'
import { TerminalLogs } from '../main/workspace/terminal-logs'
import { TriggerFile, triggersPath } from '../main/workspace/trigger-file'
import { Workspace } from '../main/workspace/workspace'
import { operatorFiles } from './operator-files'

type Parts = Pick<LinksOptions, 'clock' | 'transportFor' | 'directory'> &
  Partial<Omit<ConsoleOptions, 'links'>> & {
    /** Workspace, logs, secrets and history lie there. */
    readonly dir: string
  }

/** A whole console on a virtual clock: no ports, and a problem beside the work fails the test. What is given goes first. */
export function testConsole({ dir, clock, transportFor, directory, ...given }: Parts): Console {
  const links = { clock, transportFor, random: seededRandom(7), ...(directory && { directory }) }
  return new Console({
    links: new Links(links),
    app: {
      name: 'Netcore Console',
      version: '0',
      host: 'web',
      runtime: '',
      platform: '',
      startedAtIso: '2026-11-21T12:00:00.000Z',
    },
    ports: new PortWatch({ clock, list: () => Promise.resolve([]) }),
    checkMachine: () => Promise.resolve([]),
    logs: new TerminalLogs(join(dir, 'logs')),
    profiles: new ProfileFolder(profilesDir(dir)),
    triggers: new TriggerFile(triggersPath(dir)),
    workspace: new Workspace(dir),
    ...operatorFiles(dir),
    recents: { load: () => Promise.resolve([]), save: () => Promise.resolve() },
    nowIso: () => '2026-11-21T12:00:00.000Z',
    onProblem: (problem) => {
      throw problem
    },
    ...given,
  })
}
