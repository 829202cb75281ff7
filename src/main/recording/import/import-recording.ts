import { ConsoleError } from '../../../shared/errors'
import type { ImportFormat } from '../../../shared/model/exports'
import type { ByteSource } from '../read/byte-source'
import type { Decompress } from '../read/plain-block'
import { loadCompress } from '../write/pack-block'
import type { RecordingDisk } from '../write/recording-disk'
import { copyRecording, RecordingDraft } from '../write/rewrite-recording'
import { importBin } from './bin-import'
import { importJsonl } from './jsonl-import'
import { importPcapng } from './pcapng-import'

export interface ImportRun {
  readonly source: ByteSource
  readonly format: ImportFormat
  /** Name of the file, for people and for `.tx.bin`. */
  readonly name: string
  readonly decompress: Decompress
  readonly disk: RecordingDisk
  /** Must not exist; the recording gets this name when it is whole. */
  readonly path: string
  readonly library: string
  /** Of `.bin`. */
  readonly dialect?: string
  readonly baud?: number
  /** When bytes without times are to begin, in nanoseconds since 1970. */
  readonly startNs: bigint
  readonly signal?: AbortSignal
  readonly onProgress?: (doneBytes: number, allBytes: number) => void
}

export interface Imported {
  readonly entries: number
  /** What could not be read of it: bytes of a recording, or lines. */
  readonly damaged: number
}

/**
 * Makes a recording of a file that somebody brings. The file may say anything: whatever it is, nothing but the recording is
 * written, and nothing at all when it makes no sense or when it is stopped.
 *
 * @throws ConsoleError `IMPORT_INVALID`, `IMPORT_TOO_LARGE`, `DIALECT_UNKNOWN`, `EXPORT_CANCELLED`; the system's error.
 */
export async function importRecording(run: ImportRun): Promise<Imported> {
  const { disk, path, library, source, signal } = run
  const draft = await RecordingDraft.create(disk, path, { library, compress: await loadCompress() })
  try {
    const imported = await bring(run, draft, (doneBytes) => {
      if (signal?.aborted) throw new ConsoleError('EXPORT_CANCELLED', 'the import was stopped')
      run.onProgress?.(doneBytes, source.size)
    })
    await draft.finish()
    await draft.publish()
    return imported
  } catch (error) {
    await draft.discard()
    throw error
  }
}

async function bring(
  run: ImportRun,
  draft: RecordingDraft,
  onProgress: (doneBytes: number) => void,
): Promise<Imported> {
  const { source, format, dialect, startNs, name, baud, decompress } = run
  switch (format) {
    case 'mcap': {
      const copied = await copyRecording({ source, decompress, draft, onProgress })
      if (copied.entries > 0) return { entries: copied.entries, damaged: copied.damagedBytes }
      const why = copied.firstProblem.includes('lz4')
        ? 'the file is packed with lz4; pack it with zstd, for example: mcap compress --compression zstd'
        : copied.firstProblem || 'it has no entry of ours'
      throw new ConsoleError('IMPORT_INVALID', `${name} cannot be brought in: ${why}`)
    }
    case 'jsonl': {
      const { entries, misread } = await importJsonl(source, draft, onProgress)
      return { entries, damaged: misread }
    }
    case 'pcapng':
      return { ...(await importPcapng(source, draft, onProgress)), damaged: 0 }
    case 'bin': {
      if (dialect === undefined)
        throw new ConsoleError('IMPORT_INVALID', 'bytes need a dialect to be read by')
      const dir = name.toLowerCase().endsWith('.tx.bin') ? 'out' : 'in'
      const options = { dialect, dir, startNs, name, ...(baud !== undefined && { baud }) } as const
      return { ...(await importBin(source, draft, options, onProgress)), damaged: 0 }
    }
  }
}
