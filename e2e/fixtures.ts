import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect as baseExpect, type Page } from '@playwright/test'
import { findElectron } from './electron-binary'
import { startElectron } from './hosts/electron'
import type { RunningHost } from './hosts/running-host'
import { startShell } from './hosts/shell'
import { startWeb } from './hosts/web'

export type HostKind = 'web' | 'shell' | 'electron'

interface Options {
  /** Which host shows the page; set by the project. */
  hostKind: HostKind
  /** Link addresses the program opens when it starts: `test.use({ links: ['sim:demo'] })`. */
  links: string[]
  /**
   * Whether pictures glide or step, as the person asked the system for. A picture that glides behind everything else takes half
   * a core; tests about gliding say so: `test.use({ motion: 'no-preference' })`.
   */
  motion: 'reduce' | 'no-preference'
}

interface Fixtures {
  /** Where Electron is, in the project that needs it. Asked first of all: nothing is started for a test without its host. */
  electronPath: string | undefined
  /** A folder of its own for everything this program writes; gone afterwards. */
  workspaceDir: string
  /** The running program. */
  host: RunningHost
  /** Its page, loaded. The one thing most tests need. */
  app: Page
  /** Keeps a picture of the page among the results, named after the project. */
  shot: (name: string) => Promise<void>
}

export const test = base.extend<Options & Fixtures>({
  hostKind: ['web', { option: true }],
  links: [[], { option: true }],
  motion: ['reduce', { option: true }],

  electronPath: [
    async ({ hostKind }, use, testInfo) => {
      if (hostKind !== 'electron') return use(undefined)
      const { path, reason } = await findElectron()
      testInfo.skip(path === undefined, reason)
      await use(path)
    },
    { auto: true },
  ],

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  workspaceDir: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'netcore-e2e-'))
    process.env['NETCORE_PRIVATE_DIR'] = join(folder, 'private') // secrets of a test are not those of the person
    await use(folder)
    rmSync(folder, { recursive: true, force: true })
  },

  host: async ({ hostKind, electronPath, browser, workspaceDir, links, motion }, use, testInfo) => {
    const options = { workspaceDir, links }
    let host: RunningHost
    if (hostKind === 'electron') {
      host = await startElectron(electronPath ?? '', options)
    } else {
      host = await (hostKind === 'web' ? startWeb : startShell)(browser, options)
    }
    await host.page.emulateMedia({ reducedMotion: motion })
    await use(host)
    await host.close()
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('program output', { body: host.output(), contentType: 'text/plain' })
    }
  },

  app: async ({ host }, use) => {
    await use(host.page)
  },

  shot: async ({ app }, use, testInfo) => {
    await use(async (name) => {
      const path = testInfo.outputPath(`${testInfo.project.name}-${name}.png`)
      await app.screenshot({ path })
      await testInfo.attach(name, { path, contentType: 'image/png' })
    })
  },
})

/** Files and answers come soon after they were asked for; Playwright's own steps (100, 250, 500, 1000 ms) sleep through that. */
const POLL_MS = [20, 50, 100, 100, 250, 500]

const poll: typeof baseExpect.poll = (actual, options) =>
  baseExpect.poll(actual, {
    intervals: POLL_MS,
    ...(typeof options === 'string' ? { message: options } : options),
  })

/** Playwright's `expect`, which looks more often where it asks again and again. */
export const expect = new Proxy(baseExpect, {
  get: (target, key) => (key === 'poll' ? poll : (Reflect.get(target, key) as unknown)),
})
