import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as Electron from 'electron'
import { onWindowMessage, tellWindow } from './link'
import type { SchemeAnswer, ToApp } from './messages'
import { handOver, MessageChannelMain, portClosed, portReceived } from './ports'
import { StrictEvents, strict } from './strict'

/**
 * A strict double of the `electron` module: what the shell uses and nothing else, typed against Electron's declarations.
 * Importing another name fails when the shell is linked; touching another property throws. The window is a Chromium page
 * in the test's process, reached through `link.ts`.
 */

type Listener = (...args: never[]) => unknown

let isReady = false
const beforeReady = (what: string): void => {
  if (isReady) throw new Error(`${what} must be called before the app is ready`)
}
const afterReady = (what: string): void => {
  if (!isReady) throw new Error(`${what} must not be called before the app is ready`)
}

// --- app ---------------------------------------------------------------------------------------------------------

const appEvents = new StrictEvents('app', [
  'web-contents-created',
  'second-instance',
  'window-all-closed',
  'will-quit',
])
const paths: Record<string, string> = { userData: mkdtempSync(join(tmpdir(), 'netcore-shell-')) }
let isSandboxed = false

export const app = strict('app', {
  isPackaged: false,
  enableSandbox() {
    beforeReady('app.enableSandbox')
    isSandboxed = true
  },
  requestSingleInstanceLock: () => true,
  whenReady: () => ready,
  getPath(name) {
    const path = paths[name]
    if (path === undefined) throw new Error(`the double of electron has no path "${name}"`)
    return path
  },
  setPath(name, path) {
    beforeReady('app.setPath')
    paths[name] = path
  },
  quit() {
    if (appEvents.isPrevented('will-quit', {})) return
    process.exit(0)
  },
  exit: (code) => process.exit(code),
  on(name: string, listener: Listener) {
    appEvents.add(name, listener)
  },
} satisfies Pick<
  Electron.App,
  | 'enableSandbox'
  | 'requestSingleInstanceLock'
  | 'whenReady'
  | 'getPath'
  | 'setPath'
  | 'quit'
  | 'exit'
  | 'isPackaged'
> & { on: unknown })

const ready = new Promise<void>((resolve) => {
  setImmediate(() => {
    isReady = true
    resolve()
  })
})

// --- scheme ------------------------------------------------------------------------------------------------------

const privileged = new Set<string>()
const schemeHandlers = new Map<string, Parameters<Electron.Protocol['handle']>[1]>()

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged(schemes) {
    beforeReady('protocol.registerSchemesAsPrivileged')
    for (const { scheme, privileges } of schemes) {
      if (privileges?.standard !== true || privileges.secure !== true) {
        throw new Error('the window of the double behaves like a standard, secure scheme only')
      }
      privileged.add(scheme)
    }
  },
  handle(scheme, handler) {
    afterReady('protocol.handle')
    if (!privileged.has(scheme)) throw new Error(`scheme ${scheme} was not registered`)
    schemeHandlers.set(scheme, handler)
  },
} satisfies Pick<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle'>)

async function askScheme(url: string, method: string): Promise<SchemeAnswer> {
  const handler = schemeHandlers.get(url.split(':', 1)[0] ?? '')
  if (handler === undefined) throw new Error(`nobody serves ${url}`)
  // Electron hands over a Request; Node's own refuses schemes it does not know only when it fetches them
  const response = await handler(new Request(url, { method }))
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: new Uint8Array(await response.arrayBuffer()),
  }
}

// --- session -----------------------------------------------------------------------------------------------------

const sessionEvents = new StrictEvents('session', [
  'select-serial-port',
  'select-hid-device',
  'select-usb-device',
  'will-download',
])
let requestHandler: Parameters<Electron.Session['setPermissionRequestHandler']>[0] = null
let checkHandler: Parameters<Electron.Session['setPermissionCheckHandler']>[0] = null

