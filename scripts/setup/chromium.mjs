import { existsSync } from 'node:fs'
import { say, run, tool } from './run.mjs'

const INSTALLED = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

const installed = () => INSTALLED.find((path) => path && existsSync(path))

async function playwrights() {
  const { chromium } = await import('@playwright/test')
  const path = chromium.executablePath()
  return existsSync(path) ? path : undefined
}

/**
 * A Chromium for the browser tests: one that is installed, else Playwright's, else Debian's package when we are root.
 *
 * @returns {Promise<{path?: string, reason?: string}>}
 */
export async function ensureChromium() {
  const found = installed() ?? (await playwrights())
  if (found) return { path: found }
  say("fetching Playwright's Chromium for the browser tests (once) ...")
  const fetched = await tool('@playwright/test/cli.js', ['install', 'chromium'], {
    quiet: true,
    timeoutMs: 180_000,
  })
  const own = await playwrights()
  if (own) return { path: own }
  say(`that did not work (${fetched.output.trim().split('\n').at(-1)?.slice(0, 160)})`)
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say("installing Debian's chromium (once) ...")
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    await run('apt-get', ['update'], { quiet: true, timeoutMs: 180_000, env })
    const { output } = await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], {
      quiet: true,
      timeoutMs: 480_000,
      env,
    })
    const path = installed()
    if (path) return { path }
    say(output.trim().split('\n').at(-1) ?? '')
  }
  return { reason: 'no Chromium: install one, or set CHROMIUM_PATH' }
}
