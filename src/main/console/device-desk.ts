import type { CommandName } from '../../shared/contract/contract'
import type { Clock } from '../../shared/model/clock'
import type { LinkStatus, PortInfo } from '../../shared/model/views'
import type { TraceEvent } from '../../shared/model/trace'
import type { Capture } from '../capture/capture'
import type { SubjectSource } from '../capture/subject/message-cursor'
import { TriggerFilters } from '../capture/triggers/trigger-filters'
import type { Links } from '../link/links'
import type { OperatedCache } from '../operate/cache/operated-cache'
import { EventLog } from '../operate/device/event-log'
import { RouteLog } from '../operate/device/route-log'
import { bodyMaker } from '../operate/responders/answer-body'
import { ResponderDrafts } from '../operate/responders/responder-drafts'
import { Responders } from '../operate/responders/responders'
import type { Workspace } from '../workspace/workspace'
import { eventsFeed, problemsFeed, respondersFeed, routesFeed } from './feeds/device-feeds'
import type { Handlers } from './handlers/handlers'
import type { ProblemFacts } from './problems/problem-facts'
import { Problems } from './problems/problems'

export interface DeviceDeskOptions {
  readonly clock: Clock
  readonly nowIso: () => string
  readonly links: Links
  readonly capture: Capture
  readonly subjects: SubjectSource
  readonly workspace: Workspace
  readonly cache: OperatedCache
  readonly statuses: () => readonly LinkStatus[]
  readonly recorder: () => ProblemFacts['recorder']
  readonly listPorts: () => Promise<readonly PortInfo[]>
  /** Names of a link: its title, the name in its address, that of its profile. */
  readonly namesOf: (linkId: number) => readonly string[]
}

type DeskCommand = Extract<
  CommandName,
  'responders.list' | 'responder.test' | 'responder.draft' | 'routes.list' | 'problems.list'
>

/** What the operator does in place of a device or its host, and what he is told of both: responders, routes, events, problems. */
export class DeviceDesk {
  readonly problems: Problems
  readonly events: EventLog
  readonly #responders: Responders
  readonly #routes: RouteLog
  readonly #drafts: ResponderDrafts
  readonly #clock: Clock

  constructor(options: DeviceDeskOptions) {
    const { clock, nowIso, capture, links, workspace, cache, subjects } = options
    const messageIdOf = (linkId: number, key: number): number => capture.messageIdOf(linkId, key)
    const filters = new TriggerFilters(subjects)
    const makeBody = bodyMaker(workspace.dir)
    this.#clock = clock
    this.#responders = new Responders({
      clock,
      nowIso,
      workspace,
      makeBody,
      compileFilter: (text) => {
        const matches = filters.compile(text)
        return (messageId) => filters.moveTo(messageId) && matches()
      },
      messageIdOf,
      isLinkNamed: (linkId, name) => options.namesOf(linkId).includes(name),
    })
    this.#drafts = new ResponderDrafts({ capture, nowIso, makeBody })
    this.#routes = new RouteLog(messageIdOf)
    this.events = new EventLog(messageIdOf)
    this.problems = new Problems({
      clock,
      wallMs: () => Date.parse(nowIso()),
      capture,
      links: options.statuses,
      listPorts: options.listPorts,
      recorder: options.recorder,
      workspace,
      responders: () => this.#responders.state().responders,
      cache: () => cache.totals,
    })
    links.onLink((link) => this.#responders.serve(link))
    this.events.tell({
      kind: 'start',
      atMs: clock.nowMs(),
      linkId: 0,
      dir: null,
      subject: 'session',
      detail: '',
      code: null,
      messageId: 0,
    })
  }

  /** To be told of every trace event after the capture. */
  readonly observe = (event: TraceEvent): void => {
    this.#routes.observe(event)
    this.events.observe(event)
    this.problems.tally.observe(event)
  }

  get handlers(): Pick<Handlers, DeskCommand> {
    return {
      'responders.list': () => this.#responders.state(),
      'responder.test': ({ name, text, messageId }) => this.#drafts.test(name, text, messageId),
      'responder.draft': ({ messageId }) => this.#drafts.draft(messageId),
      'routes.list': () => this.#routes.state(),
      'problems.list': () => this.problems.list(),
    }
  }

  respondersFeed = () => respondersFeed(this.#responders, this.#clock)
  routesFeed = () => routesFeed(this.#routes, this.#clock)
  eventsFeed = () => eventsFeed(this.events, this.#clock)
  problemsFeed = () => problemsFeed(this.problems, this.#clock)

  close(): void {
    this.#responders.close()
    this.problems.close()
  }
}
