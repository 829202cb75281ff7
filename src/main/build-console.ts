import { randomInt, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import packageJson from '../../package.json'
import type { ConsoleError } from '../shared/errors'
import type { Clock } from '../shared/model/clock'
import type { CaptureLimits } from './capture/capture-limits'
import { Console } from './console/console'
import type { HostFiles } from './console/host-files'
import { recentsFile } from './console/recents-file'
import { FileStore } from './link/bodies/file-store'
import { Links } from './link/links'
import { PortWatch } from './link/port-watch'
import { transportFor } from './simulator/transport-for'
import { checkMachine, thisMachine } from './transport/machine-check'
import { listSerialPorts } from './transport/serial-ports'
import { SystemClock } from './transport/system-clock'
import { logsDir, TerminalLogs } from './workspace/terminal-logs'
import { ProfileFolder, profilesDir } from './workspace/profile-folder'
import { TriggerFile, triggersPath } from './workspace/trigger-file'
import { SendHistory, stateDir } from './operate/send/send-history'
import { type SecretCipher, SecretStore, secretsPath } from './workspace/secret-store'
import { Workspace } from './workspace/workspace'

export interface BuildOptions {
  readonly host: 'electron' | 'web'
  /** Folder of all that the operator keeps (docs/workspace.md). Made when something is saved. */
  readonly workspaceDir: string
  /** What the capture may hold, where it is not the default. */
  readonly captureLimits?: Partial<CaptureLimits>
  /** The key store of the system. Default: there is none. */
  readonly secretCipher?: SecretCipher
  /** File manager and trash of the system. Default: there is no desktop. */
  readonly hostFiles?: HostFiles
  /** Something beside the work failed. The work goes on. */
  readonly onProblem: (problem: ConsoleError) => void
}

export interface BuiltConsole {
  readonly console: Console
  readonly clock: Clock
  close(): Promise<void>
}

/** The whole core: the real clock, links over real transports, the capture, what an operator can do. */
export function buildConsole({
  host,
  workspaceDir,
  captureLimits,
  secretCipher,
  hostFiles,
  onProblem,
}: BuildOptions): BuiltConsole {
  const clock = new SystemClock()
  const store = new FileStore({ parentDir: join(workspaceDir, 'bodies') })
  store.sweep()
  const ports = new PortWatch({ clock, list: listSerialPorts })
  const links = new Links({
    clock,
    directory: ports,
    store,
    random: randomInt,
    transportFor: (address) => transportFor(address, clock),
    // The operator watches: a request of the device is shown, and nothing is said in the operator's name.
    onLink: (link) => link.stack.onUnrouted(() => undefined),
  })
  const console = new Console({
    links,
    app: {
      name: 'Netcore Console',
      version: packageJson.version,
      host,
      runtime: process.versions['electron']
        ? `Electron ${process.versions['electron']}`
        : `Node ${process.version}`,
      platform: `${process.platform} ${process.arch}`,
      startedAtIso: new Date().toISOString(),
    },
    ports,
    checkMachine: () => checkMachine(thisMachine(listSerialPorts)),
    recents: recentsFile(join(workspaceDir, 'recent-links.json')),
    logs: new TerminalLogs(logsDir(workspaceDir)),
    profiles: new ProfileFolder(profilesDir(workspaceDir)),
    triggers: new TriggerFile(triggersPath(workspaceDir)),
    workspace: new Workspace(workspaceDir),
    secrets: new SecretStore({
      path: secretsPath(workspaceDir, process.env),
      env: process.env,
      cipher: secretCipher ?? null,
    }),
    history: new SendHistory(join(stateDir(workspaceDir), 'sent.jsonl'), randomUUID(), randomUUID, onProblem),
    nowIso: () => new Date().toISOString(),
    onProblem,
    ...(captureLimits && { captureLimits }),
    ...(hostFiles && { hostFiles }),
  })
  return {
    console,
    clock,
    async close() {
      await console.close()
      store.close()
    },
  }
}
