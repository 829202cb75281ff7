import { join } from 'node:path'
import type {
  CommandName,
  CommandRequest,
  SubscriptionName,
  SubscriptionRequest,
} from '../../shared/contract/contract'
import type { CommandReply, SubscriptionItem } from '../../shared/contract/replies'
import type { ConsoleError } from '../../shared/errors'
import type { Clock } from '../../shared/model/clock'
import type { LinkAddress } from '../../shared/model/link-url'
import type { MachineCheck, StatusSnapshot } from '../../shared/model/views'
import { Capture } from '../capture/capture'
import type { CaptureLimits } from '../capture/capture-limits'
import { TerminalBacklog } from '../capture/terminal/terminal-backlog'
import type { Links } from '../link/links'
import type { PortWatch } from '../link/port-watch'
import { AnswerCache } from '../operate/cache/answer-cache'
import { CachingRules } from '../operate/cache/caching-rules'
import { DraftSender } from '../operate/send/draft-sender'
import { Environments } from '../operate/send/environments'
import { OperatorSend } from '../operate/send/operator-send'
import type { SendHistory } from '../operate/send/send-history'
import type { SecretStore } from '../workspace/secret-store'
import { Settings } from '../workspace/settings'
import { historyFeed, settingsFeed } from './feeds/draft-feeds'
import { draftHandlers } from './handlers/draft-handlers'
import { messageNamed, snippetNamed } from '../operate/snippets/load-snippet'
import { SnippetRuns } from '../operate/snippets/snippet-runs'
import { OperatedCache } from '../operate/cache/operated-cache'
import { sameName } from '../workspace/profile-text'
import type { ProfileFolder } from '../workspace/profile-folder'
import type { TriggerFile } from '../workspace/trigger-file'
import type { TerminalLogs } from '../workspace/terminal-logs'
import type { Workspace } from '../workspace/workspace'
import type { ConsolePort, Feed, SourcePort } from './console-types'
import { cacheChangesFeed, cacheFeed, cachingRulesFeed } from './feeds/cache-feeds'
import { DeviceDesk } from './device-desk'
import { statusFeed } from './feeds/feeds'
import { snippetRunsFeed } from './feeds/snippet-feed'
import { firingsFeed, triggersFeed } from './feeds/trigger-feeds'
import { terminalFeed } from './feeds/terminal-feed'
import { portsFeed, profilesFeed, workspaceFeed } from './feeds/workspace-feeds'
import { type AppInfo, appHandlers } from './handlers/app-handlers'
import { cacheHandlers } from './handlers/cache-handlers'
import { captureHandlers } from './handlers/capture-handlers'
import type { Handlers } from './handlers/handlers'
import type { HostFiles } from './host-files'
import { linkHandlers } from './handlers/link-handlers'
import { messageHandlers } from './handlers/message-handlers'
import { portHandlers } from './handlers/port-handlers'
import { profileHandlers } from './handlers/profile-handlers'
import { terminalHandlers } from './handlers/terminal-handlers'
import { recentHandlers } from './handlers/recent-handlers'
import { snippetHandlers } from './handlers/snippet-handlers'
import { triggerHandlers } from './handlers/trigger-handlers'
import { workspaceHandlers } from './handlers/workspace-handlers'
import { CaptureLens } from './lens/capture-lens'
import { RecordingFolder } from '../recording/library/recording-folder'
import { closeInOrder } from './close-in-order'
import { connectSnippets } from './connect-snippets'
import { openRecorded } from './recordings/auto-record'
import { recordingDeeds } from './recordings/recording-deeds'
import { factsOfLinks } from './recordings/link-facts'
import { CompareDesk } from './recordings/compare-desk'
import { ConvertDesk } from './recordings/convert-desk'
import { LibraryDesk } from './recordings/library-desk'
import { RecorderDesk } from './recordings/recorder-desk'
import { ReplayDesk } from './recordings/replay-desk'
import { workspaceRedactor } from './recordings/workspace-redactor'
import { TapeDesk } from './recordings/tape-desk'
import { describeLink, linkTitle, linkWords } from './link-title'
import { OperatorLinks } from './operator-links'
import { PortList } from './port-list'
import { Recents, type RecentsPort } from './recents'
import { sessionDay } from './session-day'
import { Sources } from './sources'
import { TaskDesk } from './task-desk'
import { Triggers } from './triggers'
import { WhatIfDesk } from './recordings/what-if-desk'

