import { RecordingFiles } from '../read/recording-files'
import { RecordingTrace } from '../read/recording-trace'
import { loadDecompress } from '../read/unpack-block'
import { ComparedRecording } from './compared-recording'
import { type CompareRules, Comparison } from './comparison'
import { inTurns } from './turns'

export interface ComparedFile {
  readonly name: string
  readonly path: string
}

export interface CompareFilesOptions extends CompareRules {
  readonly signal?: AbortSignal
  readonly onProgress?: (phase: 'reading' | 'aligning', share: number) => void
}

/** How much of all the work reading is, as well as it can be said. */
const READING = 0.8

/**
 * Reads two recordings and compares them, in turns; what is damaged in them is passed over and counted.
 *
 * @throws ConsoleError `FILE_UNREADABLE`, `RECORDING_INVALID`, `COMPARE_TOO_LARGE`; what `signal` was aborted with.
 */
export async function compareFiles(
  a: ComparedFile,
  b: ComparedFile,
  options: CompareFilesOptions,
): Promise<Comparison> {
  const { signal, onProgress } = options
  const read = async (file: ComparedFile, from: number): Promise<ComparedRecording> => {
    const source = await RecordingFiles.open(file.path)
    let readBytes = 0
    const counted = {
      size: source.size,
      starts: source.starts,
      read: (offset: number, count: number) => {
        readBytes = Math.max(readBytes, offset + count)
        return source.read(offset, count)
      },
    }
    try {
      const trace = new RecordingTrace(counted, await loadDecompress())
      return await ComparedRecording.read(file.name, trace, {
        ignore: options.ignore,
        ...(signal && { signal }),
        onEntries: () => {
          const share = Math.min(1, readBytes / Math.max(1, source.size))
          onProgress?.('reading', READING * (from + share / 2))
        },
      })
    } finally {
      await source.close()
    }
  }
  const first = await read(a, 0)
  const second = await read(b, 0.5)
  return inTurns(Comparison.steps(first, second, options), {
    ...(signal && { signal }),
    onShare: (share) => onProgress?.('aligning', READING + (1 - READING) * share),
  })
}
