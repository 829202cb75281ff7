import type { CommandName } from '../../shared/contract/contract'
import type { TraceEvent, TraceObserver } from '../../shared/model/trace'
import type { TaskRunsChanged, TasksChanged } from '../../shared/model/tasks'
import type { Capture } from '../capture/capture'
import type { SubjectSource } from '../capture/subject/message-cursor'
import type { Links } from '../link/links'
import type { CachePort, SnippetRunner } from '../operate/operate-types'
import type { DraftSender } from '../operate/send/draft-sender'
import type { Environments } from '../operate/send/environments'
import { messageNamed } from '../operate/snippets/load-snippet'
import { Tasks } from '../operate/tasks/tasks'
import type { Workspace } from '../workspace/workspace'
import type { Feed } from './console-types'
import { taskRunsFeed, tasksFeed } from './feeds/task-feeds'
import type { Handlers } from './handlers/handlers'
import { taskHandlers } from './handlers/task-handlers'

export interface TaskDeskOptions {
  readonly links: Links
  readonly capture: Capture
  readonly subjects: SubjectSource
  readonly workspace: Workspace
  readonly sender: DraftSender
  readonly environments: Environments
  readonly snippets: SnippetRunner
  readonly cache: CachePort
  /** Told of every run. */
  readonly onTrace: TraceObserver
}

type TaskCommand = Extract<
  CommandName,
  'tasks.list' | 'tasks.pause' | 'task.run' | 'task.skip' | 'task.enable' | 'task.clone'
>

/** The tasks of the workspace among the links, the sender and the capture of the session. */
export class TaskDesk {
  readonly tasks: Tasks
  readonly handlers: Pick<Handlers, TaskCommand>
  readonly #links: Links
  readonly #sender: DraftSender
  readonly #stopLock: () => void

  constructor(options: TaskDeskOptions) {
    const { links, capture, subjects, workspace, sender, environments, snippets, cache, onTrace } = options
    const { clock } = links
    this.#links = links
    this.#sender = sender
    this.tasks = new Tasks({
      clock,
      wallMs: Date.now,
      random: Math.random,
      workspace,
      sender,
      snippets,
      cache,
      subjects,
      hearMoments: (listener) => capture.hearMoments(listener),
      noteTask: (messageId, task) => capture.noteTask(messageId, task),
      blockerOf: (messageId) => this.#blockerOf(capture, messageId),
      whyNot: (link) => this.#whyNot(link),
      linkIdOf: (link) => this.#linkIdOf(link),
      message: (name) => messageNamed(workspace, name),
      variables: (name) => environments.variables(name),
      tell: onTrace,
    })
    this.handlers = taskHandlers(this.tasks)
    this.#stopLock = links.onLocked(() => this.tasks.lookAtLinks())
  }

  /** To be called with every trace event: links come and go. */
  readonly observe = (event: TraceEvent): void => {
    if (event.type === 'link-state') this.tasks.lookAtLinks()
  }

  feed(): Feed<TasksChanged> {
    return tasksFeed(this.tasks, this.#links.clock)
  }

  runsFeed(task: string): Feed<TaskRunsChanged> {
    return taskRunsFeed(this.tasks, this.#links.clock, task)
  }

  close(): void {
    this.#stopLock()
    this.tasks.close()
  }

  /** The lock counts as a link that is down: nothing may leave. */
  #whyNot(link: string): string {
    if (this.#links.isLocked) return 'listen only'
    try {
      const { phase } = this.#sender.handleOf(link)
      return phase === 'connected' ? '' : 'link down'
    } catch {
      return link === '' ? 'no link is connected' : 'link not open'
    }
  }

  #linkIdOf(link: string): number {
    try {
      return this.#sender.handleOf(link).linkId
    } catch {
      return 0
    }
  }

  #blockerOf(capture: Capture, messageId: number): string {
    const { linkId } = capture.locate(messageId)
    const rate = this.#links.all().find((handle) => handle.linkId === linkId)?.link?.lineRate ?? null
    const { parts } = capture.explain(messageId, this.#links.clock.nowMs(), rate)
    return parts.find(({ name }) => name === 'blocked')?.blockers[0]?.route ?? ''
  }
}
