import type { ByteChannel } from '../shared/contract/envelope'
import {
  type ElectronHostApi,
  PORT_MESSAGE,
  SOCKET_PATH,
  SOCKET_PROTOCOL,
  SOCKET_TOKEN_PREFIX,
  TOKEN_FRAGMENT_PREFIX,
} from '../shared/contract/host-api'
import { ConsoleError, fromWireError } from '../shared/errors'

declare global {
  interface Window {
    /** Present in Electron only; the web host needs nothing from outside the page. */
    readonly netcoreConsole?: ElectronHostApi
  }
}

const TOKEN_STORAGE_KEY = 'netcore.token'

/**
 * Opens the byte channel to the core: a port handed over by Electron, or a WebSocket to the web host that served the page.
 *
 * @throws (rejects) ConsoleError `IPC_UNTRUSTED` (Electron refused the frame), `HOST_TOKEN_MISSING` (the address has no
 *   key), `HOST_UNREACHABLE` (the web host is gone or refuses the key).
 */
export function openHostChannel(): Promise<ByteChannel> {
  const electron = window.netcoreConsole
  return electron === undefined ? openSocketChannel() : openPortChannel(electron)
}

/** Another window on the same session: the page has no way to open one by itself in Electron, a browser opens a tab. */
export function openAnotherWindow(): void {
  const electron = window.netcoreConsole
  if (electron !== undefined) {
    void electron.openWindow()
    return
  }
  const token = sessionStorage.getItem(TOKEN_STORAGE_KEY)
  if (token !== null)
    window.open(`${location.pathname}${TOKEN_FRAGMENT_PREFIX}${token}`, '_blank', 'noopener')
}

async function openPortChannel(host: ElectronHostApi): Promise<ByteChannel> {
  const port = new Promise<MessagePort>((resolve) => {
    const take = (event: MessageEvent): void => {
      const port = event.ports[0]
      if (event.source !== window || event.data !== PORT_MESSAGE || port === undefined) return
      window.removeEventListener('message', take)
      resolve(port)
    }
    window.addEventListener('message', take)
  })
  const answer = await host.connect()
  if (!answer.ok) throw fromWireError(answer.error)
  return new PortChannel(await port)
}

function openSocketChannel(): Promise<ByteChannel> {
  const token = takeToken()
  if (token === undefined) {
    return Promise.reject(new ConsoleError('HOST_TOKEN_MISSING', 'the address of this page has no key'))
  }
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${location.host}${SOCKET_PATH}`, [
      SOCKET_PROTOCOL,
      SOCKET_TOKEN_PREFIX + token,
    ])
    socket.binaryType = 'arraybuffer'
    const failed = (): void => {
      // a browser does not tell a page why a handshake failed
      reject(new ConsoleError('HOST_UNREACHABLE', `no connection to the program at ${location.host}`))
    }
    socket.addEventListener('close', failed)
    socket.addEventListener('open', () => {
      socket.removeEventListener('close', failed)
      resolve(new SocketChannel(socket))
    })
  })
}

/**
 * The token of the address. It is taken out of the address bar, so that a screenshot or a shared address does not carry
 * it, and kept for this tab, so that reloading works.
 */
function takeToken(): string | undefined {
  if (location.hash.startsWith(TOKEN_FRAGMENT_PREFIX)) {
    sessionStorage.setItem(TOKEN_STORAGE_KEY, location.hash.slice(TOKEN_FRAGMENT_PREFIX.length))
    history.replaceState(null, '', location.pathname)
  }
  return sessionStorage.getItem(TOKEN_STORAGE_KEY) ?? undefined
}

/** What both channels share: the end is told once, also to a listener that comes late. */
abstract class PageChannel {
  #closeReason: string | undefined
  #closed: ((reason: string) => void) | undefined

  onClosed(closed: (reason: string) => void): void {
    this.#closed = closed
    const reason = this.#closeReason
    if (reason !== undefined) queueMicrotask(() => closed(reason))
  }

  protected get isClosed(): boolean {
    return this.#closeReason !== undefined
  }

  protected ended(reason: string): void {
    if (this.#closeReason !== undefined) return
    this.#closeReason = reason
    this.#closed?.(reason)
  }
}

/** A text instead of bytes is a goodbye with its reason. */
class PortChannel extends PageChannel implements ByteChannel {
  readonly #port: MessagePort
  /** A port tells nothing about its queue; the acknowledgements of the contract bound it. */
  readonly bufferedBytes = 0

  constructor(port: MessagePort) {
    super()
    this.#port = port
    port.addEventListener('close', () => this.ended('the core closed the port'))
  }

  send(frame: Uint8Array): void {
    if (this.isClosed) return
    // a view would be cloned together with the whole buffer behind it
    this.#port.postMessage(frame.byteLength === frame.buffer.byteLength ? frame : frame.slice())
  }

  onFrame(receive: (frame: Uint8Array) => void): void {
    this.#port.onmessage = (event: MessageEvent<unknown>) => {
      if (event.data instanceof Uint8Array) receive(event.data)
      else this.#end(String(event.data))
    }
  }

  close(reason = 'closed by the page'): void {
    if (this.isClosed) return
    this.#port.postMessage(reason)
    this.#end(reason)
  }

  #end(reason: string): void {
    this.#port.close()
    this.ended(reason)
  }
}

class SocketChannel extends PageChannel implements ByteChannel {
  readonly #socket: WebSocket

  constructor(socket: WebSocket) {
    super()
    this.#socket = socket
    socket.addEventListener('close', (event) => {
      this.ended(event.reason === '' ? `the program closed the connection (${event.code})` : event.reason)
    })
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount
  }

  send(frame: Uint8Array): void {
    if (this.isClosed) return
    this.#socket.send(frame as Uint8Array<ArrayBuffer>) // our encoder never uses shared memory
  }

  onFrame(receive: (frame: Uint8Array) => void): void {
    this.#socket.onmessage = (event: MessageEvent<unknown>) => {
      if (event.data instanceof ArrayBuffer) receive(new Uint8Array(event.data))
    }
  }

  close(): void {
    this.#socket.close()
    this.ended('closed by the page')
  }
}
