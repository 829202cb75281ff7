import { expect, test } from 'vitest'
import { menuTemplate } from './app-menu'
import { windowOptions } from './window-options'

test('the page is sandboxed, isolated and has no Node, and nothing else is set', () => {
  expect(windowOptions('/out/preload/index.cjs', false).webPreferences).toEqual({
    preload: '/out/preload/index.cjs',
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    backgroundThrottling: true,
    devTools: false,
  })
})

test('the window appears only when its page has painted', () => {
  expect(windowOptions('', true).show).toBe(false)
})

test.each(['linux', 'win32', 'darwin'] as const)(
  'a packaged program on %s has no way to developer tools',
  (platform) => {
    const text = JSON.stringify(menuTemplate(platform, false))
    expect(text).not.toContain('toggleDevTools')
    expect(text).not.toContain('"reload"')
    expect(JSON.stringify(menuTemplate(platform, true))).toContain('toggleDevTools')
  },
)
