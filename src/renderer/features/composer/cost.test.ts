import { expect, test } from 'vitest'
import type { LinkStatus } from '../../../shared/model/views'
import { sendCost } from './cost'

const link = (url: string, baud: number | null, change: Partial<LinkStatus> = {}): LinkStatus => ({
  linkId: 1,
  url,
  title: '',
  scheme: url.split(':')[0]!,
  dialect: 'lso',
  phase: 'connected',
  phaseSinceMs: 0,
  problem: null,
  peerName: '',
  baud,
  chunkBytes: 4096,
  bytesIn: 0,
  bytesOut: 0,
  rateInBytesPerSecond: 0,
  rateOutBytesPerSecond: 0,
  utilisation: null,
  queuedBytes: 0,
  queuedMessages: 0,
  faults: 0,
  lostBytes: 0,
  peers: 0,
  ...change,
})

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

test('wire time follows speed and framing, and is unknown on sockets', () => {
  expect(sendCost(1152, link('serial:/dev/ttyUSB0?baud=115200', 115_200)).wireMs).toBeCloseTo(100)
  expect(sendCost(100, link('serial:/dev/x?baud=9600&parity=even&stop=2', 9600)).wireMs).toBeCloseTo(125)
  expect(sendCost(100, link('tcp://host:1', null)).wireMs).toBeNull()
})
