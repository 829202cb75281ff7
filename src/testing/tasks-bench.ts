import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Capture } from '../main/capture/capture'
import type { CachePort, Sender, SendPlace } from '../main/operate/operate-types'
import { Tasks } from '../main/operate/tasks/tasks'
import type { TaskWorld } from '../main/operate/tasks/task-world'
import { Workspace } from '../main/workspace/workspace'
import { utf8 } from '../shared/bytes'
import { ConsoleError } from '../shared/errors'
import type { TaskRunEvent } from '../shared/model/trace'
import { EMPTY_DRAFT } from '../shared/workspace/message-file'
import { TraceScript } from './trace-script'
import { VirtualClock } from './virtual-clock'

/** Tasks of a real folder on a virtual clock, over a line that is played by hand: what is sent is in the capture. */
export class TasksBench {
  readonly clock = new VirtualClock()
  readonly capture = new Capture()
  readonly script = new TraceScript((event) => this.capture.observe(event))
  readonly workspace: Workspace
  readonly tasks: Tasks
  /** Routes as they left, with their times. */
  readonly sent: { readonly route: string; readonly atMs: number }[] = []
  readonly told: TaskRunEvent[] = []
  readonly cached: string[] = []
  /** Wall clock less session clock. */
  wallOffsetMs = 0
  /** The answer of the device; null: none, ever. */
  answer: string | null = '{"err":0}'
  answerMs = 3
  /** How long what is sent waits for the line. */
  queueMs = 0
  /** Why nothing can be sent; empty when it can. */
  whyNot = ''
  readonly #dir: string
  #key = 0

  constructor() {
    this.#dir = mkdtempSync(join(tmpdir(), 'tasks-'))
    this.workspace = new Workspace(this.#dir)
    this.tasks = new Tasks(this.#world())
  }

  async close(): Promise<void> {
    this.tasks.close()
    await this.workspace.close()
    rmSync(this.#dir, { recursive: true, force: true })
  }

  /** Writes a task as an editor would. */
  async write(name: string, text: string): Promise<void> {
    const before = this.workspace.find('tasks', name)
    await this.workspace.save('tasks', name, text, before?.revision ?? null)
  }

  /** The link comes or goes. */
  connect(whyNot: string): void {
    this.whyNot = whyNot
    this.tasks.lookAtLinks()
  }

  /** Something comes in. */
  receive(route: string, body = '{}'): void {
    this.#key += 1
    this.script.nowMs = this.clock.nowMs()
    this.script.opened({ messageKey: this.#key, dir: 'in', route })
    this.script.closed({ messageKey: this.#key, dir: 'in' }, body)
  }

  /** Outcomes of a task, oldest first. */
  outcomes(name: string): string[] {
    return this.tasks.runsAfter(name, 0).map(({ outcome }) => outcome)
  }

  readonly #send: Sender['send'] = (draft, { onMessage }: SendPlace) => {
    if (this.whyNot !== '') return Promise.reject(new ConsoleError('LINK_NOT_CONNECTED', this.whyNot))
    const key = ++this.#key
    const atMs = this.clock.nowMs()
    this.sent.push({ route: draft.route, atMs })
    this.script.nowMs = atMs
    this.script.opened({
      messageKey: key,
      dir: 'out',
      kind: 'request',
      route: draft.route,
      correlationId: `${key}`,
    })
    const messageId = this.capture.messageIdOf(1, key)
    onMessage?.(messageId)
    return new Promise((resolve) => {
      this.clock.schedule(atMs + this.queueMs, () => {
        this.script.nowMs = this.clock.nowMs()
        this.script.frame({ messageKey: key, dir: 'out' })
        this.script.closed({ messageKey: key, dir: 'out' })
        if (this.answer === null) return
        const body = this.answer
        this.clock.schedule(this.clock.nowMs() + this.answerMs, () => {
          const answerKey = ++this.#key
          this.script.nowMs = this.clock.nowMs()
          this.script.opened({ messageKey: answerKey, dir: 'in', kind: 'response', answersKey: key })
          this.script.closed({ messageKey: answerKey, dir: 'in' }, body)
          this.script.settled({ requestKey: key, answerKey, roundTripMs: this.clock.nowMs() - atMs })
          const answerId = this.capture.messageIdOf(1, answerKey)
          resolve({
            linkId: 1,
            messageId,
            answer: { messageId: answerId, isOk: true, headers: {}, body: utf8(body) },
            roundTripMs: this.clock.nowMs() - atMs,
            problem: null,
          })
        })
      })
    })
  }

  #world(): TaskWorld {
    const { clock, capture, workspace } = this
    const cache: CachePort = {
      applyCacheOperation: (change, { kind, name }) => {
        this.cached.push(`${kind} ${name}: ${change.operation}`)
        return { isOk: true, detail: 'kept', messageIds: [], roundTripMs: null }
      },
    }
    return {
      clock,
      wallMs: () => Math.floor(clock.nowMs() + this.wallOffsetMs),
      random: () => 0.5,
      workspace,
      sender: { send: this.#send },
      snippets: {
        run: (name) =>
          Promise.resolve({ isOk: name !== 'broken', detail: `ran ${name}`, messageIds: [], roundTripMs: 1 }),
      },
      cache,
      subjects: capture.subjectSource({ nowMs: () => clock.nowMs(), dayStartMs: 0, linkOf: () => undefined }),
      hearMoments: (listener) => capture.hearMoments(listener),
      noteTask: (messageId, task) => capture.noteTask(messageId, task),
      blockerOf: () => 'fw.write',
      whyNot: () => this.whyNot,
      linkIdOf: () => 1,
      message: (name) => ({ ...EMPTY_DRAFT, route: name }),
      variables: () => new Map(),
      tell: (event) => {
        this.told.push(event)
        capture.observe(event)
      },
    }
  }
}
