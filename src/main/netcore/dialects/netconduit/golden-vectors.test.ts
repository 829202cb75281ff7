import { Unpackr } from 'msgpackr'
import { describe, expect, test } from 'vitest'
import { concatBytes, fromHex, toHex } from '../../../../shared/bytes'
import { nodeCompression } from '../../../link/node-compression'
import { seededRandom } from '../../../transport/seeded-random'
import { answerParts, callParts, messageParts, readAnswer, readCall, readMessage } from './content/envelope'
import { draftFrame } from './frame-draft'
import { loadMalformed, loadVectors, type VectorFrame } from './vectors/load-vectors'
import { FrameDecoder, type WireFault, type WireFrame } from './wire/frame-decoder'
import { FLAG, LARGEST_PAYLOAD_BYTES, readHeader, writeHeader } from './wire/header'

const vectors = loadVectors()
const malformed = loadMalformed()
const unpackr = new Unpackr({ useRecords: false, int64AsType: 'bigint', mapsAsObjects: false })

/** A decoder of another make. */
const unpacked = (bytes: Uint8Array): unknown => (bytes.length === 0 ? EMPTY : plainOf(unpackr.unpack(bytes)))
const EMPTY = { $empty: true }

interface Decoded {
  readonly frames: WireFrame[]
  readonly faults: WireFault[]
  readonly pendingBytes: number
}

function decode(pieces: readonly Uint8Array[]): Decoded {
  const decoder = new FrameDecoder({ mostBytes: LARGEST_PAYLOAD_BYTES, compression: nodeCompression })
  const frames: WireFrame[] = []
  const faults: WireFault[] = []
  for (const piece of pieces) {
    decoder.receive(
      piece,
      0,
      (frame) => frames.push(frame),
      (fault) => faults.push(fault),
    )
  }
  return { frames, faults, pendingBytes: decoder.pendingBytes }
}

const wireOf = ({ header, payload }: VectorFrame): Uint8Array => concatBytes([header, payload])

test('there are 26 vectors of the library and 22 odd byte strings', () => {
  expect([vectors.length, malformed.length]).toEqual([26, 22])
  expect(vectors.flatMap(({ frames }) => frames).length).toBeGreaterThan(100)
})

describe.each(vectors)('$name', ({ source, frames }) => {
  test('every frame is read as the library reads it', () => {
    for (const frame of frames) {
      const { frames: read, faults, pendingBytes } = decode([wireOf(frame)])
      expect(faults).toEqual([])
      expect(pendingBytes).toBe(0)
      expect(read).toHaveLength(1)
      expect(read[0]!.header.correlationId).toBe(frame.correlationId)
      expect(read[0]!.header.flags).toBe(frame.flags)
      expect(read[0]!.header.kind.toUpperCase().replaceAll('-', '_')).toBe(
        frame.typeName.replace(/^HEARTBEAT_/, ''),
      )
      expect(toHex(read[0]!.body) === toHex(frame.body)).toBe(true)
      if (frame.value !== undefined) expect(unpacked(read[0]!.body)).toEqual(untagged(frame.value))
    }
  })

  test('every header is written as the library writes it', () => {
    for (const { header } of frames) {
      const read = readHeader(header)
      expect(typeof read === 'string' ? read : toHex(writeHeader(read))).toBe(toHex(header))
    }
  })

  test('what every message, call and answer says is written as the library writes it', () => {
    for (const { typeName, body } of frames) {
      if (body.length === 0 || source !== 'wire') continue
      const parts = rewritten(typeName, body)
      if (parts !== undefined) expect(toHex(concatBytes(parts)) === toHex(body)).toBe(true)
    }
  })

  test('a frame is compressed where the library compresses it, and inflates to the same', () => {
    for (const { flags, body, typeName } of frames) {
      if ((flags & FLAG.compressed) === 0) continue
      const draft = draftFrame('message', [body], nodeCompression)
      expect([typeName, draft.isCompressed]).toEqual([typeName, true])
      expect(toHex(nodeCompression.inflate(concatBytes(draft.parts), body.length)) === toHex(body)).toBe(true)
    }
  })
})

test('1,024 bytes stay plain and 1,025 are compressed', () => {
  const compressed = [1024, 1025].map((bytes) =>
    draftFrame('message', [new Uint8Array(bytes)], nodeCompression),
  )
  expect(compressed.map(({ isCompressed }) => isCompressed)).toEqual([false, true])
  expect(draftFrame('message', [new Uint8Array(5000)]).isCompressed).toBe(false)
})

