import type { BrowserWindowConstructorOptions, WebPreferences } from 'electron'

/**
 * Web preferences of every window. What Electron protects by default is not named here, so that nobody can switch it off
 * by editing a line; the names that must never appear are refused by lint.
 */
export function webPreferences(preloadPath: string): WebPreferences {
  return {
    preload: preloadPath,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false, // it would fetch dictionaries from elsewhere
    backgroundThrottling: true,
  }
}

/** @param hasDevTools - False in a packaged program. */
export function windowOptions(preloadPath: string, hasDevTools: boolean): BrowserWindowConstructorOptions {
  return {
    title: 'Netcore Console',
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false, // until the page has painted: no white flash
    backgroundColor: '#0f1419',
    autoHideMenuBar: true,
    webPreferences: { ...webPreferences(preloadPath), devTools: hasDevTools },
  }
}
