import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { placeOfChannel, topicOf } from '../src/main/recording/format/channels'
import { memorySource } from '../src/main/recording/read/byte-source'
import { scanRecording } from '../src/main/recording/read/record-scanner'
import { loadDecompress } from '../src/main/recording/read/unpack-block'
import { packRecording } from '../src/main/recording/write/pack-recording'
import { systemDisk } from '../src/main/recording/write/recording-disk'
import { simulatedRecording } from '../src/testing/simulated-recording'

/** Another reader of MCAP than ours and than the package that ours is made with: the one for Python. */
const PYTHON = process.env['PYTHON_PEER'] ?? ''
const run = promisify(execFile)

interface Read {
  readonly entries: number
  readonly counted: number
  readonly topics: Readonly<Record<string, number>>
  readonly sha256: string
  readonly schemas: readonly string[]
  readonly compressions: readonly string[]
  readonly metadata: readonly string[]
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcore-mcap-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function readByPython(path: string): Promise<Read> {
  const { stdout } = await run(PYTHON, ['interop/python/mcap_entries.py', path])
  return JSON.parse(stdout) as Read
}

/** What we read ourselves, in the words of the Python side. */
async function readByUs(path: string): Promise<Pick<Read, 'entries' | 'topics' | 'sha256'>> {
  const digest = createHash('sha256')
  const topics: Record<string, number> = {}
  let entries = 0
  const scanned = scanRecording(memorySource(await readFile(path)), { decompress: await loadDecompress() })
  for await (const found of scanned) {
    if (found.found !== 'block') continue
    for (const { channelId, number, timeNs, data } of found.entries) {
      const topic = topicOf(placeOfChannel(channelId)!)
      entries += 1
      topics[topic] = (topics[topic] ?? 0) + 1
      digest.update(`${number} ${topic} ${timeNs} ${data.length} `)
      digest.update(data)
    }
  }
  return { entries, topics, sha256: digest.digest('hex') }
}

test('the MCAP reader for Python finds every entry of a recording, plain and packed, by its index and with its checksums', async () => {
  const path = join(folder, 'demo.mcap')
  await writeFile(
    path,
    await simulatedRecording({ lengthMs: 8000, requests: ['{"a":1,"b":2}', '{"a":3,"b":4}'] }),
  )
  const ours = await readByUs(path)
  expect(ours.entries).toBeGreaterThan(300)
  const plain = await readByPython(path)
  expect(plain).toMatchObject({ ...ours, counted: ours.entries, compressions: [''], metadata: ['session'] })
  expect(plain.schemas).toContain('netcore.Message')

  expect((await packRecording(path, { disk: systemDisk, library: 'test' })).isPacked).toBe(true)
  const packed = await readByPython(path)
  expect(packed.compressions).toContain('zstd')
  expect(packed).toMatchObject({ ...ours, counted: ours.entries })
})

test('it finds the channels and schemas of an export for Foxglove', async () => {
  const path = join(folder, 'source.mcap')
  await writeFile(path, await simulatedRecording({ lengthMs: 3000 }))
  const out = join(folder, 'shown.mcap')
  await run(process.execPath, ['out/cli/netcore.js', 'export', path, '--format', 'foxglove', '-o', out])
  const read = await readByPython(out)
  expect(read.counted).toBe(read.entries)
  expect(read.schemas).toContain('foxglove.Log')
  expect(read.topics['/stats']).toBeGreaterThan(20)
  expect(read.topics['/link/1/message']).toBeGreaterThan(3)
})
