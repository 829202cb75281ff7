import { _electron } from '@playwright/test'
import { REPOSITORY_DIR } from '../paths'
import { type HostOptions, launchArguments, type RunningHost, watchErrors } from './running-host'

/** Starts the real Electron on the built shell. */
export async function startElectron(executablePath: string, options: HostOptions): Promise<RunningHost> {
  // as root, on build machines only, Chromium's own sandbox cannot start
  const rootArguments = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const app = await _electron.launch({
    executablePath, // always given: without it Playwright would load the npm package, which downloads
    args: [...rootArguments, REPOSITORY_DIR, ...launchArguments(options)],
  })
  let output = ''
  for (const stream of [app.process().stdout, app.process().stderr]) {
    stream?.on('data', (data: Buffer) => (output += data.toString()))
  }
  const page = await app.firstWindow()
  const pageErrors = watchErrors(page)
  await page.waitForLoadState('domcontentloaded')
  return {
    page,
    pageUrl: 'app://console/index.html',
    web: undefined,
    openedOutside: [],
    pageErrors,
    output: () => output,
    close: () => app.close(),
  }
}
