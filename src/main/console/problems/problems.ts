import type { Clock } from '../../../shared/model/clock'
import type { ProblemsState } from '../../../shared/model/problems'
import type { ResponderState } from '../../../shared/model/responders'
import type { LinkStatus, PortInfo } from '../../../shared/model/views'
import { WORKSPACE_KINDS, type WorkspaceKind } from '../../../shared/workspace/workspace-types'
import type { Capture } from '../../capture/capture'
import type { Workspace } from '../../workspace/workspace'
import { CHECKS } from './checks'
import { LinkTally, RECENT_MS } from './link-tally'
import type { ProblemFacts } from './problem-facts'
import { StandingProblems } from './standing'

/** How often it is looked while somebody watches. */
const LOOK_EVERY_MS = 1000
/** The wall clock may stray so far from the session's in one look: more is a jump. */
const CLOCK_JUMP_MS = 1500
/** So long a jump is spoken of. */
const JUMP_TOLD_MS = 60_000
/** A failure of a responder is forgotten after this long without another. */
const FAILURE_TOLD_MS = 60_000
/** The system is asked for ports not more often. */
const PORTS_EVERY_MS = 3000

export interface ProblemsOptions {
  readonly clock: Clock
  /** The wall clock, ms since 1970. */
  readonly wallMs: () => number
  readonly capture: Pick<Capture, 'totals' | 'memory'>
  readonly links: () => readonly LinkStatus[]
  readonly listPorts: () => Promise<readonly PortInfo[]>
  readonly workspace: Pick<Workspace, 'list' | 'watch'>
  readonly recorder: () => ProblemFacts['recorder']
  readonly responders: () => readonly ResponderState[]
  readonly cache: () => ProblemFacts['cache']
}

/** Looks for standing conditions while somebody watches, and says what stands. */
export class Problems {
  readonly tally = new LinkTally()
  readonly #options: ProblemsOptions
  readonly #standing = new StandingProblems(CHECKS)
  readonly #listeners = new Set<() => void>()
  readonly #files = new Map<WorkspaceKind, ProblemFacts['files']>()
  readonly #failures = new Map<string, { failed: number; atMs: number }>()
  #stopFiles: (() => void)[] = []
  #cancelLook: (() => void) | undefined
  #ports: readonly PortInfo[] = []
  #portsAtMs = Number.NEGATIVE_INFINITY
  #wallOffsetMs: number | undefined
  #jump = { ms: 0, atMs: Number.NEGATIVE_INFINITY }
  #merged: number[] = []
  #version = 0

  constructor(options: ProblemsOptions) {
    this.#options = options
  }

  get version(): number {
    return this.#version
  }

  /** What stands now. */
  list(): ProblemsState {
    this.#look()
    return this.#standing.list()
  }

  /** Calls `listener` when what stands changed. It is looked for as long as somebody listens. Returns how to end it. */
  onChange(listener: () => void): () => void {
    const own = (): void => listener()
    this.#listeners.add(own)
    if (this.#cancelLook === undefined) this.#lookAgain()
    return () => {
      this.#listeners.delete(own)
      if (this.#listeners.size === 0) this.#rest()
    }
  }

  /** A picture for a slow screen was made coarser. */
  batchMerged(): void {
    this.#merged.push(this.#options.clock.nowMs())
    if (this.#merged.length > 1000) this.#merged.shift()
  }

  close(): void {
    this.#listeners.clear()
    this.#rest()
  }

  #rest(): void {
    this.#cancelLook?.()
    this.#cancelLook = undefined
    this.#stopFollowing()
  }

  #lookAgain(): void {
    const { clock } = this.#options
    this.#cancelLook = clock.schedule(clock.nowMs() + LOOK_EVERY_MS, () => {
      if (this.#look()) this.#tell()
      this.#lookAgain()
    })
  }

  #look(): boolean {
    const { clock, capture } = this.#options
    const nowMs = clock.nowMs()
    const links = this.#options.links()
    this.#watchFiles()
    this.#lookAtClock(nowMs)
    this.#askForPorts(links, nowMs)
    this.#merged = this.#merged.filter((atMs) => atMs > nowMs - RECENT_MS)
    const { evictedMessages, messages } = capture.totals()
    const isChanged = this.#standing.look({
      nowMs,
      links,
      ports: this.#ports,
      tally: this.tally,
      clockJumpMs: nowMs - this.#jump.atMs < JUMP_TOLD_MS ? this.#jump.ms : 0,
      files: [...this.#files.values()].flat(),
      responders: this.#failing(nowMs),
      cache: this.#options.cache(),
      recorder: this.#options.recorder(),
      evictedMessages,
      messages,
      droppedBodies: capture.memory.droppedBodies,
      mergedBatches: this.#merged.length,
    })
    if (isChanged) this.#version += 1
    return isChanged
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }

  #lookAtClock(nowMs: number): void {
    const offsetMs = this.#options.wallMs() - nowMs
    const strayMs = this.#wallOffsetMs === undefined ? 0 : offsetMs - this.#wallOffsetMs
    if (Math.abs(strayMs) >= CLOCK_JUMP_MS) this.#jump = { ms: strayMs, atMs: nowMs }
    this.#wallOffsetMs = offsetMs
  }

  /** Only while a link waits for its port: asking costs. */
  #askForPorts(links: readonly LinkStatus[], nowMs: number): void {
    const isWanted = links.some(({ problem }) => problem?.code.startsWith('PORT_') ?? false)
    if (!isWanted || nowMs - this.#portsAtMs < PORTS_EVERY_MS) return
    this.#portsAtMs = nowMs
    void this.#options.listPorts().then(
      (ports) => {
        this.#ports = ports
      },
      () => {
        this.#ports = []
      },
    )
  }

  /** From the first look on, files are followed: reading all of them each second would cost. */
  #watchFiles(): void {
    if (this.#stopFiles.length > 0) return
    for (const kind of WORKSPACE_KINDS) {
      const read = (): void => {
        const { entries } = this.#options.workspace.list(kind)
        const broken = entries.flatMap(({ name, problem }) =>
          problem === null ? [] : [{ kind, name, problem }],
        )
        this.#files.set(kind, broken)
      }
      read()
      this.#stopFiles.push(
        this.#options.workspace.watch(kind, () => {
          read()
          if (this.#listeners.size > 0 && this.#look()) this.#tell()
        }),
      )
    }
    if (this.#listeners.size === 0) this.#stopFollowing()
  }

  /** Nobody listens: what was read serves this one look. */
  #stopFollowing(): void {
    for (const stop of this.#stopFiles) stop()
    this.#stopFiles = []
  }

  #failing(nowMs: number): ProblemFacts['responders'] {
    const found: { name: string; failed: number; last: string; remedy: string }[] = []
    for (const { name, failed, lastFailure } of this.#options.responders()) {
      const known = this.#failures.get(name)
      if (failed === 0 || lastFailure === null) this.#failures.delete(name)
      else if (known?.failed !== failed) this.#failures.set(name, { failed, atMs: nowMs })
      const atMs = this.#failures.get(name)?.atMs ?? Number.NEGATIVE_INFINITY
      if (lastFailure !== null && nowMs - atMs < FAILURE_TOLD_MS) {
        found.push({ name, failed, last: lastFailure.message, remedy: lastFailure.remedy })
      }
    }
    return found
  }
}
