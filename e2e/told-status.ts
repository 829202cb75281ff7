import type { Page } from '@playwright/test'
import type { Downstream, Upstream } from '../src/shared/contract/envelope'
import { decodeMessage, encodeMessage } from '../src/shared/contract/message-codec'
import type { StatusSnapshot } from '../src/shared/model/views'

/**
 * Tells the page something else about its links than the core does, such as a board in the way that this computer has not;
 * what the page asks of the core meanwhile is kept. In the web host alone.
 */
export class ToldStatus {
  /** Commands that the page called, in their order. */
  readonly calls: { readonly name: string; readonly args: unknown }[] = []
  #change: (status: StatusSnapshot) => StatusSnapshot = (status) => status
  #tellAgain: () => void = () => {}

  private constructor() {}

  /** Reloads the page, so that it asks anew. */
  static async begin(page: Page): Promise<ToldStatus> {
    const told = new ToldStatus()
    await page.routeWebSocket(/.*/, (socket) => {
      const server = socket.connectToServer()
      let subscription = 0
      let last: { seq: number; value: StatusSnapshot } | undefined
      const tell = (): void => {
        if (last === undefined) return
        const { seq, value } = last
        socket.send(
          Buffer.from(encodeMessage({ t: 'item', id: subscription, seq, value: told.#change(value) })),
        )
      }
      socket.onMessage((frame) => {
        const message = typeof frame === 'string' ? undefined : (decodeMessage(frame) as Upstream)
        if (message?.t === 'subscribe' && message.name === 'status') subscription = message.id
        if (message?.t === 'call') told.calls.push({ name: message.name, args: message.args })
        server.send(frame)
      })
      server.onMessage((frame) => {
        const message = typeof frame === 'string' ? undefined : (decodeMessage(frame) as Downstream)
        if (message?.t !== 'item' || message.id !== subscription) {
          socket.send(frame)
          return
        }
        last = { seq: message.seq, value: message.value as StatusSnapshot }
        tell()
      })
      told.#tellAgain = tell
    })
    await page.reload()
    return told
  }

  /** From now on the page is told this of what the core says. */
  change(change: (status: StatusSnapshot) => StatusSnapshot): void {
    this.#change = change
    this.#tellAgain()
  }
}
