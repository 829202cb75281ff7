import { readFileSync } from 'node:fs'
import type { Browser, BrowserContext, CDPSession, Frame, Page, Request, Route } from '@playwright/test'
import type { FrameFacts, PortData, SchemeAnswer, ToApp, ToWindow } from '../electron-double/messages'
import { DOUBLE_DIR } from '../paths'
import { watchErrors } from './running-host'

/**
 * Chromium outside Electron cannot load `app:` addresses. The page lives under this origin instead, which exists nowhere:
 * every request for it is answered by the app's own protocol handler under its `app:` address.
 */
export const PAGE_ORIGIN = 'https://app-console.invalid'
const APP_ORIGIN = 'app://console'
const PRELOAD_WORLD = 'preload'

/** Chromium's permissions that a page can be given here, with Electron's names for them. */
const PERMISSIONS = [
  ['clipboard-write', 'clipboard-sanitized-write'],
  ['clipboard-read', 'clipboard-read'],
  ['geolocation', 'geolocation'],
  ['notifications', 'notifications'],
  ['camera', 'media'],
] as const

const toPage = (url: string): string =>
  url.startsWith(APP_ORIGIN) ? PAGE_ORIGIN + url.slice(APP_ORIGIN.length) : url
const toApp = (url: string): string =>
  url.startsWith(`${PAGE_ORIGIN}/`) ? APP_ORIGIN + url.slice(PAGE_ORIGIN.length) : url

const toPageData = (data: PortData): { text: string } | { base64: string } =>
  typeof data === 'string' ? { text: data } : { base64: Buffer.from(data).toString('base64') }

type Question = ToApp & { id: number }
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never

/** Undefined for the first request of a window that does not exist yet. */
function frameOf(request: Request): Frame | undefined {
  try {
    return request.frame()
  } catch {
    return undefined
  }
}

/** The window's half of the double: a Chromium page that behaves as the app half says. */
export class ShellWindow {
  readonly page: Page
  readonly openedOutside: string[] = []
  readonly pageErrors: readonly string[]
  /** Resolves when the shell shows its window; rejects when it tells an error instead. */
  readonly shown: Promise<void>
  readonly #context: BrowserContext
  readonly #cdp: CDPSession
  readonly #tellApp: (message: ToApp) => void
  readonly #answers = new Map<number, (value: unknown) => void>()
  /** Ports of the document that is loaded now. */
  readonly #ports = new Set<number>()
  #lastId = 0
  #preloadContext: number | undefined
  #installed: Promise<void> = Promise.resolve()
  #isLoadingByShell = false
  #tellShown: () => void = () => undefined
  #tellFailed: (error: Error) => void = () => undefined

  private constructor(
    context: BrowserContext,
    page: Page,
    cdp: CDPSession,
    tellApp: (message: ToApp) => void,
  ) {
    this.#context = context
    this.page = page
    this.pageErrors = watchErrors(page)
    this.#cdp = cdp
    this.#tellApp = tellApp
    this.shown = new Promise((resolve, reject) => {
      this.#tellShown = resolve
      this.#tellFailed = reject
    })
  }

  static async open(browser: Browser, tellApp: (message: ToApp) => void): Promise<ShellWindow> {
    const context = await browser.newContext({ acceptDownloads: true })
    const page = await context.newPage()
    return new ShellWindow(context, page, await context.newCDPSession(page), tellApp)
  }

  /** What the app half says. */
  received(message: ToWindow): void {
    switch (message.t) {
      case 'window-created':
        this.#installed = this.#install(message)
        this.#installed.catch(this.#tellFailed)
        return
      case 'load':
        void this.#installed.then(() => this.#load(message.url))
        return
      case 'shown':
        this.#tellShown()
        return
      case 'answer':
        this.#answers.get(message.id)?.(message.value)
        this.#answers.delete(message.id)
        return
      case 'invoke-result':
        this.#inPreload('invoked', message.id, message.ok, message.value)
        return
      case 'frame-message':
        for (const port of message.ports) this.#ports.add(port)
        this.#inPreload('frameMessage', message.channel, message.message, message.ports)
        return
      case 'port-message':
        this.#inPreload('portMessage', message.port, toPageData(message.data))
        return
      case 'port-closed':
        this.#ports.delete(message.port)
        this.#inPreload('portClosed', message.port)
        return
      case 'external':
        this.openedOutside.push(message.url)
        return
      case 'error-box':
        this.#tellFailed(new Error(`${message.title}: ${message.content}`))
    }
  }

  async close(): Promise<void> {
    await this.#context.close()
    this.#tellApp({ t: 'window-closed' })
  }

