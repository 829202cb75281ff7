import { MAX_PROBLEMS, type ProblemSeverity, type StandingProblem } from '../../../shared/model/problems'
import type { Check, Finding, ProblemFacts } from './problem-facts'

/** A condition that is gone for a moment comes back often: it is taken away after this long without it. */
export const GONE_AFTER_MS = 2000

const ORDER: Readonly<Record<ProblemSeverity, number>> = { error: 0, warning: 1, info: 2 }

interface Standing {
  problem: StandingProblem
  seenAtMs: number
}

/** Which conditions stand: told apart by id, with the time they began, and not flickering at the edge. */
export class StandingProblems {
  readonly #checks: readonly Check[]
  readonly #standing = new Map<string, Standing>()

  constructor(checks: readonly Check[]) {
    this.#checks = checks
  }

  /** Looks anew. Returns true when what stands is another than before. */
  look(facts: ProblemFacts): boolean {
    const { nowMs } = facts
    const isStanding = (id: string): boolean => this.#standing.has(id)
    const found = this.#checks.flatMap((check) => check(facts, isStanding))
    let isChanged = false
    for (const finding of found) {
      const known = this.#standing.get(finding.id)
      const problem = { ...finding, sinceMs: known?.problem.sinceMs ?? nowMs }
      if (known === undefined || !isSame(known.problem, finding)) isChanged = true
      this.#standing.set(finding.id, { problem, seenAtMs: nowMs })
    }
    for (const [id, { seenAtMs }] of this.#standing) {
      if (nowMs - seenAtMs < GONE_AFTER_MS) continue
      this.#standing.delete(id)
      isChanged = true
    }
    return isChanged
  }

  /** The gravest first, of those the oldest. */
  list(): { readonly problems: readonly StandingProblem[]; readonly hidden: number } {
    const all = [...this.#standing.values()]
      .map(({ problem }) => problem)
      .toSorted(
        (a, b) => ORDER[a.severity] - ORDER[b.severity] || a.sinceMs - b.sinceMs || (a.id < b.id ? -1 : 1),
      )
    return { problems: all.slice(0, MAX_PROBLEMS), hidden: Math.max(0, all.length - MAX_PROBLEMS) }
  }
}

const isSame = (problem: StandingProblem, finding: Finding): boolean =>
  problem.cause === finding.cause &&
  problem.severity === finding.severity &&
  problem.title === finding.title &&
  problem.remedy === finding.remedy &&
  problem.command === finding.command
