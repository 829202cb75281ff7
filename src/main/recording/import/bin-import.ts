import { ConsoleError } from '../../../shared/errors'
import type { Direction } from '../../../shared/model/trace'
import { dialectNamed } from '../../netcore/dialects'
import type { ByteSource } from '../read/byte-source'
import type { RecordingDraft } from '../write/rewrite-recording'
import { ImportWriter } from './import-writer'

/** Bytes that are taken as one read. */
const PIECE_BYTES = 1024
const DEFAULT_BAUD = 115_200
const BITS_PER_BYTE = 10n
const LINK_ID = 1

export interface BinImport {
  /** How to read the bytes. */
  readonly dialect: string
  /** Told by the name of the file where it ends with `.tx.bin`; else they were received. */
  readonly dir: Direction
  readonly startNs: bigint
  /** What the link is called. */
  readonly name: string
  /** Bytes without times pass as they would on a line of this speed. */
  readonly baud?: number
}

/**
 * Brings in the bytes of one direction, decoded by the real stack.
 *
 * @throws ConsoleError `DIALECT_UNKNOWN`, `IMPORT_INVALID` for an empty file.
 */
export async function importBin(
  source: ByteSource,
  draft: RecordingDraft,
  { dialect, dir, startNs, name, baud = DEFAULT_BAUD }: BinImport,
  onProgress: (doneBytes: number) => void,
): Promise<{ readonly entries: number }> {
  dialectNamed(dialect)
  if (source.size === 0) throw new ConsoleError('IMPORT_INVALID', 'the file is empty')
  const writer = new ImportWriter(draft, startNs)
  await writer.session(new Map([['session_id', `imported ${name}`]]), 'bin')
  const url = `file:${encodeURIComponent(name)}?dialect=${dialect}`
  const state = { type: 'link-state', linkId: LINK_ID, url, code: null, detail: '' } as const
  await writer.linkState({ ...state, phase: 'connected' }, startNs)
  const timeOf = (offset: number): bigint =>
    startNs + (BigInt(offset) * BITS_PER_BYTE * 1_000_000_000n) / BigInt(baud)
  for (let at = 0; at < source.size; ) {
    const bytes = await source.read(at, PIECE_BYTES)
    if (bytes.length === 0) break
    at += bytes.length
    await writer.bytes(LINK_ID, dir, timeOf(at), bytes)
    onProgress(at)
  }
  await writer.end()
  await writer.linkState({ ...state, phase: 'closed' }, timeOf(source.size))
  return { entries: writer.entries }
}
