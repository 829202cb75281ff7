import { ERROR_CATALOGUE, type ErrorCode } from '../../../shared/errors'
import type { TraceEvent } from '../../../shared/model/trace'

/** What is called recent: rates are over this long, and a condition has to be gone for as long. */
export const RECENT_MS = 10_000
/** Of these faults only so many moments are kept per link: more make no other sentence. */
const MAX_MOMENTS = 4096

export type FaultClass = 'damaged' | 'lost' | 'overrun' | 'unstored'

interface Moment {
  readonly atMs: number
  readonly what: FaultClass
  readonly code: ErrorCode
  readonly lostBytes: number
}

/** What problems are counted from, of one link. */
export interface RecentFaults {
  readonly count: number
  readonly lostBytes: number
  readonly lastCode: ErrorCode | null
}

interface Tally {
  /** Of the connection that stands. */
  bytesIn: number
  framesIn: number
  frameBins: { readonly secondOfSession: number; count: number }[]
  moments: Moment[]
}

/** Counts what comes in on links and what is wrong with it: an observer of the trace, bounded. */
export class LinkTally {
  readonly #links = new Map<number, Tally>()
  readonly #skips = new Map<string, number[]>()

  readonly observe = (event: TraceEvent): void => {
    switch (event.type) {
      case 'link-state': {
        if (event.phase === 'closed') this.#links.delete(event.linkId)
        else if (event.phase === 'connected') {
          const tally = this.#of(event.linkId)
          tally.bytesIn = 0
          tally.framesIn = 0
        }
        return
      }
      case 'bytes':
        if (event.dir === 'in') this.#of(event.linkId).bytesIn += event.byteCount
        return
      case 'frame': {
        if (event.dir !== 'in') return
        const tally = this.#of(event.linkId)
        tally.framesIn += 1
        const second = Math.floor(event.atMs / 1000)
        const bin = tally.frameBins.at(-1)
        if (bin?.secondOfSession === second) bin.count += 1
        else {
          tally.frameBins.push({ secondOfSession: second, count: 1 })
          if (tally.frameBins.length > RECENT_MS / 1000 + 1) tally.frameBins.shift()
        }
        return
      }
      case 'fault': {
        const what = classOf(event.code, event.lostBytes)
        if (what === null || event.dir === 'out') return
        const { moments } = this.#of(event.linkId)
        moments.push({ atMs: event.atMs, what, code: event.code, lostBytes: event.lostBytes })
        if (moments.length > MAX_MOMENTS) moments.shift()
        return
      }
      case 'task-run': {
        if (event.outcome !== 'skipped') return
        const skips = this.#skips.get(event.task) ?? []
        skips.push(event.atMs)
        this.#skips.set(event.task, skips.slice(-MAX_MOMENTS))
        return
      }
      default:
    }
  }

  bytesIn(linkId: number): number {
    return this.#links.get(linkId)?.bytesIn ?? 0
  }

  framesIn(linkId: number): number {
    return this.#links.get(linkId)?.framesIn ?? 0
  }

  recentFrames(linkId: number, nowMs: number): number {
    const fromSecond = Math.floor((nowMs - RECENT_MS) / 1000)
    const bins = this.#links.get(linkId)?.frameBins ?? []
    return bins.reduce((sum, bin) => (bin.secondOfSession >= fromSecond ? sum + bin.count : sum), 0)
  }

  recentFaults(linkId: number, what: FaultClass, nowMs: number): RecentFaults {
    const tally = this.#links.get(linkId)
    if (tally === undefined) return { count: 0, lostBytes: 0, lastCode: null }
    tally.moments = tally.moments.filter(({ atMs }) => atMs > nowMs - RECENT_MS)
    const own = tally.moments.filter((moment) => moment.what === what)
    return {
      count: own.length,
      lostBytes: own.reduce((sum, { lostBytes }) => sum + lostBytes, 0),
      lastCode: own.at(-1)?.code ?? null,
    }
  }

  /** Runs that tasks left out during the last `overMs`. */
  skippedRuns(nowMs: number, overMs: number): { readonly task: string; readonly count: number }[] {
    const found: { task: string; count: number }[] = []
    for (const [task, skips] of this.#skips) {
      const recent = skips.filter((atMs) => atMs > nowMs - overMs)
      if (recent.length === 0) this.#skips.delete(task)
      else {
        this.#skips.set(task, recent)
        found.push({ task, count: recent.length })
      }
    }
    return found
  }

  #of(linkId: number): Tally {
    let tally = this.#links.get(linkId)
    if (tally === undefined) {
      tally = { bytesIn: 0, framesIn: 0, frameBins: [], moments: [] }
      this.#links.set(linkId, tally)
    }
    return tally
  }
}

function classOf(code: ErrorCode, lostBytes: number): FaultClass | null {
  if (code === 'REASSEMBLY_FULL') return 'overrun'
  if (code === 'BODY_NOT_STORED') return 'unstored'
  if (ERROR_CATALOGUE[code].layer === 'framing') return 'damaged'
  return lostBytes > 0 ? 'lost' : null
}
