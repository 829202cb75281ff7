import type { LineResult } from './line/line-run'
import type { LatencyResult } from './measure/latency'
import type { RateResult } from './measure/rate'
import type { LoadedLatency, MemoryResult, WireResult } from './pair'
import { isNoisy } from './statistics'

/** What one round measured of one peer. Absent: not asked for, or it failed. */
export interface PeerFigures {
  /** Megabytes per second. */
  bulk?: number
  rate?: RateResult
  idle?: LatencyResult
  loaded?: LoadedLatency
  fairness?: number
  memory?: MemoryResult
}

export interface Failure {
  /** Null: before the rounds. */
  readonly round: number | null
  readonly what: string
  readonly message: string
}

/** One named figure of the codec on its own, see `codec.ts`. */
export interface CodecFigure {
  readonly name: string
  readonly unit: string
  readonly values: readonly number[]
}

/** One round, by peer. */
export class Round {
  readonly #figures = new Map<string, PeerFigures>()

  of(peer: string): PeerFigures {
    const figures = this.#figures.get(peer) ?? {}
    this.#figures.set(peer, figures)
    return figures
  }
}

/** Everything a run found out. */
export class Findings {
  readonly rounds: Round[] = []
  readonly wire = new Map<string, WireResult>()
  readonly lines: LineResult[] = []
  readonly emptyNodeMiB: number[] = []
  readonly codec: CodecFigure[] = []
  readonly failures: Failure[] = []

  /**
   * A figure round by round; rounds in which it (or a part of a ratio) is missing are left out. Ratios are formed within a
   * round, so that a neighbour who disturbs one round disturbs both sides.
   */
  perRound(figure: (round: Round) => number | undefined): number[] {
    return this.rounds
      .map(figure)
      .filter((value) => value !== undefined && Number.isFinite(value)) as number[]
  }

  /** The machine's own limit did not hold still: timed figures can not be judged. */
  get isNoisy(): boolean {
    const limits = this.perRound((round) => round.of('raw-64k').bulk)
    return limits.length > 0 && isNoisy(limits)
  }
}

/** Undefined when one side is missing. */
export const over = (value: number | undefined, base: number | undefined): number | undefined =>
  value === undefined || base === undefined ? undefined : value / base
