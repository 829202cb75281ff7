import { join } from 'node:path'
import { buildConsole } from './build-console'
import { startElectronHost } from './hosts/electron'
import { desktopLaunchOptions } from './launch-options'

const { workspaceDir, links } = desktopLaunchOptions(process.argv.slice(1))

startElectronHost({
  workspaceDir,
  rendererDir: join(import.meta.dirname, '..', 'renderer'),
  preloadPath: join(import.meta.dirname, '..', 'preload', 'index.cjs'),
  buildCore: (folder, secretCipher, hostFiles) => {
    const onProblem = (problem: Error): void => void process.stderr.write(`${problem.message}\n`)
    const core = buildConsole({ host: 'electron', workspaceDir: folder, secretCipher, hostFiles, onProblem })
    for (const url of links) core.console.call('link.open', { url }).catch(onProblem)
    return core
  },
})
