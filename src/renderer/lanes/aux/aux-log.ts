import type { LaneFault, LaneCacheEnd, LaneLines, LaneTaskRun } from '../../../shared/model/views'
import type { PackedBatch } from '../worker-protocol'
import { MODEM_LINES, type ModemLine } from './aux-types'
import { MomentList } from './moment-list'

const MAX_FAULTS = 4096
const MAX_TASK_RUNS = 8192
const MAX_CACHE_ENDS = 8192
const MAX_LINE_CHANGES = 8192
const MAX_QUEUE_SAMPLES = 8192

export interface QueueSample {
  readonly atMs: number
  readonly queuedBytes: number
}

/** What happened beside the messages: faults, runs of tasks, ends in the cache, modem lines and queues of each link. */
export class AuxLog {
  #faults = new MomentList<LaneFault>(MAX_FAULTS)
  #taskRuns = new MomentList<LaneTaskRun>(MAX_TASK_RUNS)
  #cacheEnds = new MomentList<LaneCacheEnd>(MAX_CACHE_ENDS)
  readonly #lines = new Map<number, MomentList<LaneLines>>()
  readonly #queues = new Map<number, MomentList<QueueSample>>()
  /** Lines that were known at least once, as `linkId * 8 + place`. */
  readonly #knownLines = new Set<number>()

  get faults(): MomentList<LaneFault> {
    return this.#faults
  }

  get cacheEnds(): MomentList<LaneCacheEnd> {
    return this.#cacheEnds
  }

  get taskRuns(): MomentList<LaneTaskRun> {
    return this.#taskRuns
  }

  get queues(): ReadonlyMap<number, MomentList<QueueSample>> {
    return this.#queues
  }

  get linkIdsWithLines(): Iterable<number> {
    return this.#lines.keys()
  }

  /** Changes with every line and queue that is new: rows have to be made for them. */
  get shape(): number {
    return this.#knownLines.size * 1024 + this.#queues.size
  }

  linesOf(linkId: number): MomentList<LaneLines> | undefined {
    return this.#lines.get(linkId)
  }

  isKnown(linkId: number, line: ModemLine): boolean {
    return this.#knownLines.has(linkId * 8 + MODEM_LINES.indexOf(line))
  }

  take(batch: PackedBatch): void {
    for (const fault of batch.faults) this.#faults.add(fault)
    for (const run of batch.taskRuns) this.#taskRuns.add(run)
    for (const end of batch.cacheEnds) this.#cacheEnds.add(end)
    for (const change of batch.lines) this.#takeLines(change)
    for (const { linkId, queuedBytes } of batch.queues) {
      let queue = this.#queues.get(linkId)
      if (queue === undefined) {
        if (queuedBytes === 0) continue // a link that never had to wait needs no lane for it
        queue = new MomentList(MAX_QUEUE_SAMPLES)
        this.#queues.set(linkId, queue)
      }
      if (queue.last?.queuedBytes !== queuedBytes) queue.add({ atMs: batch.nowMs, queuedBytes })
    }
    for (const [linkId, queue] of this.#queues) {
      // what waited on a link that is closed waits no longer
      const isTold = batch.queues.some((told) => told.linkId === linkId)
      if (!isTold && queue.last?.queuedBytes !== 0) queue.add({ atMs: batch.nowMs, queuedBytes: 0 })
    }
  }

  clear(): void {
    this.#faults = new MomentList(MAX_FAULTS)
    this.#taskRuns = new MomentList(MAX_TASK_RUNS)
    this.#cacheEnds = new MomentList(MAX_CACHE_ENDS)
    this.#lines.clear()
    this.#queues.clear()
    this.#knownLines.clear()
  }

  #takeLines(change: LaneLines): void {
    let changes = this.#lines.get(change.linkId)
    if (changes === undefined) {
      changes = new MomentList(MAX_LINE_CHANGES)
      this.#lines.set(change.linkId, changes)
    }
    changes.add(change)
    MODEM_LINES.forEach((line, place) => {
      if (change[line] !== null) this.#knownLines.add(change.linkId * 8 + place)
    })
  }
}
