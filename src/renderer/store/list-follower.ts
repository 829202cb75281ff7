import type { StoreApi } from 'zustand'
import type { ContractClient } from '../../shared/contract/contract-client'
import { hasCode, toWireError } from '../../shared/errors'
import type { ListView } from '../../shared/model/list-view'
import type { AppState } from './app-store'
import { contractView, type RowSource } from './row-source'

/**
 * Keeps list and rows on the view the person asked for. The old view stays on screen until the first of the new one is
 * there, and for good when the core refuses the new one: a filter being typed does not empty the list.
 */
export class ListFollower {
  readonly #client: ContractClient
  readonly #store: StoreApi<AppState>
  readonly #rows: RowSource
  #asked: ListView | null = null
  #stopAsked: () => void = () => undefined
  #stopShown: () => void = () => undefined
  #stopStore: () => void = () => undefined

  constructor(client: ContractClient, store: StoreApi<AppState>, rows: RowSource) {
    this.#client = client
    this.#store = store
    this.#rows = rows
  }

  /** Ends it for good. */
  stop(): void {
    this.#stopStore()
    this.#stopAsked()
    this.#stopShown()
  }

  start(): void {
    this.#rows.fieldsChanged(this.#store.getState().listFields)
    this.#ask(this.#store.getState().listView)
    this.#stopStore = this.#store.subscribe((now, before) => {
      if (now.listFields !== before.listFields) this.#rows.fieldsChanged(now.listFields)
      if (now.listView !== this.#asked) this.#ask(now.listView)
    })
  }

  #ask(view: ListView): void {
    this.#stopAsked()
    this.#asked = view
    let isShown = false
    // the first item may come before the subscription is told
    const subscription = { stop: (): void => undefined }
    const stop = (): void => subscription.stop()
    this.#stopAsked = stop
    subscription.stop = this.#client.subscribe(
      'list',
      { view: contractView(view) },
      (news) => {
        const isNewView = !isShown
        if (isNewView) {
          isShown = true
          this.#stopShown()
          this.#stopShown = stop
          this.#stopAsked = () => undefined
          this.#rows.shown(view)
        }
        this.#rows.changed(news)
        this.#store.getState().listChanged(news, isNewView)
      },
      (error) => {
        // the end of the channel is told once, by the channel
        if (this.#asked === view && !hasCode(error, 'CHANNEL_CLOSED')) {
          this.#store.getState().listRefused(toWireError(error))
        }
      },
    )
  }
}
