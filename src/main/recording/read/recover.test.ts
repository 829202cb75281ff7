import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MemoryDisk } from '../../../testing/memory-disk'
import { linkChannelId } from '../format/channels'
import { McapEncoder } from '../write/mcap-encoder'
import { memorySource } from './byte-source'
import { noDecompression } from './plain-block'
import { recoverRecording } from './recover'
import { verifyRecording } from './verify'

const RX = linkChannelId(1, 'rx')

/** A recording of `count` entries with `perBlock` of them in a block, and where each block ends in it. */
function recording(count: number, perBlock: number, isEnded = true) {
  const encoder = new McapEncoder({ library: 'netcore-console test' })
  const parts = [encoder.begin(), encoder.metadata('session', new Map([['session_id', 'abc']]))]
  const blockEnds: number[] = []
  for (let at = 0; at < count; at++) {
    encoder.add(
      RX,
      BigInt(at),
      Uint8Array.from({ length: 20 + (at % 7) }, (_, index) => at + index),
    )
    if (at % perBlock !== perBlock - 1) continue
    parts.push(encoder.takeBlock()!)
    blockEnds.push(encoder.position)
  }
  if (isEnded) parts.push(encoder.end())
  return { file: new Uint8Array(Buffer.concat(parts)), blockEnds }
}

async function readNumbers(file: Uint8Array): Promise<number[]> {
  const numbers: number[] = []
  await verifyRecording(memorySource(file), noDecompression, ({ number }) => numbers.push(number))
  return numbers
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1)

describe('verifying', () => {
  test('a finished recording says that it is whole, in order, with nothing missing', async () => {
    const { file } = recording(100, 10)
    expect(await verifyRecording(memorySource(file), noDecompression)).toMatchObject({
      entries: 100,
      blocks: 10,
      damageCount: 0,
      lostMiddle: 0,
      isOrdered: true,
      isWhole: true,
      firstNs: 0n,
      lastNs: 99n,
    })
  })

  test('a file cut at any byte gives the blocks before the cut and nothing else', async () => {
    const { file, blockEnds } = recording(60, 6, false)
    for (let length = 0; length <= file.length; length++) {
      // the index of a block stands behind it: the block itself may be whole already
      const numbers = await readNumbers(file.subarray(0, length))
      const sure = blockEnds.filter((end) => end <= length).length * 6
      expect(numbers).toEqual(upTo(numbers.length))
      expect([sure, sure + 6]).toContain(numbers.length)
    }
  })

  test('flipped bytes cost the blocks they are in, and those alone', async () => {
    const { file, blockEnds } = recording(200, 10)
    const dataStart = blockEnds[0]! - (blockEnds[1]! - blockEnds[0]!)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(blockEnds.at(-1)! - dataStart - 1), fc.integer({ min: 1, max: 255 })), {
          minLength: 1,
          maxLength: 4,
        }),
        async (flips) => {
          const damaged = file.slice()
          const hit = new Set<number>()
          for (const [place, mask] of flips) {
            damaged[dataStart + place] = damaged[dataStart + place]! ^ mask
            hit.add(blockEnds.findIndex((end) => dataStart + place < end))
          }
          const numbers = await readNumbers(damaged)
          const blocks = new Set(numbers.map((number) => Math.floor((number - 1) / 10)))
          for (let block = 0; block < blockEnds.length; block++) {
            // an index behind a block may hide the beginning of the next one from the search, never more
            if (!hit.has(block) && !hit.has(block - 1)) expect(blocks.has(block)).toBe(true)
          }
          expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
        },
      ),
      { numRuns: 300 },
    )
  })

  test('a block that claims to be very large when unpacked is refused before memory is taken', async () => {
    const { file, blockEnds } = recording(20, 10)
    const view = new DataView(file.buffer)
    const block = blockEnds[0]!
    view.setBigUint64(block + 9 + 16, 1n << 40n, true)
    const { damage, entries } = await verifyRecording(memorySource(file), noDecompression)
    expect(entries).toBe(10)
    expect(damage[0]!.why).toContain('claims to have 1099511627776 bytes')
  })
})

describe('recovering', () => {
  test('gives a whole recording with the same bytes, times and order, and says what is missing', async () => {
    const { file, blockEnds } = recording(100, 10, false)
    const damaged = file.slice(0, file.length - 3)
    damaged[blockEnds[3]! + 60] = damaged[blockEnds[3]! + 60]! ^ 0x40
    const disk = new MemoryDisk()
    const told = await recoverRecording(memorySource(damaged), noDecompression, disk, 'b.mcap', 'test')
    expect(told).toMatchObject({ entries: 90, lostMiddle: 10 })
    const digest = async (bytes: Uint8Array): Promise<string> => {
      const hash = createHash('sha256')
      await verifyRecording(memorySource(bytes), noDecompression, ({ timeNs, data }) =>
        hash.update(`${timeNs}`).update(data),
      )
      return hash.digest('hex')
    }
    expect(await digest(disk.bytesOf('b.mcap'))).toBe(await digest(damaged))
    expect(await verifyRecording(memorySource(disk.bytesOf('b.mcap')), noDecompression)).toMatchObject({
      isWhole: true,
      damageCount: 0,
      lostMiddle: 10, // entries keep their numbers
    })
  })
})
