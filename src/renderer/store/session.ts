import type { StoreApi } from 'zustand'
import type { CommandRequest } from '../../shared/contract/contract'
import type { CommandReply } from '../../shared/contract/replies'
import type { ContractClient } from '../../shared/contract/contract-client'
import { LIVE_SOURCE } from '../../shared/contract/envelope'
import { asConsoleError, hasCode, toWireError } from '../../shared/errors'
import type { Headers, Priority } from '../../shared/model/trace'
import { plainHeaders } from './draft-message'
import type { LinkStatus, PulseStep } from '../../shared/model/views'
import type { MessageDraft } from '../../shared/workspace/workspace-types'
import { selectIsRecording } from './recorder-slice'
import type { AppState } from './app-store'
import type { Sent } from './composer-slice'
import { stepAttempt } from './connect-slice'
import { DetailSource } from './detail-source'
import { ListFollower } from './list-follower'
import { RowSource } from './row-source'
import { SettingsFiles } from './settings-files'
import { keepSource, keptSource } from './kept-source'
import { TapeControl } from './tape-control'

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
  /** Default: none. Those that nobody could write by hand are left out. */
  readonly headers?: Headers
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
  /** The live session, whatever the screen looks at. */
  readonly live: ContractClient
  /** Keys and layouts, as they stand in the workspace. */
  readonly settings: SettingsFiles
  readonly #store: StoreApi<AppState>
  readonly #stopLooking: (() => void)[] = []
  #client: ContractClient
  #rows: RowSource
  #details: DetailSource
  #tape: TapeControl | null = null
  #isFirstStatus = true

  constructor(client: ContractClient, store: StoreApi<AppState>) {
    this.live = client
    this.#store = store
    this.#client = client
    this.#rows = new RowSource(client)
    this.#details = new DetailSource(client)
    this.settings = new SettingsFiles(client, store)
  }

  /** What the screen looks at: the live session, or a recording that is open. */
  get client(): ContractClient {
    return this.#client
  }

  get rows(): RowSource {
    return this.#rows
  }

  get details(): DetailSource {
    return this.#details
  }

  /** Moves the recording that is looked at; null for the live session. */
  get tape(): TapeControl | null {
    return this.#tape
  }

  /**
   * Looks at another source: everything that is shown is asked for anew there. Filters, columns and layout stay as they are.
   *
   * @param source - 0 for the live session.
   */
  look(source: number): void {
    if (source === this.#state.source) return
    this.closeConnect()
    keepSource(source)
    this.#lookAt(source)
  }

  /** Closes the recording that is looked at, and goes back to the live session. */
  closeTape(): void {
    const { source } = this.#state
    if (source === LIVE_SOURCE) return
    const recording = this.live.at(source)
    this.look(LIVE_SOURCE)
    void recording.call('tape.close', {}).catch(this.#tellNobody)
  }

  /** Subscribes to everything the screen shows. The lanes subscribe to their chunks themselves. */
  start(): void {
    const lost = this.#lost
    this.live.onClosed(lost)
    this.live.subscribe('replay', {}, ({ run }) => this.#state.replayReceived(run), lost)
    this.live.subscribe('recorder', {}, (recorder) => this.#state.recorderReceived(recorder), lost)
    this.live.subscribe('problems', {}, (problems) => this.#state.problemsReceived(problems), lost)
    this.settings.start()
    this.#watchPorts()
    this.live.subscribe(
      'profiles',
      {},
      ({ profiles }) => this.#state.profilesListed(profiles),
      (error) => this.#state.profilesFailed(toWireError(asConsoleError(error))),
    )
    this.#lookAt(keptSource())
  }

  readonly #lost = (error: unknown): void => this.#state.hostLost(toWireError(error))

  #lookAt(source: number): void {
    for (const stop of this.#stopLooking.splice(0)) stop()
    const client = source === LIVE_SOURCE ? this.live : this.live.at(source)
    this.#client = client
    this.#rows = new RowSource(client)
    this.#details = new DetailSource(client)
    this.#state.linksExchanged()
    this.#state.messagesExchanged()
    this.#state.rowsExchanged()
    // a recording that is open no more leads back to the live session; so does a window that was opened on one
    const lost = (error: unknown): void => {
      if (source === LIVE_SOURCE || hasCode(error, 'CHANNEL_CLOSED')) this.#lost(error)
      else if (this.#client === client) this.look(LIVE_SOURCE)
    }
    if (source !== LIVE_SOURCE) {
      this.#tape = new TapeControl(
        client,
        this.#store,
        () => this.#rows,
        () => this.#lookAgain(),
        lost,
      )
      this.#stopLooking.push(this.#endTape)
    }
    this.#state.lookedAt(source)
    this.#follow(client, lost)
  }

  readonly #endTape = (): void => {
    this.#tape?.end()
    this.#tape = null
  }

  /** The same recording, another page of it. */
  #lookAgain(): void {
    const { source } = this.#state
    for (const stop of this.#stopLooking.splice(0)) if (stop !== this.#endTape) stop()
    this.#stopLooking.push(this.#endTape)
    this.#rows = new RowSource(this.#client)
    this.#details = new DetailSource(this.#client)
    this.#state.messagesExchanged()
    this.#state.rowsExchanged()
    this.#state.lookedAt(source)
    this.#follow(this.#client, this.#lost)
  }

  /** What is shown of one source. The lanes subscribe to their chunks themselves. */
  #follow(client: ContractClient, lost: (error: unknown) => void): void {
    void client.call('app.info', {}).then((info) => this.#state.hostReady(info), lost)
    const follower = new ListFollower(client, this.#store, this.#rows)
    this.#stopLooking.push(
      client.subscribe(
        'status',
        {},
        (status) => {
          this.#state.statusReceived(status, performance.now())
          if (this.#state.source !== LIVE_SOURCE) return
          this.#followAttempt()
          if (this.#isFirstStatus && status.links.length === 0) this.openConnect()
          this.#isFirstStatus = false
        },
        lost,
      ),
      client.subscribe(
        'messages',
        {},
        (news) => {
          this.#state.messagesChanged(news)
          this.details.changed(news.changedFromId)
        },
        lost,
      ),
      client.subscribe('notes', {}, ({ notes }) => this.#state.notesChanged(notes), lost),
      () => follower.stop(),
    )
    follower.start()
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
        stop = this.live.subscribe('ports', {}, ({ ports }) => this.#state.portsListed(ports), failed)
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

  /** @param isRecorded - A recording is begun first, where none runs: nothing that passes is missed. */
  connect(url: string, isRecorded = false): void {
    this.look(LIVE_SOURCE)
    this.#abandonAttempt()
    this.#state.attemptChanged({ kind: 'asking' })
    void this.#open(url, isRecorded).then(
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

  async #open(url: string, isRecorded: boolean): Promise<CommandReply<'link.open'>> {
    if (isRecorded && !selectIsRecording(this.#state)) await this.client.call('recorder.start', {})
    return this.client.call('link.open', { url })
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
    readonly isRecorded: boolean
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
    const headers = plainHeaders(message.headers ?? {})
    this.client.call('message.send', { ...message, body, headers }).then(
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
    void this.client.call('note.set', note).catch(this.#noteFailed)
  }

  removeNotes(noteIds: readonly number[]): void {
    for (const noteId of noteIds) void this.client.call('note.remove', { noteId }).catch(this.#noteFailed)
  }

  readonly #noteFailed = (error: unknown): void => {
    const { message, remedy } = toWireError(asConsoleError(error))
    this.#state.toasted({
      key: 'note',
      text: 'The note is not kept',
      tone: 'err',
      detail: `${message}. ${remedy}`,
    })
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
