import type { ErrorCode } from '../errors'

/** Running at the same time. Beyond: `SNIPPETS_TOO_MANY`. */
export const MAX_RUNNING_SNIPPETS = 16
/** Runs that are over and still shown. */
export const MAX_KEPT_RUNS = 50
/** Steps that one run may take, repeats counted. Beyond: `SNIPPET_STEPS_EXHAUSTED`. */
export const MAX_EXECUTED_STEPS = 1_000_000
/** Lines of the log of one run that are kept, the newest. */
export const MAX_RUN_LOG_LINES = 500
/** Lines of the log that a screen is shown. */
export const SHOWN_LOG_LINES = 200

export type RunState = 'running' | 'passed' | 'failed' | 'stopped'
export type StepState = 'waiting' | 'running' | 'passed' | 'failed' | 'stopped'

/** Who began a run. */
export type RunOrigin = 'operator' | 'task' | 'trigger' | 'connect' | 'command-line'

/** A step of the file, however often it was taken. */
export interface SnippetStepView {
  /** From 0, in the order of the file; those within a repeat follow it. */
  readonly index: number
  /** Repeats around it. */
  readonly depth: number
  /** Line of the file, from 1. */
  readonly line: number
  /** As it stands in the file: `expect body.value >= 1 within 2s`. */
  readonly title: string
  readonly state: StepState
  /** Times it was taken. */
  readonly count: number
  /** All times together. */
  readonly totalMs: number
  /** How it went the last time: `answered in 3.1 ms`. */
  readonly detail: string
  /** Messages of the last time: what was sent, its answer, what was expected. */
  readonly messageIds: readonly number[]
}

export interface SnippetLogLine {
  /** Session time. */
  readonly atMs: number
  readonly stepIndex: number
  readonly text: string
  readonly isProblem: boolean
  readonly messageId: number | null
}

export interface SnippetRunSummary {
  readonly runId: number
  /** Of the snippet: its place in the workspace. */
  readonly name: string
  readonly title: string
  readonly origin: RunOrigin
  /** Of the trigger, the task or the profile that began it; empty for the operator. */
  readonly originName: string
  readonly linkId: number
  readonly state: RunState
  readonly startedAtMs: number
  readonly endedAtMs: number | null
  /** Why it ended so; null when it passed or goes on. */
  readonly code: ErrorCode | null
  readonly detail: string
}

export interface SnippetRunView extends SnippetRunSummary {
  readonly steps: readonly SnippetStepView[]
  /** As they are now, in order of name. Secrets are not among them. */
  readonly variables: readonly (readonly [name: string, value: string])[]
  /** The newest lines, oldest first. */
  readonly log: readonly SnippetLogLine[]
  /** Lines before those. */
  readonly droppedLogLines: number
  readonly executedSteps: number
}

export interface SnippetRunsState {
  /** Newest first. */
  readonly runs: readonly SnippetRunSummary[]
  /** The run that was asked for, or the newest of the snippet that was asked for. */
  readonly shown: SnippetRunView | null
}