const defaultSession = strict('session.defaultSession', {
  setPermissionRequestHandler(handler) {
    requestHandler = handler
  },
  setPermissionCheckHandler(handler) {
    checkHandler = handler
  },
  setDevicePermissionHandler(handler) {
    if (handler === null) throw new Error('devices would be given')
  },
  setDisplayMediaRequestHandler(handler) {
    if (handler === null) throw new Error('screens would be given')
  },
  on(name: string, listener: Listener) {
    sessionEvents.add(name, listener)
  },
} satisfies Pick<
  Electron.Session,
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
> & { on: unknown })

export const session = strict('session', { defaultSession })

/** Granted only when both handlers grant; without handlers Electron grants everything. */
function isPermitted(permission: string, url: string): boolean {
  const name = permission as Parameters<NonNullable<typeof checkHandler>>[1]
  let isGranted = requestHandler === null
  const details = { isMainFrame: true, requestingUrl: url }
  requestHandler?.(
    webContents as unknown as Electron.WebContents,
    name,
    (given) => (isGranted = given),
    details,
  )
  return (
    isGranted && (checkHandler === null || checkHandler(null, name, url, { ...details, securityOrigin: url }))
  )
}

// --- window ------------------------------------------------------------------------------------------------------

const contentsEvents = new StrictEvents('webContents', [
  'will-navigate',
  'will-frame-navigate',
  'will-redirect',
  'will-attach-webview',
  'render-process-gone',
])
const windowEvents = new StrictEvents('window', ['ready-to-show', 'unresponsive', 'closed'])
let openHandler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0] | undefined

const webContents = strict('webContents', {
  setWindowOpenHandler(handler) {
    openHandler = handler
  },
  on(name: string, listener: Listener) {
    contentsEvents.add(name, listener)
  },
} satisfies Pick<Electron.WebContents, 'setWindowOpenHandler'> & { on: unknown })

/** Preferences a window of ours has. The page of the double cannot be weaker than what is checked here. */
function checkPreferences(preferences: Electron.WebPreferences): string {
  const { sandbox, contextIsolation, nodeIntegration, preload } = preferences
  if (!isSandboxed || sandbox !== true) throw new Error('the page of the double is sandboxed')
  if (contextIsolation !== true) throw new Error('the preload of the double is isolated from its page')
  if (nodeIntegration !== false) throw new Error('the page of the double has no Node')
  if (preload === undefined) throw new Error('the window has no preload')
  return preload
}

let windows = 0

/** Called with `new`; what it gives is the strict window, so nothing inherited is left over. */
export function BrowserWindow(options: Electron.BrowserWindowConstructorOptions): unknown {
  afterReady('new BrowserWindow')
  if (++windows > 1) throw new Error('the shell has one window')
  const preloadPath = checkPreferences(options.webPreferences ?? {})
  appEvents.emit('web-contents-created', {}, webContents)
  const { width = 800, height = 600 } = options
  tellWindow({ t: 'window-created', preloadPath, width, height })
  return strict('BrowserWindow', {
    webContents,
    loadURL(url) {
      tellWindow({ t: 'load', url })
      return Promise.resolve()
    },
    show: () => tellWindow({ t: 'shown' }),
    isMinimized: () => false,
    focus: () => undefined,
    on(name: string, listener: Listener) {
      windowEvents.add(name, listener)
    },
    once(name: string, listener: Listener) {
      windowEvents.add(name, listener) // each is emitted once
    },
  } satisfies Pick<Electron.BrowserWindow, 'loadURL' | 'show' | 'isMinimized' | 'focus'> &
    Record<string, unknown>)
}

// --- the rest ----------------------------------------------------------------------------------------------------

const invokeHandlers = new Map<string, Parameters<Electron.IpcMain['handle']>[1]>()

export const ipcMain = strict('ipcMain', {
  handle(channel, listener) {
    if (invokeHandlers.has(channel)) throw new Error(`${channel} has a handler already`)
    invokeHandlers.set(channel, listener)
  },
} satisfies Pick<Electron.IpcMain, 'handle'>)

