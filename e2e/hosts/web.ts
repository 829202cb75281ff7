import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Browser } from '@playwright/test'
import { OUT_DIR } from '../paths'
import { WatchedChild } from './child-process'
import { type HostOptions, launchArguments, type RunningHost, watchErrors } from './running-host'

/** Starts `node out/main/web.js` on a free port and opens its address. */
export async function startWeb(browser: Browser, options: HostOptions): Promise<RunningHost> {
  const args = ['--port', '0', '--jsonl', ...launchArguments(options)]
  const process_ = spawn(process.execPath, [`${OUT_DIR}/main/web.js`, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const child = new WatchedChild(process_)
  const firstLine = new Promise<string>((resolve) => createInterface(process_.stdout).once('line', resolve))
  const line = await Promise.race([firstLine, child.failsWhenEnded()])
  const { url, token } = JSON.parse(line) as { url: string; token: string }
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  const pageErrors = watchErrors(page)
  await page.goto(`${url}#token=${token}`)
  return {
    page,
    pageUrl: url,
    web: { url, token, pid: process_.pid! },
    openedOutside: [],
    pageErrors,
    output: () => child.output(),
    close: async () => {
      await context.close()
      process_.kill('SIGTERM')
      await child.ends()
    },
  }
}
