import { McapEncoder } from '../write/mcap-encoder'
import type { RecordingDisk } from '../write/recording-disk'
import type { ByteSource } from './byte-source'
import type { Decompress } from './plain-block'
import { scanRecording } from './record-scanner'
import { placeOfChannel } from '../format/channels'

export interface Recovered {
  readonly entries: number
  /** Bytes of the file that no entry came from, because they are damaged or their end is missing. */
  readonly damagedBytes: number
  /** Numbers of entries that are missing between others. */
  readonly lostMiddle: number
}

const FLUSH_BYTES = 1024 * 1024
/** Not `.part`: that is what is recovered, often. */
export const DRAFT_EXTENSION = '.recovering'

/**
 * Writes all that can be read of a recording to a new one, with an index, as a file that was ended. Entries keep their
 * numbers, times and bytes; metadata and attachments come along; what is missing is told by the record `recovered`.
 *
 * @param path - Must not exist.
 * @throws the system's error.
 */
export async function recoverRecording(
  source: ByteSource,
  decompress: Decompress,
  disk: RecordingDisk,
  path: string,
  library: string,
): Promise<Recovered> {
  const encoder = new McapEncoder({ library })
  const file = await disk.create(path + DRAFT_EXTENSION)
  let [entries, damagedBytes, lostMiddle, lastNumber] = [0, 0, 0, 0]
  try {
    await file.append(encoder.begin())
    const flush = async (): Promise<void> => {
      const block = encoder.takeBlock()
      if (block !== null) await file.append(block)
    }
    for await (const scanned of scanRecording(source, { decompress })) {
      switch (scanned.found) {
        case 'block':
          for (const { channelId, number, timeNs, data } of scanned.entries) {
            if (placeOfChannel(channelId) === undefined) continue
            if (lastNumber > 0 && number > lastNumber + 1) lostMiddle += number - lastNumber - 1
            lastNumber = number
            encoder.add(channelId, timeNs, data, number)
            entries += 1
          }
          if (encoder.pendingBytes >= FLUSH_BYTES) await flush()
          break
        case 'metadata':
          await flush()
          await file.append(encoder.metadata(scanned.name, scanned.values))
          break
        case 'attachment':
          await flush()
          await file.append(encoder.attachment(scanned.name, scanned.mediaType, scanned.timeNs, scanned.data))
          break
        case 'damage':
          damagedBytes += scanned.endOffset - scanned.offset
          break
        case 'end':
          break
      }
    }
    await flush()
    const told = { recovered: 'true', lostMiddle: `${lostMiddle}`, damagedBytes: `${damagedBytes}` }
    await file.append(encoder.metadata('recovered', new Map(Object.entries(told))))
    await file.append(encoder.end())
    await file.sync()
    await file.close()
  } catch (error) {
    await file.close().catch(() => undefined)
    await disk.remove(path + DRAFT_EXTENSION).catch(() => undefined)
    throw error
  }
  await disk.publish(path + DRAFT_EXTENSION, path)
  return { entries, damagedBytes, lostMiddle }
}
