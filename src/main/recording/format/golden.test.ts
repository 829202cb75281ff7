import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { memorySource } from '../read/byte-source'
import { RecordingTrace } from '../read/recording-trace'
import { loadDecompress } from '../read/unpack-block'
import { verifyRecording } from '../read/verify'
import { printLossless } from './lossless-json'
import { FORMAT_VERSION } from './schemas'

/** One file per version, made when that version was the newest. They never change: new versions add files. */
const GOLDEN = [
  {
    file: 'version-1.mcap',
    version: 1,
    entries: 108,
    digest: '6090d87f35515a9197706461c5e10d2cb3104942ad6ca73eba58327abfc8b0f3',
  },
  {
    file: 'version-1-packed.mcap',
    version: 1,
    entries: 1635,
    digest: '2cd16118e29d5477e6ef039a104b24cfad4ca3c062f6b6654611594fc3d9fe3e',
  },
] as const

const readGolden = async (file: string): Promise<Uint8Array> =>
  new Uint8Array(await readFile(new URL(`golden/${file}`, import.meta.url)))

describe('old recordings', () => {
  test.each(GOLDEN)('$file is read as on the day it was made', async ({ file, entries, digest }) => {
    const bytes = await readGolden(file)
    const decompress = await loadDecompress()
    const verified = await verifyRecording(memorySource(bytes), decompress)
    const hash = createHash('sha256')
    const trace = new RecordingTrace(memorySource(bytes), decompress)
    for await (const { entry, event } of trace.entries()) {
      const told =
        event === undefined ? null : event.type === 'bytes' ? [...event.bytes] : { ...event, body: null }
      hash.update(printLossless([entry.channelId, entry.number, `${entry.timeNs}`, told]))
    }
    expect(verified).toMatchObject({ entries, isWhole: true, damageCount: 0, lostMiddle: 0 })
    expect([trace.misread, trace.facts.get('session_id')]).toEqual([0, 's1'])
    expect(hash.digest('hex')).toBe(digest)
  })

  test('there is one of every version', () => {
    expect(new Set(GOLDEN.map(({ version }) => version))).toEqual(
      new Set(Array.from({ length: FORMAT_VERSION }, (_, at) => at + 1)),
    )
  })
})
