import type { RequestFrame } from './frame-scheduler'
import type { FromWorker } from './worker-protocol'

/** What the engine needs from the place where it runs. Times are milliseconds of one local monotonic clock. */
export interface EngineHost {
  readonly nowMs: () => number
  readonly requestFrame: RequestFrame
  readonly later: (delayMs: number, run: () => void) => () => void
  readonly post: (message: FromWorker) => void
}
