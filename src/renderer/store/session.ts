import type { StoreApi } from 'zustand'
import type { ContractClient } from '../../shared/contract/contract-client'
import { asConsoleError, hasCode, toWireError } from '../../shared/errors'
import type { Priority } from '../../shared/model/trace'
import type { AppState } from './app-store'
import type { SendKind } from './composer-slice'
import { stepAttempt } from './connect-slice'
import { DetailSource } from './detail-source'
import { RowSource } from './row-source'

export interface Outgoing {
  readonly linkId: number
  readonly route: string
  readonly kind: SendKind | 'bytes'
  readonly body: Uint8Array
  readonly priority: Priority
  readonly timeoutMs: number
}

/**
 * The screen's work with the core: keeps the store up to date from the subscriptions and does what the person asks for.
 * Failures of an action end in the store, at the place of the screen they belong to; none is thrown at a component.
 */
export class Session {
  readonly client: ContractClient
  readonly rows: RowSource
  readonly details: DetailSource
  readonly #store: StoreApi<AppState>
  #isFirstStatus = true

  constructor(client: ContractClient, store: StoreApi<AppState>) {
    this.client = client
    this.#store = store
    this.rows = new RowSource(client)
    this.details = new DetailSource(client)
  }

  /** Subscribes to everything the screen shows. The lanes subscribe to their chunks themselves. */
  start(): void {
    const lost = (error: unknown): void => this.#state.hostLost(toWireError(error))
    this.client.onClosed(lost)
    void this.client.call('app.info', {}).then((info) => this.#state.hostReady(info), lost)
    this.client.subscribe(
      'status',
      {},
      (status) => {
        this.#state.statusReceived(status, performance.now())
        this.#followAttempt()
        if (this.#isFirstStatus && status.links.length === 0) this.openConnect()
        this.#isFirstStatus = false
      },
      lost,
    )
    this.client.subscribe(
      'messages',
      {},
      (news) => {
        this.#state.messagesChanged(news)
        this.rows.changed(news)
        this.details.changed(news.changedFromId)
      },
      lost,
    )
  }

  /** @param url - What the card is filled with; else what was connected to last. */
  openConnect(url: string | null = null): void {
    this.#state.connectOpened(url)
    this.refreshPorts()
    this.#refreshRecents()
  }

  /** Closes the card. A link that never worked is given up with it, unless it is to go on trying. */
  closeConnect(keepsTrying = false): void {
    const { attempt } = this.#state
    if (!keepsTrying) this.#abandonAttempt()
    else if (attempt.kind === 'failed' && attempt.linkId !== null) this.#state.linkChosen(attempt.linkId)
    this.#state.connectClosed()
  }

  refreshPorts(): void {
    void this.client.call('ports.list', {}).then(
      ({ ports }) => this.#state.portsListed(ports),
      (error: unknown) => this.#state.portsFailed(toWireError(error)),
    )
  }

  forgetRecent(url: string): void {
    void this.client.call('recent.forget', { url }).then(() => this.#refreshRecents(), this.#tellNobody)
  }

  connect(url: string): void {
    this.#abandonAttempt()
    this.#state.attemptChanged({ kind: 'asking' })
    void this.client.call('link.open', { url }).then(
      ({ link }) => {
        this.#state.attemptChanged({ kind: 'opening', linkId: link.linkId, sinceMs: link.phaseSinceMs })
        this.#followAttempt()
      },
      (error: unknown) =>
        this.#state.attemptChanged({
          kind: 'failed',
          linkId: null,
          problem: toWireError(error),
          isTrying: false,
        }),
    )
  }

  disconnect(linkId: number): void {
    void this.client.call('link.close', { linkId }).catch(this.#tellNobody)
  }

  reconnect(linkId: number): void {
    this.#state.linkChosen(linkId)
    void this.client.call('link.reopen', { linkId }).catch(this.#tellNobody)
  }

  send(message: Outgoing): void {
    this.#state.sendStarted()
    const body = message.body as Uint8Array<ArrayBuffer> // bodies are made here, never in shared memory
    void this.client.call('message.send', { ...message, body, headers: {} }).then(
      ({ messageId }) => {
        const { kind, timeoutMs, route } = message
        this.#state.sendAccepted({ messageId, kind, timeoutMs }, route)
        this.#state.messageSelected(messageId, 'composer')
      },
      (error: unknown) => this.#state.sendRefused(toWireError(error)),
    )
  }

  cancel(messageId: number): void {
    void this.client.call('message.cancel', { messageId }).catch(this.#tellNobody)
  }

  clear(): void {
    this.#state.messageSelected(null, 'list')
    this.#state.sentDismissed()
    this.#state.newestFollowed()
    void this.client.call('capture.clear', {}).catch(this.#tellNobody)
  }

  get #state(): AppState {
    return this.#store.getState()
  }

  #refreshRecents(): void {
    void this.client
      .call('recent.list', {})
      .then(({ links }) => this.#state.recentsListed(links), this.#tellNobody)
  }

  #followAttempt(): void {
    const { attempt, status } = this.#state
    const next = stepAttempt(attempt, status?.links ?? [])
    if (next === 'connected') {
      if ('linkId' in attempt && attempt.linkId !== null) this.#state.linkChosen(attempt.linkId)
      this.#state.connectClosed()
    } else if (next !== attempt) this.#state.attemptChanged(next)
  }

  #abandonAttempt(): void {
    const { attempt } = this.#state
    if (attempt.kind === 'opening') this.disconnect(attempt.linkId)
    if (attempt.kind === 'failed' && attempt.isTrying && attempt.linkId !== null)
      this.disconnect(attempt.linkId)
    this.#state.attemptChanged({ kind: 'none' })
  }

  /** The end of the channel is told once, by the channel; a link or message that is gone already is no failure. */
  readonly #tellNobody = (error: unknown): void => {
    if (
      hasCode(error, 'CHANNEL_CLOSED') ||
      hasCode(error, 'LINK_UNKNOWN') ||
      hasCode(error, 'MESSAGE_UNKNOWN')
    )
      return
    this.#state.noticeShown(toWireError(asConsoleError(error)))
  }
}
