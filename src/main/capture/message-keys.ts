import { RecentKeys } from './recent-keys'

/** Requests that closed are remembered for their answers: one request may get many, long after it was sent. */
const CLOSED_REQUESTS_PER_LINK = 16_384
/** Other messages matter only for what is still said about them right after they closed. */
const CLOSED_OTHERS_PER_LINK = 1024

/** The limits of a stack keep the open ones far below; this holds should a stack forget to close some. */
const MAX_OPEN_PER_LINK = 1_000_000

interface LinkKeys {
  /** Key to message id. */
  readonly open: Map<number, number>
  readonly closedRequests: RecentKeys
  readonly closedOthers: RecentKeys
}

/** From the key of a message on its link to its number in the capture. */
export class MessageKeys {
  readonly #links = new Map<number, LinkKeys>()
  readonly #maxOpenPerLink: number

  constructor(maxOpenPerLink = MAX_OPEN_PER_LINK) {
    this.#maxOpenPerLink = maxOpenPerLink
  }

  add(linkId: number, key: number, messageId: number): void {
    const { open } = this.#of(linkId)
    open.set(key, messageId)
    if (open.size > this.#maxOpenPerLink) open.delete(open.keys().next().value!)
  }

  /** Id of a message that is open or closed not long ago; 0 when there is none. */
  idOf(linkId: number, key: number): number {
    if (key === 0) return 0
    const link = this.#links.get(linkId)
    if (link === undefined) return 0
    return link.open.get(key) ?? link.closedRequests.get(key) ?? link.closedOthers.get(key) ?? 0
  }

  /** The message ended. It stays known for a while: a request for its answers, others for what is settled by them. */
  close(linkId: number, key: number, isRequest: boolean): void {
    const link = this.#of(linkId)
    const id = link.open.get(key)
    if (id === undefined) return
    link.open.delete(key)
    const closed = isRequest ? link.closedRequests : link.closedOthers
    closed.add(key, id)
  }

  /** Gives messages new numbers; those that get none are forgotten. */
  renumber(newIdOf: (messageId: number) => number | undefined): void {
    for (const link of this.#links.values()) {
      for (const [key, id] of link.open) {
        const newId = newIdOf(id)
        if (newId === undefined) link.open.delete(key)
        else link.open.set(key, newId)
      }
      link.closedRequests.renumber(newIdOf)
      link.closedOthers.renumber(newIdOf)
    }
  }

  forgetLink(linkId: number): void {
    this.#links.delete(linkId)
  }

  #of(linkId: number): LinkKeys {
    let link = this.#links.get(linkId)
    if (link === undefined) {
      link = {
        open: new Map(),
        closedRequests: new RecentKeys(CLOSED_REQUESTS_PER_LINK),
        closedOthers: new RecentKeys(CLOSED_OTHERS_PER_LINK),
      }
      this.#links.set(linkId, link)
    }
    return link
  }
}