  async #install({ preloadPath, width, height }: ToWindow & { t: 'window-created' }): Promise<void> {
    await this.page.setViewportSize({ width, height })
    await this.page.addInitScript({ path: `${DOUBLE_DIR}/page-world.js` })
    this.#cdp.on('Runtime.executionContextCreated', ({ context }) => {
      const { frameId } = context.auxData as { frameId?: string }
      if (context.name === PRELOAD_WORLD && frameId === mainFrameId) this.#preloadContext = context.id
    })
    this.#cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
      if (executionContextId === this.#preloadContext) this.#documentGone()
    })
    this.#cdp.on('Runtime.executionContextsCleared', () => this.#documentGone())
    this.#cdp.on('Runtime.bindingCalled', ({ payload, executionContextId }) => {
      if (executionContextId === this.#preloadContext) this.#preloadSays(payload)
    })
    const { frameTree } = await this.#cdp.send('Page.getFrameTree')
    const mainFrameId = frameTree.frame.id
    await this.#cdp.send('Page.enable')
    await this.#cdp.send('Runtime.enable')
    await this.#cdp.send('Runtime.addBinding', {
      name: '__doubleBinding',
      executionContextName: PRELOAD_WORLD,
    })
    const host = readFileSync(`${DOUBLE_DIR}/preload-host.js`, 'utf8')
    const preload = readFileSync(preloadPath, 'utf8')
    await this.#cdp.send('Page.addScriptToEvaluateOnNewDocument', {
      source: host.replace('__PRELOAD__', () => preload), // a function: the text may hold replacement patterns
      worldName: PRELOAD_WORLD,
    })
    await this.#context.route('**/*', (route) => this.#route(route))
    this.page.on('popup', (popup) => void popup.close()) // its address was asked about in #route
    this.page.on('download', (download) => void this.#prevent(download))
    this.page.on('domcontentloaded', () => this.#tellApp({ t: 'ready-to-show' }))
    await this.#grantPermissions()
  }

  async #load(url: string): Promise<void> {
    this.#isLoadingByShell = true
    await this.page.goto(toPage(url))
    this.#isLoadingByShell = false
  }

  async #grantPermissions(): Promise<void> {
    const granted: string[] = []
    for (const [name, permission] of PERMISSIONS) {
      if (await this.#ask({ t: 'permission', permission, url: `${APP_ORIGIN}/` })) granted.push(name)
    }
    await this.#context.grantPermissions(granted, { origin: PAGE_ORIGIN })
  }

  async #route(route: Route): Promise<void> {
    const request = route.request()
    const url = toApp(request.url())
    if (request.isNavigationRequest() && !(await this.#mayNavigate(request, url))) {
      await route.abort('aborted') // the page stays where it is
      return
    }
    if (!url.startsWith(`${APP_ORIGIN}/`)) {
      await route.abort('blockedbyclient')
      return
    }
    const answer = (await this.#ask({ t: 'request', url, method: request.method() })) as SchemeAnswer
    await route.fulfill({ status: answer.status, headers: answer.headers, body: Buffer.from(answer.body) })
  }

  async #mayNavigate(request: Request, url: string): Promise<boolean> {
    const frame = frameOf(request)
    if (frame?.page() !== this.page) {
      await this.#askForWindow(url)
      return false
    }
    const isMainFrame = frame === this.page.mainFrame()
    if (isMainFrame && this.#isLoadingByShell) return true
    return !(await this.#ask({ t: 'navigate', url, isMainFrame }))
  }

  async #askForWindow(url: string): Promise<void> {
    const answer = await this.#ask({ t: 'open-window', url })
    if (answer !== 'deny') throw new Error('the double of electron opens no second window')
  }

  async #prevent(download: { url(): string; cancel(): Promise<void> }): Promise<void> {
    if (await this.#ask({ t: 'download', url: toApp(download.url()) })) await download.cancel()
  }

  #ask(question: WithoutId<Question>): Promise<unknown> {
    const id = ++this.#lastId
    return new Promise((resolve) => {
      this.#answers.set(id, resolve)
      this.#tellApp({ ...question, id } as ToApp)
    })
  }

  #preloadSays(payload: string): void {
    const message = JSON.parse(payload) as
      | { t: 'invoke'; id: number; channel: string; args: unknown[] }
      | { t: 'port-message'; port: number; base64?: string; text?: string }
    if (message.t === 'invoke') {
      const frame: FrameFacts = { url: toApp(this.page.url()), isMainFrame: true }
      this.#tellApp({ ...message, frame })
    } else {
      const data = message.text ?? Buffer.from(message.base64 ?? '', 'base64')
      this.#tellApp({ t: 'port-message', port: message.port, data })
    }
  }

  /** Reloaded or closed: its ports end with it. */
  #documentGone(): void {
    this.#preloadContext = undefined
    for (const port of this.#ports) this.#tellApp({ t: 'port-closed', port })
    this.#ports.clear()
  }

  #inPreload(name: string, ...args: unknown[]): void {
    if (this.#preloadContext === undefined) return // the document it was meant for is gone
    this.#cdp
      .send('Runtime.callFunctionOn', {
        functionDeclaration: 'function (name, args) { globalThis.__double[name](...args) }',
        executionContextId: this.#preloadContext,
        arguments: [{ value: name }, { value: args }],
      })
      .catch(() => undefined) // the document went away meanwhile
  }
}
