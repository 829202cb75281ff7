import type { ConsoleError } from '../../../shared/errors'
import type { StandingProblem } from '../../../shared/model/problems'
import type { LinkStatus, PortInfo } from '../../../shared/model/views'
import type { FileProblem, WorkspaceKind } from '../../../shared/workspace/workspace-types'
import type { LinkTally } from './link-tally'

/** What is looked at. */
export interface ProblemFacts {
  readonly nowMs: number
  readonly links: readonly LinkStatus[]
  /** What the system says of ports; empty while nobody asked. */
  readonly ports: readonly PortInfo[]
  readonly tally: LinkTally
  /** How far the wall clock went away from the clock of the session lately; 0 when it did not. */
  readonly clockJumpMs: number
  readonly files: readonly {
    readonly kind: WorkspaceKind
    readonly name: string
    readonly problem: FileProblem
  }[]
  readonly responders: readonly {
    readonly name: string
    readonly failed: number
    readonly last: string
    readonly remedy: string
  }[]
  readonly cache: {
    readonly bytes: number
    readonly maxBytes: number
    readonly entries: number
    readonly maxEntries: number
  }
  readonly recorder: {
    /** Why the last recording ended by itself. */
    readonly problem: ConsoleError | null
    /** Of the one that runs. */
    readonly gaps: number
    readonly lostBytes: number
    /** Null where nothing is written, or the system does not tell. */
    readonly freeBytes: number | null
  }
  readonly evictedMessages: number
  readonly messages: number
  readonly droppedBodies: number
  /** Batches for screens that had to be made coarser lately. */
  readonly mergedBatches: number
}

export type Finding = Omit<StandingProblem, 'sinceMs'>
/** @param isStanding - Of an id: it is shown already, so that values at the edge do not flicker. */
export type Check = (facts: ProblemFacts, isStanding: (id: string) => boolean) => readonly Finding[]
