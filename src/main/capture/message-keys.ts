/** Requests that closed are remembered for their answers: one request may get many, long after it was sent. */
const MAX_CLOSED_REQUESTS_PER_LINK = 16_384
/** Other messages matter only for what is still said about them right after they closed. */
const MAX_CLOSED_OTHERS_PER_LINK = 1024

interface LinkKeys {
  /** Key to message id. */
  readonly open: Map<number, number>
  readonly closedRequests: Map<number, number>
  readonly closedOthers: Map<number, number>
}

/** From the key of a message on its link to its number in the capture. */
export class MessageKeys {
  readonly #links = new Map<number, LinkKeys>()
  readonly #maxOpenPerLink: number

  constructor(maxOpenPerLink: number) {
    this.#maxOpenPerLink = maxOpenPerLink
  }

  add(linkId: number, key: number, messageId: number): void {
    const { open } = this.#of(linkId)
    open.set(key, messageId)
    if (open.size > this.#maxOpenPerLink) dropOldest(open)
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
    closed.set(key, id)
    const max = isRequest ? MAX_CLOSED_REQUESTS_PER_LINK : MAX_CLOSED_OTHERS_PER_LINK
    if (closed.size > max) dropOldest(closed)
  }

  /** Gives messages new numbers; those that get none are forgotten. */
  renumber(newIdOf: (messageId: number) => number | undefined): void {
    for (const link of this.#links.values()) {
      for (const keys of [link.open, link.closedRequests, link.closedOthers]) {
        for (const [key, id] of keys) {
          const newId = newIdOf(id)
          if (newId === undefined) keys.delete(key)
          else keys.set(key, newId)
        }
      }
    }
  }

  forgetLink(linkId: number): void {
    this.#links.delete(linkId)
  }

  #of(linkId: number): LinkKeys {
    let link = this.#links.get(linkId)
    if (link === undefined) {
      link = { open: new Map(), closedRequests: new Map(), closedOthers: new Map() }
      this.#links.set(linkId, link)
    }
    return link
  }
}

function dropOldest(keys: Map<number, number>): void {
  for (const key of keys.keys()) {
    keys.delete(key)
    return
  }
}
