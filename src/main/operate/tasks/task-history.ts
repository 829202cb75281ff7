import {
  LATE_MS,
  MAX_KEPT_RUNS,
  type TaskPunctuality,
  type TaskRunEntry,
  type TaskRunOutcome,
} from '../../../shared/model/tasks'

/** Beginnings that are averaged at each end of a series, to tell how far it drifted. */
const DRIFT_RUNS = 16

/** When a run began, as far as it says something of the punctuality of its task. */
interface Beginning {
  readonly lateMs: number
  readonly behind: string
}

/** What became of one task: the newest runs, the counts of all, and how punctually they began. */
export class TaskHistory {
  readonly #counts: Record<TaskRunOutcome, number> = {
    ok: 0,
    failed: 0,
    timeout: 0,
    held: 0,
    dropped: 0,
    skipped: 0,
  }
  #runs: TaskRunEntry[] = []
  #beginnings: Beginning[] = []
  #firstLateMs: number[] = []
  #lastLateMs: number[] = []
  #sinceMs = 0
  #punctuality: TaskPunctuality | null = null
  #isCounted = true

  /** The newest runs, oldest first, at most `MAX_KEPT_RUNS`. */
  get runs(): readonly TaskRunEntry[] {
    return this.#runs
  }

  get last(): TaskRunEntry | null {
    return this.#runs.at(-1) ?? null
  }

  countOf(outcome: TaskRunOutcome): number {
    return this.#counts[outcome]
  }

  /** Runs after this one, oldest first, as far as they are kept. */
  after(runId: number): readonly TaskRunEntry[] {
    let at = this.#runs.length
    while (at > 0 && this.#runs[at - 1]!.runId > runId) at -= 1
    return this.#runs.slice(at)
  }

  /**
   * @param beginMs - How late the scheduler began it, without waits on the line; null when that says nothing of the
   *   punctuality of the task: it did not begin, was asked for by hand, or waited for its link.
   */
  add(run: TaskRunEntry, beginMs: number | null): void {
    this.#counts[run.outcome] += run.dueCount
    this.#runs.push(run)
    if (this.#runs.length >= 2 * MAX_KEPT_RUNS) this.#runs = this.#runs.slice(-MAX_KEPT_RUNS)
    if (beginMs === null || run.lateMs === null) return
    this.#isCounted = false
    if (this.#beginnings.length === 0) this.#sinceMs = run.dueMs
    this.#beginnings.push({ lateMs: run.lateMs, behind: run.behind })
    if (this.#beginnings.length >= 2 * MAX_KEPT_RUNS) {
      this.#beginnings = this.#beginnings.slice(-MAX_KEPT_RUNS)
    }
    if (this.#firstLateMs.length < DRIFT_RUNS) this.#firstLateMs.push(beginMs)
    this.#lastLateMs.push(beginMs)
    if (this.#lastLateMs.length > DRIFT_RUNS) this.#lastLateMs.shift()
  }

  /** The task runs at other times from now on: what was punctual before says nothing of it. */
  forgetPunctuality(): void {
    this.#beginnings = []
    this.#firstLateMs = []
    this.#lastLateMs = []
    this.#isCounted = false
  }

  /** Messages got other numbers, or went. */
  forgetMessages(): void {
    this.#runs = this.#runs.map((run) => (run.messageIds.length === 0 ? run : { ...run, messageIds: [] }))
  }

  get punctuality(): TaskPunctuality | null {
    if (!this.#isCounted) {
      this.#punctuality = this.#count()
      this.#isCounted = true
    }
    return this.#punctuality
  }

  #count(): TaskPunctuality | null {
    const beginnings = this.#beginnings.slice(-MAX_KEPT_RUNS)
    if (beginnings.length === 0) return null
    const sorted = Float64Array.from(beginnings, ({ lateMs }) => lateMs).sort()
    const late = beginnings.filter(({ lateMs }) => lateMs > LATE_MS)
    const [behind, behindRuns] = mostOften(late.map((run) => run.behind).filter((route) => route !== ''))
    return {
      runs: beginnings.length,
      p50Ms: rank(sorted, 0.5),
      p99Ms: rank(sorted, 0.99),
      maxMs: sorted[sorted.length - 1]!,
      lateRuns: late.length,
      behind,
      behindRuns,
      driftMs: mean(this.#lastLateMs) - mean(this.#firstLateMs),
      sinceMs: this.#sinceMs,
    }
  }
}

/** The nearest rank: a value that was there. */
const rank = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length

function mostOften(words: readonly string[]): readonly [string, number] {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].toSorted(([, one], [, other]) => other - one)[0] ?? ['', 0]
}
