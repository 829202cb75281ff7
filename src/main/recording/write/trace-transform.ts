import type { TraceEvent } from '../../../shared/model/trace'

/** What is written in place of events. Held events come later, in their order; `end` gives those that are left. */
export interface TraceTransform {
  /** What each file says of it: records of metadata by their names. */
  readonly told?: ReadonlyMap<string, ReadonlyMap<string, string>>
  take(event: TraceEvent): readonly TraceEvent[]
  end(): readonly TraceEvent[]
  /** What a person or the console wrote beside the trace, such as a note; null leaves it out. Left out: as it is. */
  text?(channel: string, data: Uint8Array): Uint8Array | null
}
