import {
  MAX_RUN_LOG_LINES,
  SHOWN_LOG_LINES,
  type SnippetLogLine,
  type SnippetStepView,
  type StepState,
} from '../../../shared/model/snippets'
import type { PlacedStep } from './step-title'
import { stepTitle } from './step-title'

/** Messages of one step that are remembered. */
const MAX_STEP_MESSAGES = 8

interface StepAccount {
  state: StepState
  count: number
  totalMs: number
  startedMs: number
  detail: string
  messageIds: readonly number[]
}

/** The books of one run: what each step did, and a log whose oldest lines go first. */
export class RunLog {
  readonly #steps: readonly PlacedStep[]
  readonly #lines: readonly number[]
  readonly #accounts: StepAccount[]
  readonly #titles: readonly string[]
  #log: SnippetLogLine[] = []
  #dropped = 0

  /** @param lines - Line of each step in its file, in the order of `steps`. */
  constructor(steps: readonly PlacedStep[], lines: readonly number[]) {
    this.#steps = steps
    this.#lines = lines
    this.#titles = steps.map(({ step }) => stepTitle(step))
    this.#accounts = steps.map(() => ({
      state: 'waiting',
      count: 0,
      totalMs: 0,
      startedMs: 0,
      detail: '',
      messageIds: [],
    }))
  }

  begin(index: number, nowMs: number): void {
    const account = this.#accounts[index]!
    account.state = 'running'
    account.startedMs = nowMs
    account.count += 1
    account.messageIds = []
    account.detail = ''
  }

  /** A step came to its end; `detail` goes to the log as well. Returns what it took this time. */
  end(
    index: number,
    state: 'passed' | 'failed' | 'stopped',
    detail: string,
    nowMs: number,
  ): { readonly tookMs: number; readonly messageIds: readonly number[] } {
    const account = this.#accounts[index]!
    const tookMs = nowMs - account.startedMs
    account.state = state
    account.totalMs += tookMs
    account.detail = detail
    const { messageIds } = account
    if (detail === '') return { tookMs, messageIds }
    this.#add({
      atMs: nowMs,
      stepIndex: index,
      text: `${this.#titles[index]!}: ${detail}`,
      isProblem: state === 'failed',
      messageId: messageIds.at(-1) ?? null,
    })
    return { tookMs, messageIds }
  }

  noteMessages(index: number, messageIds: readonly number[]): void {
    const account = this.#accounts[index]!
    account.messageIds = [...account.messageIds, ...messageIds].slice(-MAX_STEP_MESSAGES)
  }

  titleOf(index: number): string {
    return this.#titles[index]!
  }

  lineOf(index: number): number {
    return this.#lines[index] ?? 0
  }

  steps(nowMs: number): SnippetStepView[] {
    return this.#accounts.map(({ state, count, totalMs, startedMs, detail, messageIds }, index) => ({
      index,
      depth: this.#steps[index]!.depth,
      line: this.lineOf(index),
      title: this.#titles[index]!,
      state,
      count,
      totalMs: state === 'running' ? totalMs + nowMs - startedMs : totalMs,
      detail,
      messageIds,
    }))
  }

  /** The newest lines, and how many came before them. */
  shown(): { readonly log: readonly SnippetLogLine[]; readonly droppedLogLines: number } {
    const log = this.#log.slice(-SHOWN_LOG_LINES)
    return { log, droppedLogLines: this.#dropped + this.#log.length - log.length }
  }

  #add(line: SnippetLogLine): void {
    this.#log.push(line)
    if (this.#log.length < 2 * MAX_RUN_LOG_LINES) return
    this.#dropped += this.#log.length - MAX_RUN_LOG_LINES
    this.#log = this.#log.slice(-MAX_RUN_LOG_LINES)
  }
}
