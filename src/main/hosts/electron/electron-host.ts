import { join } from 'node:path'
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  protocol,
  safeStorage,
  session,
  shell,
} from 'electron'
import { asConsoleError } from '../../../shared/errors'
import type { Clock } from '../../../shared/model/clock'
import type { ConsolePort } from '../../console/console-types'
import type { HostFiles } from '../../console/host-files'
import { AssetStore } from '../asset-store'
import { serveContract } from '../contract-server'
import { menuTemplate } from './app-menu'
import { answerAppRequest, APP_SCHEME, PAGE_URL } from './app-scheme'
import { servePorts } from './ipc-port'
import { type SystemCipher, systemCipher } from './key-store'
import { guardContents } from './navigation-guard'
import { watchPage } from './page-health'
import { guardSession } from './permissions'
import { serveWindows } from './serve-windows'
import { windowOptions } from './window-options'

export interface ElectronHostSetup {
  /** Folder for everything the program writes; undefined for the system's usual place. */
  readonly workspaceDir: string | undefined
  /** Folder of the built page. */
  readonly rendererDir: string
  /** The built preload, one CommonJS file. */
  readonly preloadPath: string
  /** Called once, when Electron is ready. */
  readonly buildCore: (workspaceDir: string, secretCipher: SystemCipher, files: HostFiles) => ElectronCore
}

export interface ElectronCore {
  readonly console: ConsolePort
  readonly clock: Clock
  close(): Promise<void>
}

/** Runs the desktop program: windows with our page, all on one session, and nothing else they could show or reach. */
export function startElectronHost(setup: ElectronHostSetup): void {
  app.enableSandbox()
  protocol.registerSchemesAsPrivileged([APP_SCHEME])
  if (setup.workspaceDir !== undefined) app.setPath('userData', join(setup.workspaceDir, 'electron'))
  if (!app.requestSingleInstanceLock()) {
    app.quit() // the first one comes to the front
    return
  }
  app.on('web-contents-created', (_, contents) => {
    guardContents(contents, (url) => void shell.openExternal(url))
  })
  void app.whenReady().then(() => {
    try {
      openProgram(setup)
    } catch (error) {
      const { message, remedy } = asConsoleError(error)
      dialog.showErrorBox('Netcore Console cannot start', `${message}\n\n${remedy}`)
      app.exit(1)
    }
  })
}

function openProgram(setup: ElectronHostSetup): void {
  const hasDevTools = !app.isPackaged
  const assets = AssetStore.load(setup.rendererDir)
  guardSession(session.defaultSession)
  protocol.handle(APP_SCHEME.scheme, (request) => answerAppRequest(request, assets))
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, hasDevTools)))

  const core = setup.buildCore(
    setup.workspaceDir ?? app.getPath('userData'),
    systemCipher(safeStorage, process.platform),
    { reveal: (path) => shell.showItemInFolder(path), trash: (path) => shell.trashItem(path) },
  )
  closeBeforeQuitting(core)
  servePorts({ ipcMain, createPorts: () => new MessageChannelMain() }, (channel) => {
    serveContract(channel, core.console, core.clock)
  })

  const windows = new Set<BrowserWindow>()
  const openWindow = (): void => {
    const window = new BrowserWindow(windowOptions(setup.preloadPath, hasDevTools))
    windows.add(window)
    watchPage(window, dialog, () => app.quit())
    window.once('ready-to-show', () => window.show())
    window.once('closed', () => windows.delete(window))
    void window.loadURL(PAGE_URL)
  }
  serveWindows({ ipcMain, countWindows: () => windows.size, openWindow })
  openWindow()
  app.on('second-instance', () => {
    const newest = [...windows].at(-1)
    if (newest?.isMinimized() === true) newest.restore()
    newest?.focus()
  })
  // without its window nobody could see or stop what the links do
  app.on('window-all-closed', () => app.quit())
}

/** Lets the core close its links and save before the process ends. */
function closeBeforeQuitting(core: ElectronCore): void {
  let isClosed = false
  app.on('will-quit', (event) => {
    if (isClosed) return
    event.preventDefault()
    void core.close().finally(() => {
      isClosed = true
      app.quit()
    })
  })
}
