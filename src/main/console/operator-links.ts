import type { Clock } from '../../shared/model/clock'
import type { TraceEvent } from '../../shared/model/trace'
import type { LinkStatus, RecentLink } from '../../shared/model/views'
import { parseLinkUrl } from '../../shared/model/link-url'
import type { Capture } from '../capture/capture'
import type { Link } from '../link/link'
import type { LinkHandle, Links } from '../link/links'
import { linkStatus } from './link-status'
import { linkTitle } from './link-title'

/** Closed links that stay listed, to be opened again. */
export const MAX_CLOSED_LINKS = 16

/** The links of the session as an operator deals with them. */
export class OperatorLinks {
  readonly #links: Links
  readonly #capture: Capture
  readonly #clock: Clock
  readonly #onUsed: (link: Omit<RecentLink, 'lastUsedIso'>, linkId: number) => void

  /** @param onUsed - A link of ours (not of a peer) was connected and its dialect has shaken hands, or it listens. */
  constructor(
    links: Links,
    capture: Capture,
    clock: Clock,
    onUsed: (link: Omit<RecentLink, 'lastUsedIso'>, linkId: number) => void,
  ) {
    this.#links = links
    this.#capture = capture
    this.#clock = clock
    this.#onUsed = onUsed
  }

  /**
   * Opens a link: the closed one of the same address again where there is one, so that its lanes and rows go on. One that
   * had another password gives way to the new one.
   *
   * @throws ConsoleError as `Links.openLink`.
   */
  open(url: string): LinkHandle {
    const address = parseLinkUrl(url)
    const known = this.#own().find(
      (handle) => handle.phase === 'closed' && handle.address.text === address.text,
    )
    if (known !== undefined && known.address.password === address.password && !this.#mustBeAnother(known)) {
      this.#links.reopen(known.linkId)
      return known
    }
    const handle = this.#links.openLink(address)
    if (known !== undefined) this.#forget(known.linkId)
    this.#dropOldClosed()
    return handle
  }

  /** @throws ConsoleError `LINK_UNKNOWN`. */
  close(linkId: number): Promise<void> {
    return this.#links.close(linkId)
  }

  /** @throws (rejects) ConsoleError `LINK_UNKNOWN`, or as `Links.openLink` where another link has to take its place. */
  async reopen(linkId: number): Promise<void> {
    const handle = this.#links.get(linkId)
    if (!this.#mustBeAnother(handle)) {
      this.#links.reopen(linkId)
      return
    }
    const { address } = handle
    await this.#links.remove(linkId) // it lets go of its port first
    this.#capture.forgetLink(linkId)
    this.#links.openLink(address)
  }

  /** @throws ConsoleError `LINK_UNKNOWN`. */
  urlOf(linkId: number): string {
    return this.#links.get(linkId).address.text
  }

  /** @throws ConsoleError `LINK_UNKNOWN`; `LINK_NOT_CONNECTED` for a listener. */
  link(linkId: number): Link {
    return this.#links.link(linkId)
  }

  /** See `Links.setLocked`. */
  setLocked(isLocked: boolean): void {
    this.#links.setLocked(isLocked)
    this.#capture.touch()
  }

  /** A link takes part or does not for as long as it lives: the lock was set or lifted since it was made. */
  #mustBeAnother({ link, address }: LinkHandle): boolean {
    return link !== null && !link.isOfListener && link.isPassive !== this.#links.isPassiveNow(address)
  }

  status(handle: LinkHandle): LinkStatus {
    return linkStatus(handle, this.#capture, this.#clock.nowMs(), this.#links.isLocked)
  }

  statuses(): LinkStatus[] {
    return this.#links.all().map((handle) => this.status(handle))
  }

  /** To be called with every trace event, after the capture was. */
  observe(event: TraceEvent): void {
    if (event.type === 'session' && event.phase === 'ready') this.#noteUsed(event.linkId)
    if (event.type !== 'link-state') return
    const isOpen = event.phase === 'connected' || event.phase === 'listening'
    if (isOpen && !this.#isShakingHands(event.linkId)) this.#noteUsed(event.linkId)
    if (event.phase !== 'closed') return
    // The link of a peer is dropped right after it told that it closed.
    queueMicrotask(() => {
      if (!this.#links.all().some(({ linkId }) => linkId === event.linkId)) {
        this.#capture.forgetLink(event.linkId)
      }
    })
  }

  #own(): LinkHandle[] {
    return this.#links.all().filter(({ parentId }) => parentId === null)
  }

  #isShakingHands(linkId: number): boolean {
    const { session } = this.#capture.figures(linkId, this.#clock.nowMs(), null)
    return session !== null && session.phase !== 'ready'
  }

  #noteUsed(linkId: number): void {
    const handle = this.#own().find((each) => each.linkId === linkId)
    if (handle === undefined) return
    this.#onUsed({ url: handle.address.text, title: linkTitle(handle.address) }, linkId)
  }

  #dropOldClosed(): void {
    const closed = this.#own().filter(({ phase }) => phase === 'closed')
    for (const { linkId } of closed.slice(0, Math.max(0, closed.length - MAX_CLOSED_LINKS))) {
      this.#forget(linkId)
    }
  }

  #forget(linkId: number): void {
    void this.#links.remove(linkId).then(() => this.#capture.forgetLink(linkId))
  }
}
