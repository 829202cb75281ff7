import type { TraceEvent } from '../../../shared/model/trace'
import { isSound } from '../replay/sound-event'
import type { RecordingTrace } from '../read/recording-trace'

/** Of a file of anybody: a run is put on a clock by these. */
const hasTimes = (event: TraceEvent): boolean =>
  event.type !== 'frame' ||
  (Number.isFinite(event.startMs) && Number.isFinite(event.endMs) && event.endMs >= event.startMs)

/** The events of a recording alone, those that make sense. @throws the reason of the signal. */
export async function* recordedEvents(
  trace: RecordingTrace,
  signal?: AbortSignal,
  onRead?: (readBytes: number) => void,
): AsyncGenerator<TraceEvent> {
  for await (const { event } of trace.entries(signal)) {
    onRead?.(trace.readBytes)
    if (event !== undefined && isSound(event) && hasTimes(event)) yield event
  }
  signal?.throwIfAborted()
}
