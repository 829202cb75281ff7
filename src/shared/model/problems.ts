import type { WorkspaceKind } from '../workspace/workspace-types'

/** The standing conditions that are looked for, in the order of the guide. */
export const PROBLEM_CHECKS = [
  'port-denied',
  'port-busy',
  'port-missing',
  'link-refused',
  'peer-version',
  'peer-refused',
  'no-data',
  'no-frames',
  'damaged-frames',
  'lost-bytes',
  'receive-overrun',
  'slow-consumer',
  'clock-jump',
  'task-overrun',
  'cache-full',
  'capture-full',
  'bodies-full',
  'workspace-file',
  'responder-failing',
  'recording-ended',
  'recording-gaps',
  'recording-space',
] as const
export type ProblemCheck = (typeof PROBLEM_CHECKS)[number]

export type ProblemSeverity = 'error' | 'warning' | 'info'

/** Where the cause is seen, or mended. */
export type ProblemTarget =
  | { readonly to: 'link'; readonly linkId: number }
  | { readonly to: 'filter'; readonly filter: string }
  | { readonly to: 'file'; readonly kind: WorkspaceKind; readonly name: string }
  | { readonly to: 'page'; readonly page: 'live' | 'charts' | 'terminal' | 'tasks' | 'device' | 'recordings' }

/** Something that is wrong for as long as it stands here: it goes by itself when it is mended. */
export interface StandingProblem {
  /** Check and what it is about: `port-busy:3`. */
  readonly id: string
  readonly check: ProblemCheck
  readonly severity: ProblemSeverity
  /** In a few words, with what it is about. */
  readonly title: string
  /** With the values that make it so. */
  readonly cause: string
  readonly remedy: string
  /** To be typed literally; empty where no command helps. */
  readonly command: string
  readonly target: ProblemTarget | null
  /** Session time. */
  readonly sinceMs: number
  /** How often what it counts happened; 1 for a state. */
  readonly count: number
}

export interface ProblemsState {
  readonly problems: readonly StandingProblem[]
  /** Beyond the limit. */
  readonly hidden: number
}

export const MAX_PROBLEMS = 200
