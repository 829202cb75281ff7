import type { ContractClient } from '../../shared/contract/contract-client'
import { toWireError, type WireError } from '../../shared/errors'
import type { MessageDetail, MessageStatus } from '../../shared/model/views'

export type DetailState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'known'; readonly detail: MessageDetail }
  | { readonly kind: 'failed'; readonly problem: WireError }

const LOADING: DetailState = { kind: 'loading' }

/** A message under way is looked at this often at most; a finished one can only gain a partner. */
const REFRESH_MS = 100
const REFRESH_SETTLED_MS = 1000

const UNDER_WAY: readonly MessageStatus[] = ['queued', 'sending', 'waiting', 'receiving']
export const isUnderWay = (status: MessageStatus): boolean => UNDER_WAY.includes(status)

interface Watched {
  state: DetailState
  readonly listeners: Set<() => void>
  isStale: boolean
  isAsked: boolean
  askedAtMs: number
  timer: ReturnType<typeof setTimeout> | undefined
}

/** Details of the few messages somebody looks at: the selected one and the one sent last. Fetched again when they change. */
export class DetailSource {
  readonly #client: ContractClient
  readonly #watched = new Map<number, Watched>()

  constructor(client: ContractClient) {
    this.#client = client
  }

  get(id: number): DetailState {
    return this.#watched.get(id)?.state ?? LOADING
  }

  watch(id: number, listener: () => void): () => void {
    let entry = this.#watched.get(id)
    if (entry === undefined) {
      entry = {
        state: LOADING,
        listeners: new Set(),
        isStale: true,
        isAsked: false,
        askedAtMs: Number.NEGATIVE_INFINITY,
        timer: undefined,
      }
      this.#watched.set(id, entry)
    }
    const watched = entry
    watched.listeners.add(listener)
    this.#refresh(id, watched)
    return () => {
      watched.listeners.delete(listener)
      if (watched.listeners.size > 0) return
      clearTimeout(watched.timer)
      this.#watched.delete(id)
    }
  }

  /** Messages with an id from here on changed. */
  changed(fromId: number): void {
    if (fromId === 0) return
    for (const [id, entry] of this.#watched) {
      if (id < fromId && !this.#partnerChanged(entry, fromId)) continue
      entry.isStale = true
      this.#refresh(id, entry)
    }
  }

  #partnerChanged(entry: Watched, fromId: number): boolean {
    return entry.state.kind === 'known' && entry.state.detail.partnerId >= fromId
  }

  #refresh(id: number, entry: Watched): void {
    if (!entry.isStale || entry.isAsked || entry.timer !== undefined) return
    const isSettled = entry.state.kind === 'known' && !isUnderWay(entry.state.detail.status)
    const waitMs = entry.askedAtMs + (isSettled ? REFRESH_SETTLED_MS : REFRESH_MS) - performance.now()
    if (waitMs > 0) {
      entry.timer = setTimeout(() => {
        entry.timer = undefined
        this.#refresh(id, entry)
      }, waitMs)
      return
    }
    entry.isStale = false
    entry.isAsked = true
    entry.askedAtMs = performance.now()
    void this.#client.call('message.detail', { messageId: id }).then(
      ({ detail }) => this.#arrived(id, entry, { kind: 'known', detail: keepBody(entry.state, detail) }),
      (error: unknown) => this.#arrived(id, entry, { kind: 'failed', problem: toWireError(error) }),
    )
  }

  #arrived(id: number, entry: Watched, state: DetailState): void {
    entry.isAsked = false
    // when the core is gone, what was seen of the message is still true
    const isOnlyCut =
      state.kind === 'failed' && state.problem.code === 'CHANNEL_CLOSED' && entry.state.kind === 'known'
    if (!isOnlyCut) entry.state = state
    for (const listener of entry.listeners) listener()
    if (entry.listeners.size > 0) this.#refresh(id, entry)
  }
}

/** A body that did not grow stays the same object, so that views of it need not be built again. */
function keepBody(before: DetailState, detail: MessageDetail): MessageDetail {
  if (before.kind !== 'known') return detail
  const { body, hasBody, doneBytes } = before.detail
  const isSame =
    hasBody === detail.hasBody && doneBytes === detail.doneBytes && body.length === detail.body.length
  return isSame ? { ...detail, body } : detail
}
