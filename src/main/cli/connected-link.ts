import { abortReason } from '../link/abort-reason'
import type { Link } from '../link/link'
import type { LinkHandle } from '../link/links'
import { listeningUrl } from './listening-url'
import type { Output } from './output'

/**
 * The link to send on, connected: the one that was opened, or that of the first peer that comes.
 *
 * @throws ConsoleError of opening it, or the reason of the signal.
 */
export async function connected(
  handle: LinkHandle,
  peer: FirstPeer,
  out: Output,
  signal: AbortSignal,
): Promise<Link> {
  if (handle.link) {
    await handle.link.whenConnected(signal)
    return handle.link
  }
  await handle.listener?.open()
  const url = listeningUrl(handle.address)
  if (out.isJsonl) out.line({ event: 'listening', url })
  out.note(`waiting for a peer on ${url}`)
  const link = await peer.wait(signal)
  await link.whenConnected(signal)
  return link
}

/** The first peer that comes to a listener. */
export class FirstPeer {
  #resolve: (link: Link) => void = () => {}
  readonly #first = new Promise<Link>((resolve) => {
    this.#resolve = resolve
  })

  came(link: Link): void {
    this.#resolve(link)
  }

  /** @throws (rejects) with the reason of the signal. */
  wait(signal: AbortSignal): Promise<Link> {
    return new Promise((resolve, reject) => {
      const stop = (): void => reject(abortReason(signal))
      if (signal.aborted) stop() // while the address was bound
      signal.addEventListener('abort', stop, { once: true })
      void this.#first.then((link) => {
        signal.removeEventListener('abort', stop)
        resolve(link)
      })
    })
  }
}