export interface ConsoleOptions {
  /** Owned from now on: `close` closes them. */
  readonly links: Links
  readonly app: AppInfo
  /** Looks which ports there are; the links of `links` may follow their devices by it. */
  readonly ports: PortWatch
  readonly checkMachine: () => Promise<MachineCheck[]>
  readonly recents: RecentsPort
  readonly profiles: ProfileFolder
  /** Where logs of terminals are written. Owned from now on. */
  readonly logs: TerminalLogs
  readonly triggers: TriggerFile
  /** What the operator keeps in files. Owned from now on. */
  readonly workspace: Workspace
  /** Values of the secrets that environments name. */
  readonly secrets: SecretStore
  /** What was sent by hand. */
  readonly history: SendHistory
  /** The wall clock, for what people read. */
  readonly nowIso: () => string
  /** Something beside the work failed, such as saving the recent links. The work goes on. */
  readonly onProblem: (problem: ConsoleError) => void
  readonly captureLimits?: Partial<CaptureLimits>
  /** File manager and trash of the system. Default: there is no desktop. */
  readonly hostFiles?: HostFiles
}

type Feeds = {
  readonly [S in SubscriptionName]: (request: SubscriptionRequest<S>) => Feed<SubscriptionItem<S>>
}

/** Without a folder of profiles there is none. */
function profileUrl(profiles: ProfileFolder, name: string): string | undefined {
  try {
    return profiles.list().find((profile) => sameName(profile.name, name))?.url
  } catch {
    return undefined
  }
}

/** What an operator can do, and what there is to see: one handler per command, one feed per subscription. */
export class Console implements ConsolePort, SourcePort {
  readonly capture: Capture
  readonly #links: Links
  readonly #operatorLinks: OperatorLinks
  readonly #recents: Recents
  readonly #lens: CaptureLens
  readonly #logs: TerminalLogs
  readonly #triggers: Triggers
  readonly #workspace: Workspace
  readonly #history: SendHistory
  readonly #cache: OperatedCache
  readonly #cachingRules: CachingRules
  readonly #desk: DeviceDesk
  readonly #taskDesk: TaskDesk
  readonly #whatIfDesk: WhatIfDesk
  readonly #recorder: RecorderDesk
  readonly #replayDesk: ReplayDesk
  readonly #library: LibraryDesk
  readonly #convert: ConvertDesk
  readonly #compareDesk: CompareDesk
  readonly #snippetRuns: SnippetRuns
  readonly #clock: Clock
  readonly #handlers: Handlers
  readonly #feeds: Feeds
  readonly #sources = new Sources(this)

