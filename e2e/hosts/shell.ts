import { fork } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import type { Browser } from '@playwright/test'
import type { ToWindow } from '../electron-double/messages'
import { DOUBLE_BUNDLE, DOUBLE_DIR, OUT_DIR } from '../paths'
import { WatchedChild } from './child-process'
import { type HostOptions, launchArguments, type RunningHost } from './running-host'
import { PAGE_ORIGIN, ShellWindow } from './shell-window'

/** Starts the built Electron main entry in a Node process with the double in place of `electron`. */
export async function startShell(browser: Browser, options: HostOptions): Promise<RunningHost> {
  const forked = fork(`${OUT_DIR}/main/index.js`, launchArguments(options), {
    execArgv: ['--import', pathToFileURL(`${DOUBLE_DIR}/register.mjs`).href],
    env: { ...process.env, ELECTRON_DOUBLE: pathToFileURL(DOUBLE_BUNDLE).href },
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const child = new WatchedChild(forked)
  const early: ToWindow[] = []
  let receive = (message: ToWindow): unknown => early.push(message)
  forked.on('message', (message) => receive(message as ToWindow))
  const window = await ShellWindow.open(browser, (message) => {
    if (forked.connected) forked.send(message)
  })
  receive = (message) => window.received(message)
  for (const message of early) window.received(message)
  await Promise.race([window.shown, child.failsWhenEnded()])
  return {
    page: window.page,
    pageUrl: `${PAGE_ORIGIN}/index.html`,
    web: undefined,
    openedOutside: window.openedOutside,
    pageErrors: window.pageErrors,
    output: () => child.output(),
    close: async () => {
      await window.close()
      await child.ends()
    },
  }
}