export const Menu = strict('Menu', {
  buildFromTemplate: (template: Electron.MenuItemConstructorOptions[]) => strict('menu', { items: template }),
  setApplicationMenu(menu: { items: Electron.MenuItemConstructorOptions[] }) {
    if (menu.items.length === 0) throw new Error('an empty menu')
  },
})

export const shell = strict('shell', {
  openExternal(url) {
    tellWindow({ t: 'external', url })
    return Promise.resolve()
  },
} satisfies Pick<Electron.Shell, 'openExternal'>)

export const dialog = strict('dialog', {
  showErrorBox(title, content) {
    tellWindow({ t: 'error-box', title, content })
  },
} satisfies Pick<Electron.Dialog, 'showErrorBox'>)

/** A key store that turns each byte around: what lies on the disk is not what was given. */
const turned = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte ^ 0xff))
export const safeStorage = strict('safeStorage', {
  isAsyncEncryptionAvailable: () => Promise.resolve(true),
  getSelectedStorageBackend: () => 'gnome_libsecret',
  encryptStringAsync: (text) => Promise.resolve(turned(Buffer.from(text))),
  decryptStringAsync: (bytes) =>
    Promise.resolve({ result: turned(bytes).toString(), shouldReEncrypt: false }),
} satisfies Pick<
  Electron.SafeStorage,
  'isAsyncEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptStringAsync' | 'decryptStringAsync'
>)

export { MessageChannelMain }

// --- what the window says ----------------------------------------------------------------------------------------

async function invoke({ id, channel, args, frame }: ToApp & { t: 'invoke' }): Promise<void> {
  const senderFrame = strict('WebFrameMain', {
    url: frame.url,
    parent: frame.isMainFrame ? null : {},
    postMessage(name: string, message: unknown, transfer: Electron.MessagePortMain[] = []) {
      tellWindow({ t: 'frame-message', channel: name, message, ports: transfer.map(handOver) })
    },
  })
  try {
    const handler = invokeHandlers.get(channel)
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`)
    const event = strict('IpcMainInvokeEvent', { senderFrame }) as unknown as Electron.IpcMainInvokeEvent
    tellWindow({ t: 'invoke-result', id, ok: true, value: await handler(event, ...args) })
  } catch (error) {
    tellWindow({ t: 'invoke-result', id, ok: false, value: String(error) })
  }
}

function isNavigationPrevented({ url, isMainFrame }: ToApp & { t: 'navigate' }): boolean {
  const details = { url, isMainFrame, isSameDocument: false }
  const isFramePrevented = contentsEvents.isPrevented('will-frame-navigate', details)
  return (isMainFrame && contentsEvents.isPrevented('will-navigate', details)) || isFramePrevented
}

onWindowMessage((message) => {
  switch (message.t) {
    case 'ready-to-show':
      windowEvents.emit('ready-to-show')
      return
    case 'window-closed':
      appEvents.emit('window-all-closed')
      return
    case 'invoke':
      void invoke(message)
      return
    case 'port-message':
      portReceived(message.port, message.data)
      return
    case 'port-closed':
      portClosed(message.port)
      return
    case 'request':
      void askScheme(message.url, message.method).then((value) =>
        tellWindow({ t: 'answer', id: message.id, value }),
      )
      return
    case 'navigate':
      tellWindow({ t: 'answer', id: message.id, value: isNavigationPrevented(message) })
      return
    case 'open-window': {
      const details = { url: message.url } as Electron.HandlerDetails
      const answer = openHandler === undefined ? 'allow' : openHandler(details).action
      tellWindow({ t: 'answer', id: message.id, value: answer })
      return
    }
    case 'permission':
      tellWindow({ t: 'answer', id: message.id, value: isPermitted(message.permission, message.url) })
      return
    case 'download':
      tellWindow({ t: 'answer', id: message.id, value: sessionEvents.isPrevented('will-download', {}) })
      return
    case 'second-instance':
      appEvents.emit('second-instance', {}, [], '')
  }
})