  constructor(options: ConsoleOptions) {
    const { links, app, nowIso, profiles, logs, workspace } = options
    const { clock } = links
    const capture = new Capture(options.captureLimits)
    const recents = new Recents(options.recents, options.onProblem)
    const ports = new PortList(options.ports, recents)
    const runOnConnect = connectSnippets(profiles, () => this.#snippetRuns, options.onProblem)
    const operatorLinks = new OperatorLinks(links, capture, clock, (link, linkId) => {
      void recents.note({ ...link, lastUsedIso: nowIso() })
      runOnConnect(link.url, linkId)
    })
    const day = sessionDay(app.startedAtIso)
    const addressOf = (linkId: number): LinkAddress | undefined =>
      links.all().find((handle) => handle.linkId === linkId)?.address
    const lens = new CaptureLens({
      capture,
      clock,
      nowMs: () => clock.nowMs(),
      day,
      addressOf,
      lineRateOf: (linkId) => links.all().find((handle) => handle.linkId === linkId)?.link?.lineRate,
      onMerged: () => this.#desk.problems.batchMerged(),
    })
    const { subjects } = lens
    this.capture = capture
    const backlog = new TerminalBacklog()
    this.#lens = lens
    this.#logs = logs
    const triggers = new Triggers(capture, clock, subjects, options.triggers, {
      startSnippet: (snippet, link, name) => {
        const place = { link, variables: new Map<string, string>() }
        this.#snippetRuns.start(snippet, place, { origin: 'trigger', name })
      },
      ...recordingDeeds(() => this.#recorder),
    })
    this.#triggers = triggers
    this.#workspace = workspace
    this.#history = options.history
    const cache = new OperatedCache({
      clock,
      onTrace: (event) => {
        this.#recorder.observe(event)
        capture.observe(event)
        this.#desk.observe(event)
      },
    })
    const cachingRules = new CachingRules(workspace)
    const answers = new AnswerCache(cache, cachingRules, clock)
    const messageIdOf = (linkId: number, key: number): number => capture.messageIdOf(linkId, key)
    const sender = new DraftSender({
      links,
      capture,
      workspaceDir: workspace.dir,
      nameOf: (address) => linkWords(address)?.name ?? '',
      profileUrl: (name) => profileUrl(profiles, name),
    })
    const environments = new Environments(workspace, options.secrets)
    const settings = new Settings(workspace)
    const { history, secrets } = options
    const workspaceDir = workspace.dir
    const byHand = new OperatorSend({
      sender,
      environments,
      history,
      answers,
      messageIdOf,
      workspaceDir,
      nowIso,
    })
    this.#cache = cache
    this.#cachingRules = cachingRules
    this.#links = links
    this.#operatorLinks = operatorLinks
    this.#recents = recents
    this.#clock = clock
    const folder = new RecordingFolder(workspaceDir)
    const whatIfDesk = new WhatIfDesk({ folder, clock })
    const compareDesk = new CompareDesk({ folder, clock })
    this.#compareDesk = compareDesk
    this.#whatIfDesk = whatIfDesk
    const tapes = new TapeDesk({
      clock,
      folder,
      sources: this.#sources,
      live: this,
      remarksOf: (recording) => this.#library.remarksOf(recording),
      stripOf: (recording) => this.#library.stripOf(recording),
    })
    const recorder = new RecorderDesk({
      clock,
      startedAtMs: day.startedAtMs,
      wallMs: () => Date.parse(nowIso()),
      folder,
      capture,
      settings,
      library: `netcore-console ${app.version}`,
      linkFacts: () => factsOfLinks(links.all(), profiles.list()),
      transform: () => workspaceRedactor(workspaceDir),
      onFinished: (recordings) => this.#convert.packFinished(recordings),
    })
    this.#recorder = recorder
    const replayDesk = new ReplayDesk({
      links,
      folder,
      startedAtMs: day.startedAtMs,
      library: `netcore-console ${app.version}`,
      onLinkGone: (linkId) => capture.forgetLink(linkId),
      onProblem: options.onProblem,
    })
    this.#replayDesk = replayDesk
    const library = new LibraryDesk({
      folder,
      stateDir: join(workspaceDir, 'state'),
      clock,
      settings,
      wallMs: () => Date.parse(nowIso()),
      describeLink,
      isBeingWritten: (path) => recorder.isWriting(path),
      library: `netcore-console ${app.version}`,
      hostFiles: options.hostFiles ?? null,
      onProblem: options.onProblem,
    })
    this.#library = library
    const convert = new ConvertDesk({
      clock,
      folder,
      isBeingWritten: (path) => recorder.isWriting(path),
      workspaceDir,
      library: `netcore-console ${app.version}`,
      wallMs: () => Date.parse(nowIso()),
    })
    this.#convert = convert
    const desk = new DeviceDesk({
      clock,
      nowIso,
      links,
      capture,
      subjects,
      workspace,
      cache,
      statuses: () => operatorLinks.statuses(),
      recorder: () => recorder.condition,
      listPorts: () => ports.list(),
      namesOf: (linkId) => namesOf(addressOf(linkId), profiles),
    })
    this.#desk = desk
    const snippetRuns = new SnippetRuns({
      clock,
      sender,
      subjects,
      hearMoments: (listener) => capture.hearMoments(listener),
      linkIdOf: (link) => sender.handleOf(link).linkId,
      snippet: (name) => snippetNamed(workspace, name),
      message: (name) => messageNamed(workspace, name),
    })
    this.#snippetRuns = snippetRuns
    const taskDesk = new TaskDesk({
      links,
      capture,
      subjects,
      workspace,
      sender,
      environments,
      snippets: snippetRuns,
      cache,
      onTrace: (event) => {
        recorder.observe(event)
        capture.observe(event)
        desk.observe(event)
      },
    })
    this.#taskDesk = taskDesk
    this.#handlers = {
      ...desk.handlers,
      ...taskDesk.handlers,
      ...whatIfDesk.handlers,
      ...replayDesk.handlers,
      ...snippetHandlers(snippetRuns, environments),
      ...appHandlers(app),
      ...portHandlers(ports, options.checkMachine),
      ...profileHandlers(profiles),
      ...workspaceHandlers(workspace),
      ...draftHandlers({ byHand, history, environments, secrets, settings }),
      ...recentHandlers(recents),
      ...triggerHandlers(triggers),
      ...linkHandlers(operatorLinks, (url, open) =>
        openRecorded(url, open, recorder, profiles, options.onProblem),
      ),
      ...recorder.handlers,
      ...library.handlers,
      ...convert.handlers,
      ...compareDesk.handlers,
      ...tapes.handlers,
      ...messageHandlers(links, capture, answers),
      ...cacheHandlers(cache, cachingRules),
      ...captureHandlers(capture, clock),
      ...terminalHandlers(links, backlog, logs, { startedAtMs: day.startedAtMs, nowIso }),
      ...lens.handlers,
    }
    this.#feeds = {
      recorder: () => recorder.feed(),
      library: () => library.feed(),
      exports: () => convert.feed(),
      compare: ({ comparison }) => compareDesk.feed(comparison),
      tape: () => tapes.feed(),
      status: () => statusFeed(capture, clock, () => this.#snapshot()),
      ...lens.feeds,
      triggers: () => triggersFeed(triggers, clock),
      firings: () => firingsFeed(triggers, clock),
      terminal: ({ linkId }) => terminalFeed(backlog, clock, linkId),
      ports: () => portsFeed(ports, clock),
      profiles: () => profilesFeed(profiles, clock),
      cache: () => cacheFeed(cache, clock),
      'cache-changes': () => cacheChangesFeed(cache, clock),
      'caching-rules': () => cachingRulesFeed(cachingRules, clock),
      responders: () => desk.respondersFeed(),
      routes: () => desk.routesFeed(),
      events: () => desk.eventsFeed(),
      problems: () => desk.problemsFeed(),
      history: ({ query, limit }) => historyFeed(history, clock, query, limit),
      settings: () => settingsFeed(settings, clock),
      tasks: () => taskDesk.feed(),
      replay: () => replayDesk.feed(),
      whatif: ({ run }) => whatIfDesk.feed(run),
      'snippet-runs': (asked) => snippetRunsFeed(snippetRuns, clock, asked),
      'task-runs': ({ task }) => taskDesk.runsFeed(task),
      workspace: ({ kind }) => workspaceFeed(workspace, clock, kind),
    }
    links.observe(recorder.observe) // before anybody who acts on what it sees
    links.observe(capture.observe)
    links.observe(desk.observe) // after the capture: it asks for numbers of messages
    links.observe(backlog.observe)
    links.observe(logs.observe)
    links.observe((event) => operatorLinks.observe(event))
    links.observe(taskDesk.observe)
  }

  /** @throws ConsoleError `SOURCE_UNKNOWN`. */
  at(source: number): SourcePort {
    return this.#sources.get(source)
  }

  /** @throws ConsoleError with a code of what failed. The request must have passed the contract's checks. */
  async call<C extends CommandName>(name: C, request: CommandRequest<C>): Promise<CommandReply<C>> {
    this.#recorder.noteCommand(name, request)
    return this.#handlers[name](request)
  }

  subscribe<S extends SubscriptionName>(name: S, request: SubscriptionRequest<S>): Feed<SubscriptionItem<S>> {
    return this.#feeds[name](request)
  }

  /** Closes all links and finishes what is being saved. */
  close(): Promise<void> {
    return closeInOrder([
      () => this.#sources.closeAll(),
      () => this.#lens.close(),
      () => this.#triggers.close(),
      () => this.#taskDesk.close(),
      () => this.#whatIfDesk.close(),
      () => this.#compareDesk.close(),
      () => this.#snippetRuns.stopAll(),
      () => this.#desk.close(),
      () => this.#replayDesk.close(),
      () => this.#links.closeAll(),
      () => this.#recorder.close(),
      () => this.#library.close(),
      () => this.#convert.close(),
      () => this.#logs.closeAll(),
      () => this.#recents.settled(),
      () => this.#cache.close(),
      () => this.#cachingRules.close(),
      () => this.#history.settled(),
      () => this.#workspace.close(),
    ])
  }

  #snapshot(): StatusSnapshot {
    return {
      nowMs: this.#clock.nowMs(),
      links: this.#operatorLinks.statuses(),
      isListenOnly: this.#links.isLocked,
      ...this.capture.totals(),
    }
  }
}

/** What a link may be called: its title, the name in its address, and the profiles that lead there. */
function namesOf(address: LinkAddress | undefined, profiles: ProfileFolder): readonly string[] {
  if (address === undefined) return []
  const named = profiles.list().filter(({ url }) => url === address.text)
  return [
    linkTitle(address),
    linkWords(address)?.name ?? '',
    address.name ?? '',
    ...named.map(({ name }) => name),
  ]
}
