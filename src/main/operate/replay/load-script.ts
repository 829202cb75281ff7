import { ConsoleError } from '../../../shared/errors'
import { FileSource } from '../../recording/read/byte-source'
import { RecordingTrace, type SessionFacts } from '../../recording/read/recording-trace'
import { loadDecompress } from '../../recording/read/unpack-block'
import { type ReplayScript, type ReplaySide, ScriptReader } from './replay-script'

/** @property redaction - By which rules secrets were left out of the recording; null where nothing says so. */
export interface LoadedScript extends ReplayScript {
  readonly redaction: SessionFacts | null
}

/**
 * Reads what a run sends out of a recording.
 *
 * @param linkId - Number of the link in the recording; null for the one with the most messages.
 * @throws ConsoleError `FILE_UNREADABLE`, `RECORDING_INVALID`, `REPLAY_EMPTY`, `REPLAY_TOO_LARGE`; the reason of the signal.
 */
export async function loadScript(
  path: string,
  side: ReplaySide,
  linkId: number | null,
  signal?: AbortSignal,
): Promise<LoadedScript> {
  const source = await FileSource.open(path)
  try {
    const trace = new RecordingTrace(source, await loadDecompress())
    const reader = new ScriptReader(side, linkId)
    let entries = 0
    for await (const { event } of trace.entries(signal)) {
      entries += 1
      if (event !== undefined) reader.take(event)
    }
    signal?.throwIfAborted()
    if (entries === 0) throw new ConsoleError('RECORDING_INVALID', `${path} has no entry that can be read`)
    return { ...reader.script(), redaction: trace.redaction }
  } finally {
    await source.close()
  }
}
