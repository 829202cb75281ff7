import { ConsoleError } from '../../../shared/errors'
import { type MessageStore, releaseBody } from '../../netcore/pipe/message-body'
import { RecordingFiles } from '../../recording/read/recording-files'
import { RecordingTrace, type SessionFacts } from '../../recording/read/recording-trace'
import { loadDecompress } from '../../recording/read/unpack-block'
import { LargeBodies } from './large-bodies'
import { type ReplayScript, type ReplaySide, ScriptReader } from './replay-script'

/** @property redaction - By which rules secrets were left out of the recording; null where nothing says so. */
export interface LoadedScript extends ReplayScript {
  readonly redaction: SessionFacts | null
  /** Lets go of bodies in files; what is on its way out holds them by itself. */
  release(): void
}

export interface LoadOptions {
  readonly signal?: AbortSignal
  /**
   * Where bodies gather that were too large to be written down whole with their messages: they are read again from the
   * recorded bytes. Without it their messages are left out.
   */
  readonly store?: MessageStore | undefined
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
  { signal, store }: LoadOptions = {},
): Promise<LoadedScript> {
  const source = await RecordingFiles.open(path)
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
    if (store !== undefined) await findLarge(reader, source, store, signal)
    signal?.throwIfAborted()
    const script = reader.script()
    const release = (): void => {
      for (const { message } of script.own) releaseBody(message.body)
    }
    return { ...script, redaction: trace.redaction, release }
  } finally {
    await source.close()
  }
}

/** Goes through the recording once more, where some body is not whole. */
async function findLarge(
  reader: ScriptReader,
  source: RecordingFiles,
  store: MessageStore,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { linkId, bodies } = reader.wanted()
  if (bodies.length === 0) return
  const large = new LargeBodies(bodies, store)
  try {
    const trace = new RecordingTrace(source, await loadDecompress())
    for await (const { event } of trace.entries(signal)) {
      if (event?.linkId === linkId) large.take(event)
      if (large.isThrough) return
    }
  } finally {
    large.end()
  }
}
