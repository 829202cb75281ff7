import type { StoreApi } from 'zustand'
import type { CommandRequest } from '../../shared/contract/contract'
import type { CommandReply } from '../../shared/contract/replies'
import type { ContractClient } from '../../shared/contract/contract-client'
import { asConsoleError, hasCode, toWireError } from '../../shared/errors'
import type { Priority } from '../../shared/model/trace'
import type { LinkStatus, PulseStep } from '../../shared/model/views'
import type { MessageDraft } from '../../shared/workspace/workspace-types'
import type { AppState } from './app-store'
import type { Sent } from './composer-slice'
import { stepAttempt } from './connect-slice'
import { DetailSource } from './detail-source'
import { ListFollower } from './list-follower'
import { RowSource } from './row-source'
import { SettingsFiles } from './settings-files'

/** A message as it was written. */
export interface Outgoing {
  readonly linkId: number
  readonly draft: MessageDraft
  /** File in `messages` that it comes from; default: the one that the composer has open. */
  readonly name?: string
}

export interface SentBytes {
  readonly linkId: number
  readonly route: string
  readonly kind: Sent['kind']
  readonly body: Uint8Array
  readonly priority: Priority
  readonly timeoutMs: number
}

export type NewNote = CommandRequest<'note.set'>

/**
 * The screen's work with the core: keeps the store up to date from the subscriptions and does what the person asks for.
 * Failures of an action end in the store, at the place of the screen they belong to; none is thrown at a component.
 */
export class Session {
  readonly client: ContractClient
  readonly rows: RowSource
  readonly details: DetailSource
  /** Keys and layouts, as they stand in the workspace. */
  readonly settings: SettingsFiles
  readonly #store: StoreApi<AppState>
  #isFirstStatus = true

  constructor(client: ContractClient, store: StoreApi<AppState>) {
    this.client = client
    this.#store = store
    this.rows = new RowSource(client)
    this.details = new DetailSource(client)
    this.settings = new SettingsFiles(client, store)
  }

  /** Subscribes to everything the screen shows. The lanes subscribe to their chunks themselves. */
  start(): void {
    const lost = this.#lost
    this.live.onClosed(lost)
    this.live.subscribe('recorder', {}, (recorder) => this.#state.recorderReceived(recorder), lost)
    this.live.subscribe('problems', {}, (problems) => this.#state.problemsReceived(problems), lost)
    this.settings.start()
    this.#watchPorts()
    this.client.subscribe(
      'profiles',
      {},
      ({ profiles }) => this.#state.profilesListed(profiles),
      (error) => this.#state.profilesFailed(toWireError(asConsoleError(error))),
    )
  }

  /** Ports are looked at twice a second, which costs: only while the card shows them. */
  #watchPorts(): void {
    const failed = (error: unknown): void => this.#state.portsFailed(toWireError(asConsoleError(error)))
    let isWatching = false
    let stop = (): void => undefined
    const follow = ({ isConnectOpen }: AppState): void => {
      if (isConnectOpen === isWatching) return
      isWatching = isConnectOpen // first: what comes at once changes the store again
      if (isConnectOpen) {
        stop = this.client.subscribe('ports', {}, ({ ports }) => this.#state.portsListed(ports), failed)
      } else stop()
    }
    this.#store.subscribe(follow)
    follow(this.#state)
  }

  /** @param url - What the card is filled with; else what was connected to last. */
  openConnect(url: string | null = null): void {
    this.#state.connectOpened(url)
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

  /** Closes this link and opens another address instead, such as the same place in another protocol. */
  async replaceLink(linkId: number, url: string): Promise<void> {
    try {
      await this.client.call('link.close', { linkId })
      const { link } = await this.client.call('link.open', { url })
      this.#state.linkChosen(link.linkId)
    } catch (error) {
      this.#tellNobody(error)
    }
  }

  /** Closes this link and opens the card with its address, to be tried another way. */
  changeLink({ linkId, url }: Pick<LinkStatus, 'linkId' | 'url'>): void {
    this.disconnect(linkId)
    this.openConnect(url)
  }

  /** The lock against sending: the core keeps it, for every screen and script. */
  setLock(isLocked: boolean): void {
    void this.client.call('lock.set', { isLocked }).catch(this.#tellNobody)
  }

  /** Uses the other device that is on the port of this link. */
  acceptDevice(linkId: number): void {
    void this.client.call('link.accept', { linkId }).catch(this.#tellNobody)
  }

  setLines(linkId: number, lines: { readonly dtr?: boolean; readonly rts?: boolean }): void {
    void this.client.call('link.lines', { linkId, ...lines }).catch(this.#tellNobody)
  }

  /** Resets the device behind the link; without steps the way its address says. */
  pulse(linkId: number, steps: readonly PulseStep[] = []): void {
    void this.client.call('link.pulse', { linkId, steps: [...steps] }).catch(this.#tellNobody)
  }

  sendBreak(linkId: number, ms: number): void {
    void this.client.call('link.break', { linkId, ms }).catch(this.#tellNobody)
  }

  /** Resolves to whether it is saved; what went wrong stands in the store. */
  async saveProfile(profile: {
    readonly name: string
    readonly url: string
    readonly note: string
  }): Promise<boolean> {
    return this.#changeProfiles(this.client.call('profile.save', profile))
  }

  removeProfile(name: string): void {
    void this.#changeProfiles(this.client.call('profile.remove', { name }))
  }

  async #changeProfiles(change: Promise<unknown>): Promise<boolean> {
    try {
      await change
      this.#state.profilesFailed(null)
      return true
    } catch (error) {
      this.#state.profilesFailed(toWireError(asConsoleError(error)))
      return false
    }
  }

  send(outgoing: Outgoing): void {
    this.#state.sendStarted()
    const { kind, route, timeoutMs, expect } = outgoing.draft
    this.#handOver(outgoing).then(
      ({ messageId, cached }) => {
        this.#state.sendAccepted({ messageId, kind, timeoutMs, expect, ...(cached && { cached }) }, route)
        if (messageId > 0) this.#state.messageSelected(messageId, 'composer')
      },
      (error: unknown) => this.#state.sendRefused(toWireError(error)),
    )
  }

  /** Sends bytes as they are, such as those of a message that was sent before. */
  sendBytes(message: SentBytes): void {
    this.#state.sendStarted()
    const { kind, route, timeoutMs } = message
    const body = message.body as Uint8Array<ArrayBuffer> // bodies are made here, never in shared memory
    this.client.call('message.send', { ...message, body, headers: {} }).then(
      ({ messageId }) => {
        this.#state.sendAccepted({ messageId, kind, timeoutMs, expect: '' }, route)
        if (messageId > 0) this.#state.messageSelected(messageId, 'composer')
      },
      (error: unknown) => this.#state.sendRefused(toWireError(error)),
    )
  }

  /** Gives a message to the core; resolves to its number in the capture, 0 when it was answered without one. */
  async handOver(outgoing: Outgoing): Promise<number> {
    return (await this.#handOver(outgoing)).messageId
  }

  #handOver({ linkId, draft, name }: Outgoing): Promise<CommandReply<'draft.send'>> {
    const { environment, draftName } = this.#state
    const request = { draft, environment, link: linkId, name: name ?? draftName ?? '' }
    return this.client.call('draft.send', request)
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

  /** Puts a marker or a note on a message or a moment; with a number changes that one. */
  setNote(note: NewNote): void {
    void this.client.call('note.set', note).catch(this.#tellNobody)
  }

  removeNotes(noteIds: readonly number[]): void {
    for (const noteId of noteIds) void this.client.call('note.remove', { noteId }).catch(this.#tellNobody)
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
