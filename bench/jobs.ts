import type { LatencyResult } from './measure/latency'
import type { RateResult } from './measure/rate'

/** What one client process is asked to do, and what it says when it is done. */
export interface Jobs {
  bulk: {
    readonly args: { readonly byteCount: number }
    readonly result: { readonly megabytesPerSecond: number }
  }
  rate: { readonly args: { readonly forMs: number }; readonly result: RateResult }
  latency: {
    /** `bulkBytes` is the size of a transfer beside them, where it is not the usual. */
    readonly args: { readonly requests: number; readonly isUnderBulk: boolean; readonly bulkBytes?: number }
    readonly result: LatencyResult
  }
  sideBySide: { readonly args: { readonly bytesEach: number }; readonly result: null }
  once: { readonly args: { readonly byteCount: number }; readonly result: null }
  requests: { readonly args: { readonly count: number; readonly byteCount: number }; readonly result: null }
}

export type JobName = keyof Jobs

/** To a measuring process. */
export type Order =
  | { readonly type: 'serve'; readonly peer: string; readonly isHashing: boolean }
  | { readonly type: 'connect'; readonly peer: string; readonly port: number }
  | { readonly type: 'run'; readonly name: JobName; readonly args: unknown }
  | { readonly type: 'watch-half'; readonly totalBytes: number }
  | { readonly type: 'report'; readonly sha256Of?: number }
  | { readonly type: 'end' }

/** What a process tells of itself. */
export interface ProcessReport {
  readonly peakRssMiB: number
  /** Only of a server. */
  readonly countedBytes: number
  readonly atHalf: readonly number[]
  readonly sha256: string
}

/** From a measuring process: one per order, in order. */
export type Reply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: string }
