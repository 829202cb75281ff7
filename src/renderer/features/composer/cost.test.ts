import { expect, test } from 'vitest'
import type { LinkStatus } from '../../../shared/model/views'
import { lsoDialect } from '../../../main/netcore'
import { shownLink } from '../../../testing/shown-link'
import { sendCost as costOf } from './cost'

const sendCost = (bytes: number, on: LinkStatus) => costOf({ route: 'r', kind: 'request', bytes }, on)

const link = (url: string, baud: number | null, change: Partial<LinkStatus> = {}): LinkStatus =>
  shownLink({ url, scheme: url.split(':')[0]!, baud, chunkBytes: 4096, ...change })

test.each([
  [0, 0],
  [1, 1],
  [4096, 1],
  [4097, 2],
])('a body of %d bytes is cut into %d chunks of the default size', (bytes, chunks) => {
  expect(sendCost(bytes, link('tcp://host:1', null)).chunks).toBe(chunks)
})

test('the chunk size of the link counts', () => {
  expect(sendCost(600, link('tcp://host:1', null, { chunkBytes: 256 })).chunks).toBe(3)
})

test('a raw link cuts nothing', () => {
  expect(sendCost(600, link('tcp://host:1?dialect=raw', null, { dialect: 'raw' })).chunks).toBeNull()
})

test('a native link cuts as it goes: nobody can say before into how many chunks', () => {
  const native = link('sim:demo?dialect=native', 115_200, { dialect: 'native' })
  expect(sendCost(1152, native)).toMatchObject({ chunks: null, overheadBytes: 0, wireMs: 100 })
})

test('a raw link adds nothing, so wire time follows speed and framing', () => {
  const raw = { dialect: 'raw' }
  expect(sendCost(1152, link('serial:/dev/ttyUSB0?baud=115200', 115_200, raw)).wireMs).toBeCloseTo(100)
  const slow = link('serial:/dev/x?baud=9600&parity=even&stop=2', 9600, raw)
  expect(sendCost(100, slow).wireMs).toBeCloseTo(125)
})

test('the heads take line time too, and sockets tell no speed', () => {
  const { overheadBytes, wireMs } = sendCost(2, link('sim:demo', 115_200))
  expect(wireMs).toBeCloseTo(((2 + overheadBytes) * 10_000) / 115_200)
  expect(sendCost(100, link('tcp://host:1', null)).wireMs).toBeNull()
})

test.each([
  ['request', 'cfg.put', 100],
  ['request', 'größe/"ü"', 9000],
  ['event', 'log', 1],
  ['event', '', 1],
] as const)('the overhead of a %s to %j is what the dialect really writes', (kind, route, bytes) => {
  const codec = lsoDialect.createCodec({ onDamage: 'fatal' })
  const head = { ref: 'a1B2c3', route, kind, priority: 3, headers: {}, bodyBytes: bytes } as const
  const correlationId = kind === 'request' ? 'a1B2c3D4' : ''
  const chunks = Math.ceil(bytes / 4096)
  const chunkHead = codec.encodeChunk('a1B2c3', new Uint8Array(1), false).wireBytes - 1
  const written = codec.encodeOpen({ ...head, correlationId }).wireBytes + chunks * chunkHead
  expect(costOf({ route, kind, bytes }, link('tcp://host:1', null)).overheadBytes).toBe(written)
})
