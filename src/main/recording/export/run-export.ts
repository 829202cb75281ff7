import { ConsoleError } from '../../../shared/errors'
import type { MadeFile } from '../../../shared/model/exports'
import type { TraceEvent } from '../../../shared/model/trace'
import type { ByteSource } from '../read/byte-source'
import type { Decompress } from '../read/plain-block'
import { RecordingTrace } from '../read/recording-trace'
import type { ExportFiles } from './export-files'
import type { Exporter } from './export-format'
import { FilteredEntries } from './filtered-entries'

export interface ExportRun {
  readonly source: ByteSource
  readonly decompress: Decompress
  readonly exporter: Exporter
  readonly files: ExportFiles
  /**
   * Makes what judges messages: it takes every event in order, and says at the end of a message whether it is wanted. Left
   * out: all are.
   */
  readonly newJudge?: () => (event: TraceEvent) => boolean
  readonly signal?: AbortSignal
  /** Of the file; each byte counts twice where it must be read twice. */
  readonly onProgress?: (doneBytes: number, allBytes: number, entries: number) => void
}

export interface Exported {
  readonly files: readonly MadeFile[]
  /** Entries that were given out. */
  readonly entries: number
  readonly damagedBytes: number
  readonly misread: number
}

/** Judged messages that are remembered for exporters that see all; of more, the first are left out. */
const MAX_SHOWN_MESSAGES = 4_000_000

/**
 * Writes a recording in another form. Memory is bounded whatever its length; what was written is taken back when it fails or
 * is stopped.
 *
 * @throws ConsoleError `RECORDING_INVALID`, `EXPORT_EMPTY`, `FILE_UNWRITABLE`, `EXPORT_CANCELLED`.
 */
export async function runExport(run: ExportRun): Promise<Exported> {
  try {
    return await exportAll(run)
  } catch (error) {
    await run.files.discard()
    throw error
  }
}

async function exportAll(run: ExportRun): Promise<Exported> {
  const { source, exporter, files, newJudge } = run
  const isJudgedFirst = exporter.seesAll === true && newJudge !== undefined
  const isReadTwice = isJudgedFirst || exporter.prepare !== undefined
  const allBytes = source.size * (isReadTwice ? 2 : 1)
  const shown = isReadTwice ? await readFirst(run, isJudgedFirst, allBytes) : null
  const passing = !isJudgedFirst && newJudge && new FilteredEntries(newJudge())
  const trace = new RecordingTrace(source, run.decompress)
  const before = isReadTwice ? source.size : 0
  let [entries, hasBegun, toldAt] = [0, false, 0]
  for await (const read of trace.entries()) {
    if (!hasBegun) {
      hasBegun = true
      const shows = shown && ((linkId: number, messageKey: number) => shown.has(`${linkId} ${messageKey}`))
      await files.write(exporter.begin({ facts: trace.facts, time: trace.time, shows }))
    }
    if (trace.readBytes !== toldAt) {
      toldAt = trace.readBytes
      throwIfStopped(run.signal)
      run.onProgress?.(before + toldAt, allBytes, entries)
    }
    if (passing === undefined || passing === false) {
      entries += 1
      const written = files.write(exporter.entry(read))
      if (written !== undefined) await written
      continue
    }
    for (const passed of passing.take(read)) {
      entries += 1
      await files.write(exporter.entry(passed))
    }
  }
  throwIfStopped(run.signal)
  if (!hasBegun) throw new ConsoleError('RECORDING_INVALID', 'the recording has no entry that can be read')
  await files.write(exporter.end())
  const made = await files.close()
  run.onProgress?.(allBytes, allBytes, entries)
  return { files: made, entries, damagedBytes: trace.damagedBytes, misread: trace.misread }
}

/** Reads for what must be known before the first piece is written: the messages that are wanted, if not all are. */
async function readFirst(
  run: ExportRun,
  isJudged: boolean,
  allBytes: number,
): Promise<ReadonlySet<string> | null> {
  const judge = isJudged ? run.newJudge?.() : undefined
  const shown = new Set<string>()
  const trace = new RecordingTrace(run.source, run.decompress)
  let toldAt = 0
  for await (const read of trace.entries()) {
    run.exporter.prepare?.(read)
    const { event } = read
    if (event !== undefined && judge?.(event) && event.type === 'message-closed') {
      if (shown.size < MAX_SHOWN_MESSAGES) shown.add(`${event.linkId} ${event.messageKey}`)
    }
    if (trace.readBytes === toldAt) continue
    toldAt = trace.readBytes
    throwIfStopped(run.signal)
    run.onProgress?.(toldAt, allBytes, 0)
  }
  return judge === undefined ? null : shown
}

function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ConsoleError('EXPORT_CANCELLED', 'the export was stopped')
}
