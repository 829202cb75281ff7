import { placeOfChannel } from '../format/channels'
import { isSound } from '../replay/sound-event'
import { DecodeCheck, type DecodeReport } from './decode-check'
import type { RecordingTrace } from './recording-trace'

/**
 * Reads a recording to its end and derives its frames and messages again, see `DecodeCheck`.
 *
 * @throws the reason of the signal.
 */
export async function checkDecoding(trace: RecordingTrace, signal?: AbortSignal): Promise<DecodeReport> {
  const check = new DecodeCheck()
  for await (const { entry, event } of trace.entries(signal)) {
    if (placeOfChannel(entry.channelId)?.name === 'gap') check.noteGap()
    if (event !== undefined && isSound(event)) check.observe(event)
  }
  signal?.throwIfAborted()
  return check.report()
}
