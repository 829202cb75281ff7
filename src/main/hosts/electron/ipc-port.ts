import type { IpcMain, IpcMainInvokeEvent, MessagePortMain } from 'electron'
import type { ByteChannel } from '../../../shared/contract/envelope'
import { CONNECT_REQUEST, type ConnectAnswer, PORT_MESSAGE } from '../../../shared/contract/host-api'
import { ConsoleError, toWireError } from '../../../shared/errors'
import { isOurMainFrame } from './frame-trust'

/** What Electron gives this file: the only place that listens to a page. */
export interface PortParts {
  readonly ipcMain: Pick<IpcMain, 'handle'>
  createPorts(): { readonly port1: MessagePortMain; readonly port2: MessagePortMain }
}

/**
 * Hands a channel to our page when it asks, and to nobody else: the port is made only after the check of the sender.
 * Everything else the page wants travels through that port. A page that is gone, also by a reload, closes its port.
 */
export function servePorts(parts: PortParts, connected: (channel: ByteChannel) => void): void {
  parts.ipcMain.handle(CONNECT_REQUEST, (event: IpcMainInvokeEvent): ConnectAnswer => {
    const frame = event.senderFrame
    if (frame === null || !isOurMainFrame(frame)) {
      const error = new ConsoleError(
        'IPC_UNTRUSTED',
        'a channel was asked for by a frame that is not the main page',
      )
      return { ok: false, error: toWireError(error) }
    }
    const { port1, port2 } = parts.createPorts()
    connected(new PortChannel(port1))
    frame.postMessage(PORT_MESSAGE, null, [port2])
    return { ok: true }
  })
}

type CorePort = Pick<MessagePortMain, 'on' | 'postMessage' | 'start' | 'close'>

/** A reason comes from a page: enough for a code and a sentence. */
const MAX_REASON = 200

/** The core's end of a port as a byte channel. A text instead of bytes is a goodbye with its reason; anything else is refused. */
export class PortChannel implements ByteChannel {
  readonly #port: CorePort
  #closed: ((reason: string) => void) | undefined
  #closeReason: string | undefined
  /** A port tells nothing about its queue; the acknowledgements of the contract bound it. */
  readonly bufferedBytes = 0

  constructor(port: CorePort) {
    this.#port = port
    port.on('close', () => this.#ended('the page closed the port'))
  }

  send(frame: Uint8Array): void {
    if (this.#closeReason !== undefined) return
    // a plain array of its own: a view would be cloned together with the whole buffer behind it
    this.#port.postMessage(new Uint8Array(frame))
  }

  onFrame(receive: (frame: Uint8Array) => void): void {
    this.#port.on('message', ({ data }: { data: unknown }) => {
      if (this.#closeReason !== undefined) return
      if (data instanceof Uint8Array) receive(data)
      else this.#end(typeof data === 'string' ? data.slice(0, MAX_REASON) : 'CONTRACT_BAD_FRAME')
    })
    this.#port.start() // what arrived meanwhile was kept
  }

  onClosed(closed: (reason: string) => void): void {
    this.#closed = closed
    const reason = this.#closeReason
    if (reason !== undefined) queueMicrotask(() => closed(reason))
  }

  close(reason = 'closed by the core'): void {
    if (this.#closeReason !== undefined) return
    this.#port.postMessage(reason)
    this.#end(reason)
  }

  #end(reason: string): void {
    this.#port.close()
    this.#ended(reason)
  }

  #ended(reason: string): void {
    if (this.#closeReason !== undefined) return
    this.#closeReason = reason
    this.#closed?.(reason)
  }
}
