import type { Page } from '@playwright/test'
import type { Downstream, Upstream } from '../src/shared/contract/envelope'
import { decodeMessage, encodeMessage } from '../src/shared/contract/message-codec'
import type { PortInfo } from '../src/shared/model/views'

/**
 * Tells the page of serial ports that this computer has not: the subscription goes through the real channel, only what the
 * system would say is replaced on the way. In the web host alone.
 */
export class ToldPorts {
  #ports: readonly PortInfo[]
  #tell: (ports: readonly PortInfo[]) => void = () => {}

  private constructor(ports: readonly PortInfo[]) {
    this.#ports = ports
  }

  /** Reloads the page, so that it asks anew. */
  static async begin(page: Page, ports: readonly PortInfo[]): Promise<ToldPorts> {
    const told = new ToldPorts(ports)
    await page.routeWebSocket(/.*/, (socket) => {
      const server = socket.connectToServer()
      let subscription = 0
      let lastSeq = 0
      socket.onMessage((frame) => {
        const message = typeof frame === 'string' ? undefined : (decodeMessage(frame) as Upstream)
        if (message?.t === 'subscribe' && message.name === 'ports') subscription = message.id
        // what was made up here needs no receipt there
        if (message?.t === 'ack' && message.id === subscription && message.seq !== lastSeq) return
        server.send(frame)
      })
      server.onMessage((frame) => {
        const message = typeof frame === 'string' ? undefined : (decodeMessage(frame) as Downstream)
        if (message?.t !== 'item' || message.id !== subscription) {
          socket.send(frame)
          return
        }
        lastSeq = message.seq
        socket.send(item(subscription, message.seq, told.#ports))
      })
      told.#tell = (next) => socket.send(item(subscription, lastSeq, next))
    })
    await page.reload()
    return told
  }

  change(ports: readonly PortInfo[]): void {
    this.#ports = ports
    this.#tell(ports)
  }
}

const item = (id: number, seq: number, ports: readonly PortInfo[]): Buffer =>
  Buffer.from(encodeMessage({ t: 'item', id, seq, value: { ports } }))

/** A port as the system tells of it, but for `more`. */
export const toldPort = (path: string, more: Partial<PortInfo> = {}): PortInfo => ({
  path,
  title: path,
  vendorId: '',
  productId: '',
  serialNumber: '',
  manufacturer: '',
  driver: '',
  interfaceName: '',
  identity: `name:${path}`,
  appearedMs: null,
  lastUsedIso: null,
  problem: null,
  ...more,
})
