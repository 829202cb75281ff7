import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import type { Entry } from '../read/block-entries'
import { FileSource } from '../read/byte-source'
import { loadDecompress } from '../read/unpack-block'
import { verifyRecording } from '../read/verify'
import { loadCompress } from './pack-block'
import type { RecordingDisk } from './recording-disk'
import { copyRecording, RecordingDraft } from './rewrite-recording'

export interface PackOptions {
  readonly disk: RecordingDisk
  readonly library: string
  readonly signal?: AbortSignal
  readonly onProgress?: (doneBytes: number, allBytes: number) => void
}

export interface Packed {
  readonly isPacked: boolean
  readonly bytesBefore: number
  readonly bytesAfter: number
}

/**
 * Packs the blocks of a finished recording. It is written anew beside the old one, read back, compared entry by entry, and
 * only then put in its place; whatever goes wrong, the recording is as it was. A damaged one, one that does not get smaller,
 * and one that changed meanwhile stay.
 *
 * @param path - Nobody may be writing it.
 * @throws ConsoleError `FILE_UNREADABLE`, the system's error, or the reason of `signal`.
 */
export async function packRecording(path: string, options: PackOptions): Promise<Packed> {
  const { disk, library, signal, onProgress } = options
  const decompress = await loadDecompress()
  const before = await identityOf(path)
  const source = await FileSource.open(path)
  const unchanged = { isPacked: false, bytesBefore: source.size, bytesAfter: source.size }
  const allBytes = source.size * 2
  let draft: RecordingDraft | null = null
  try {
    draft = await RecordingDraft.create(disk, path, { library, compress: await loadCompress() })
    const written = digest()
    const { isWhole } = await copyRecording({
      source,
      decompress,
      draft,
      ...(signal && { signal }),
      onEntry: written.add,
      onProgress: (doneBytes) => onProgress?.(doneBytes, allBytes),
    })
    await draft.finish()
    const packed = isWhole ? await readBack(draft.draftPath, decompress, signal) : null
    const isSame = packed?.digest === written.text()
    if (!isSame || packed.fileBytes >= source.size || (await identityOf(path)) !== before) {
      await draft.discard()
      return unchanged
    }
    signal?.throwIfAborted()
    await draft.replace()
    onProgress?.(allBytes, allBytes)
    return { isPacked: true, bytesBefore: source.size, bytesAfter: packed.fileBytes }
  } catch (error) {
    await draft?.discard()
    throw error
  } finally {
    await source.close()
  }
}

async function readBack(
  path: string,
  decompress: Awaited<ReturnType<typeof loadDecompress>>,
  signal: AbortSignal | undefined,
): Promise<{ readonly digest: string; readonly fileBytes: number } | null> {
  const source = await FileSource.open(path)
  try {
    const read = digest()
    const { isWhole } = await verifyRecording(source, decompress, (entry) => {
      signal?.throwIfAborted()
      read.add(entry)
    })
    return isWhole ? { digest: read.text(), fileBytes: source.size } : null
  } finally {
    await source.close()
  }
}

function digest(): { add: (entry: Entry) => void; text: () => string } {
  const hash = createHash('sha256')
  return {
    add: ({ channelId, number, timeNs, data }) => {
      hash.update(`${channelId} ${number} ${timeNs} ${data.length} `).update(data)
    },
    text: () => hash.digest('hex'),
  }
}

/** Another one whenever the file is another one. */
async function identityOf(path: string): Promise<string> {
  const { ino, size, mtimeNs } = await stat(path, { bigint: true })
  return `${ino} ${size} ${mtimeNs}`
}
