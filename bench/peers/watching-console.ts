import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { MessageChannel, Worker } from 'node:worker_threads'
import { Console } from '../../src/main/console/console'
import { serveContract } from '../../src/main/hosts/contract-server'
import type { Links } from '../../src/main/link/links'
import { PortWatch } from '../../src/main/link/port-watch'
import { ProfileFolder } from '../../src/main/workspace/profile-folder'
import { TerminalLogs } from '../../src/main/workspace/terminal-logs'
import { TriggerFile, triggersPath } from '../../src/main/workspace/trigger-file'
import { operatorFiles } from '../../src/testing/operator-files'
import { Workspace } from '../../src/main/workspace/workspace'
import type { Clock } from '../../src/shared/model/clock'
import { PortChannel } from '../port-channel'

/** The lanes of the correctness pass alone are more than this. */
const LEAST_BYTES = 10_000

/**
 * The whole observer as the program attaches it: capture, feeds and contract server on this thread, and on another one
 * (in the program: in another process) a screen that subscribes to lanes, messages and status and acknowledges them.
 *
 * @throws (when it is detached) Error when the screen got hardly anything: then nothing was measured.
 */
export async function attachConsole(links: Links, clock: Clock): Promise<() => Promise<void>> {
  const console = new Console({
    links,
    app: {
      name: 'benchmark',
      version: '0',
      host: 'electron',
      runtime: `Node ${process.version}`,
      platform: process.platform,
      startedAtIso: new Date().toISOString(),
    },
    ports: new PortWatch({ clock, list: () => Promise.resolve([]) }),
    checkMachine: () => Promise.resolve([]),
    profiles: new ProfileFolder(join(tmpdir(), 'netcore-no-profiles')),
    logs: new TerminalLogs(join(tmpdir(), 'netcore-no-logs')),
    triggers: new TriggerFile(triggersPath(join(tmpdir(), 'netcore-no-triggers'))),
    workspace: new Workspace(join(tmpdir(), 'netcore-no-workspace')),
    ...operatorFiles(join(tmpdir(), 'netcore-no-workspace')),
    recents: { load: () => Promise.resolve([]), save: () => Promise.resolve() },
    nowIso: () => new Date().toISOString(),
    onProblem: (problem) => {
      throw problem
    },
  })
  const frames = new MessageChannel()
  const reports = new MessageChannel()
  const screen = new Worker(join(dirname(process.argv[1]!), 'screen.js'), {
    workerData: { channel: frames.port2, reports: reports.port2 },
    transferList: [frames.port2, reports.port2],
  })
  serveContract(new PortChannel(frames.port1), console, clock)
  await once(reports.port1, 'message')
  return async () => {
    reports.port1.postMessage('what did you see?')
    const [seen] = (await once(reports.port1, 'message')) as [{ readonly bytes: number }]
    await screen.terminate()
    await console.close()
    if (seen.bytes < LEAST_BYTES) throw new Error(`the screen got ${seen.bytes} bytes`)
  }
}
