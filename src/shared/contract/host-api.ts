import type { WireError } from '../errors'

/** What the preload puts into the page as `window.netcoreConsole` when Electron is the host. */
export interface ElectronHostApi {
  readonly host: 'electron'
  /**
   * Asks the core for a new channel. The port itself cannot cross the bridge between preload and page: it comes as a
   * message event of the page's own window with `data === PORT_MESSAGE`, before the promise resolves or shortly after.
   */
  connect(): Promise<ConnectAnswer>
  /** Opens another window on the same session. Does nothing when the most there may be are open. */
  openWindow(): Promise<void>
}

export type ConnectAnswer = { readonly ok: true } | { readonly ok: false; readonly error: WireError }

/** The name under which the preload exposes its functions. */
export const HOST_API_NAME = 'netcoreConsole'
/** `data` of the window message that brings the port of a channel. */
export const PORT_MESSAGE = 'netcore:port'
/** Electron's request for a channel, and the message that carries the port to the preload. */
export const CONNECT_REQUEST = 'netcore:connect'
/** Electron's request for another window. */
export const WINDOW_REQUEST = 'netcore:window'

/** Sub-protocol the web host speaks. The page offers it together with its token, as a second sub-protocol. */
export const SOCKET_PROTOCOL = 'netcore.v1'
export const SOCKET_TOKEN_PREFIX = 'netcore.token.'
/** Path of the WebSocket on the web host. */
export const SOCKET_PATH = '/channel'
/** The fragment of the page's address is this and the token: a fragment never leaves the browser. */
export const TOKEN_FRAGMENT_PREFIX = '#token='

/** Codes with which the web host closes a socket. */
export const SOCKET_CLOSE = {
  /** The core ended the channel: a frame it could not accept, or it is stopping. */
  CORE_ENDED: 4000,
  /** The page did not read for too long. */
  TOO_SLOW: 4001,
  /** Too many pages are open. */
  TOO_MANY: 4002,
} as const
