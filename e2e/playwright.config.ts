import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'
import type { HostKind } from './fixtures'

/** The browser: one that is named or installed, else Playwright's own. */
const executablePath = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium'].find(
  (path) => path && existsSync(path),
)

/**
 * The shell around the page proves itself on these. What others ask for is decided in the core or drawn by the page, both
 * the same behind every host: once in the browser, and once in the real Electron where it can be had, is enough.
 */
const ABOUT_THE_SHELL = [
  '**/*.desktop.spec.ts',
  '**/hosts.spec.ts',
  '**/security.spec.ts',
  '**/simulator.spec.ts',
]

/**
 * Chromium takes one list: what Playwright would leave out by itself, and the two pages that it keeps ready below the
 * address bar of every window. Nobody sees them here, and they cost half a second of CPU per test.
 */
const WITHOUT_FEATURES = [
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
]

/** Files about one kind of host carry its name; the others run everywhere. */
const project = (name: HostKind, files: { testIgnore?: string[]; testMatch?: string[] }) => ({
  name,
  ...files,
  use: { hostKind: name },
})

export default defineConfig<{ hostKind: HostKind }>({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results',
  snapshotPathTemplate: '{testDir}/looks/{arg}{ext}',
  updateSnapshots: process.env['UPDATE_LOOKS'] === '1' ? 'all' : 'none',
  globalSetup: './global-setup.ts',
  timeout: 60_000,
  expect: { timeout: 30_000 }, // a Python peer keeps a whole core busy,
  workers: 2,
  fullyParallel: true,
  forbidOnly: process.env['CI'] !== undefined,
  retries: process.env['CI'] === undefined ? 0 : 1, // a second try is reported as flaky, never silently
  reporter: 'list',
  use: {
    browserName: 'chromium',
    launchOptions: {
      ...(executablePath && { executablePath }),
      args: [
        '--no-sandbox', // build machines run as root
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-domain-reliability',
        '--no-first-run',
        `--disable-features=${WITHOUT_FEATURES.join(',')}`,
      ],
    },
    // what was done and what went wrong; snapshots of every step would double the time of the whole suite
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    screenshot: 'only-on-failure',
  },
  projects: [
    project('web', { testIgnore: ['**/*.desktop.spec.ts', '**/*.electron.spec.ts'] }),
    project('shell', { testMatch: ABOUT_THE_SHELL }),
    project('electron', { testIgnore: ['**/*.web.spec.ts', '**/electron-double.desktop.spec.ts'] }),
  ],
})