describe('odd byte strings', () => {
  test.each(malformed)('$name is $outcome', ({ bytes, outcome, value }) => {
    const { frames, faults, pendingBytes } = decode([bytes])
    expect(faults.length).toBe(outcome === 'rejected' ? 1 : 0)
    expect(frames.length).toBe(outcome === 'accepted' ? 1 : 0)
    expect(pendingBytes > 0).toBe(outcome === 'waits-for-more')
    if (outcome === 'accepted') expect(unpacked(frames[0]!.body)).toEqual(untagged(value))
  })

  test.each(malformed)('$name costs none of the frames before it', ({ bytes, outcome }) => {
    const good = wireOf(vectors.find(({ name }) => name === 'rpc-add')!.frames[0]!)
    const { frames, faults } = decode([concatBytes([good, good, bytes])])
    expect(frames.map(({ header }) => header.kind).slice(0, 2)).toEqual(['rpc-request', 'rpc-request'])
    expect(frames.length).toBe(outcome === 'accepted' ? 3 : 2)
    if (outcome === 'rejected') expect(faults).toMatchObject([{ streamOffset: 2 * good.length }])
  })
})

test('any cut of the stream gives the same frames', () => {
  const seed = 20261122
  console.info(`seed ${seed}`)
  const random = seededRandom(seed)
  const whole = vectors.filter(({ name }) => name !== 'message-large-binary').flatMap(({ frames }) => frames)
  const stream = concatBytes([...whole.map(wireOf), malformed[0]!.bytes])
  const asOne = summary(decode([stream]))
  expect(asOne.frames).toHaveLength(whole.length)
  for (let round = 0; round < 60; round++) {
    const most = 1 + random(round < 5 ? 3 : 4000)
    const pieces: Uint8Array[] = []
    for (let at = 0; at < stream.length; ) {
      const end = Math.min(stream.length, at + 1 + random(most))
      pieces.push(stream.slice(at, end))
      at = end
    }
    expect(summary(decode(pieces))).toEqual(asOne)
  }
})

test('a small frame that inflates without end is refused at the limit', () => {
  const payload = nodeCompression.deflate(new Uint8Array(1024 * 1024))
  const header = writeHeader({
    kind: 'message',
    flags: FLAG.compressed,
    payloadBytes: payload.length,
    correlationId: 0n,
    timestampMs: 0n,
  })
  const decoder = new FrameDecoder({ mostBytes: 512 * 1024, compression: nodeCompression })
  const faults: WireFault[] = []
  decoder.receive(
    concatBytes([header, payload]),
    0,
    () => expect.unreachable(),
    (fault) => faults.push(fault),
  )
  expect(faults).toMatchObject([{ code: 'NETCONDUIT_FRAME_TOO_LARGE' }])
})

test('bytes behind the end of the zlib stream are tolerated, encrypted frames and fragments are not', () => {
  const body = fromHex('82a474797065a46563686fa46461746101')
  const payload = concatBytes([nodeCompression.deflate(body), Uint8Array.of(1, 2, 3)])
  const frame = (flags: number): Uint8Array =>
    concatBytes([
      writeHeader({
        kind: 'message',
        flags,
        payloadBytes: payload.length,
        correlationId: 0n,
        timestampMs: 0n,
      }),
      payload,
    ])
  expect(toHex(decode([frame(FLAG.compressed)]).frames[0]!.body)).toBe(toHex(body))
  for (const flag of [FLAG.encrypted, FLAG.fragment, FLAG.lastFragment]) {
    expect(decode([frame(FLAG.compressed | flag)]).faults).toMatchObject([{ code: 'NETCONDUIT_BAD_HEADER' }])
  }
})

/** The content read, and written again. */
function rewritten(typeName: string, body: Uint8Array): readonly Uint8Array[] | undefined {
  switch (typeName) {
    case 'MESSAGE': {
      const { type, data } = readMessage(body)
      return messageParts(type!, data)
    }
    case 'RPC_REQUEST': {
      const { method, params } = readCall(body)
      return callParts(method, params)
    }
    case 'RPC_RESPONSE':
      return answerParts(readAnswer(body))
    default:
      return undefined
  }
}

const summary = ({
  frames,
  faults,
  pendingBytes,
}: Decoded): { frames: string[]; faults: WireFault[]; pendingBytes: number } => ({
  frames: frames.map(
    ({ header, body, streamOffset }) =>
      `${streamOffset} ${header.kind} ${header.correlationId} ${toHex(body)}`,
  ),
  faults,
  pendingBytes,
})

/** Maps as lists of pairs, so that the order counts; bytes as hex; integers as digits. */
function plainOf(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $bin: toHex(value) }
  if (value instanceof Map) return { map: [...value].map(([key, item]) => [plainOf(key), plainOf(item)]) }
  if (Array.isArray(value)) return value.map(plainOf)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return String(value)
  return value
}

function untagged(value: unknown): unknown {
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) return value.map(untagged)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const [first] = entries
  if (entries.length === 1 && first !== undefined) {
    if (first[0] === '$empty') return EMPTY
    if (first[0] === '$bin') return { $bin: first[1] }
    if (first[0] === '$int') return first[1]
    if (first[0] === '$float') return String(Number(first[1]))
  }
  return {
    map: entries.map(([key, item]) => [
      key.startsWith("$key:b'") ? { $bin: toHex(new TextEncoder().encode(key.slice(7, -1))) } : key,
      untagged(item),
    ]),
  }
}
