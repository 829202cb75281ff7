import { describe, expect, test } from 'vitest'
import { urgentBoundMs } from '../../shared/model/urgent-bound'
import { parseLinkUrl } from '../../shared/model/link-url'
import { dialectNamed } from '../netcore/dialects'
import {
  chooseChunkBytes,
  FRAME_OVERHEAD_BYTES,
  isLossyScheme,
  lineRateOf,
  packetBytesOf,
  placeOf,
} from './line-settings'

describe('chunk size', () => {
  const at = (baud: number) => chooseChunkBytes(undefined, { baud, bitsPerByte: 10 }, 4096)

  test.each([
    { baud: 115_200, bytes: 272 },
    { baud: 921_600, bytes: 2624 },
    { baud: 9600, bytes: 96 },
    { baud: 3_000_000, bytes: 4096 },
  ])('is $bytes bytes at $baud baud, 8N1', ({ baud, bytes }) => expect(at(baud)).toBe(bytes))

  test.each([57_600, 115_200, 230_400, 460_800, 921_600, 1_000_000])(
    'lets an urgent message onto a line of %d baud within 40 ms, and would not if it were 16 bytes more',
    (baud) => {
      const rate = { baud, bitsPerByte: 10 }
      const waitMs = (chunkBytes: number): number => {
        const frameOverheadBytes = FRAME_OVERHEAD_BYTES
        return 11 + urgentBoundMs({ aheadBytes: 0, chunkBytes, frameOverheadBytes, messageBytes: 0 }, rate)
      }
      expect(waitMs(at(baud))).toBeLessThanOrEqual(40)
      expect(waitMs(at(baud) + 16)).toBeGreaterThan(40)
    },
  )

  test('follows another target', () => {
    const rate = { baud: 115_200, bitsPerByte: 10 }
    expect(chooseChunkBytes(undefined, rate, 4096, 100)).toBe(976)
    expect(chooseChunkBytes(undefined, rate, 4096, 1)).toBe(96)
  })

  test('is the dialect default where the speed is not known', () => {
    expect(chooseChunkBytes(undefined, undefined, 4096)).toBe(4096)
  })

  test('is what the address says, whatever the line', () => {
    expect(chooseChunkBytes(1024, { baud: 9600, bitsPerByte: 10 }, 4096)).toBe(1024)
  })

  test('is never above the default of the dialect', () => {
    expect(chooseChunkBytes(undefined, { baud: 12_000_000, bitsPerByte: 10 }, 512)).toBe(512)
  })
})

describe('line of an address', () => {
  test('counts start, data, parity and stop bits of a serial port', () => {
    const address = parseLinkUrl('serial:/dev/ttyUSB0?baud=9600&parity=even&stop=2')
    expect(lineRateOf(address)).toEqual({ baud: 9600, bitsPerByte: 12 })
  })

  test('has ten bits a byte on a simulated line', () => {
    expect(lineRateOf(parseLinkUrl('sim:demo?baud=57600'))).toEqual({ baud: 57_600, bitsPerByte: 10 })
  })

  test('is not known on sockets, which lose nothing', () => {
    const address = parseLinkUrl('tcp://127.0.0.1:4242')
    expect(lineRateOf(address)).toBeUndefined()
    expect(isLossyScheme(address)).toBe(false)
    expect(isLossyScheme(parseLinkUrl('sim:demo'))).toBe(true)
  })
})

describe('packets of an address', () => {
  test.each([
    ['udp://h:1', 'lso', 1400],
    ['udp-listen://h:1?datagram=512', 'raw', 512],
    ['ws://h:1', 'lso', undefined],
    ['ws://h:1', 'socketd', 17_825_792],
    ['ws-listen://h:1', 'socketd', 17_825_792],
    ['tcp://h:1', 'socketd', undefined],
    ['serial:COM3', 'socketd', undefined],
  ])('of %s in the dialect %s hold %s bytes', (text, dialect, bytes) => {
    expect(packetBytesOf(parseLinkUrl(text), dialectNamed(dialect).traits)).toBe(bytes)
  })

  test('are datagrams that can get lost, messages of a WebSocket can not', () => {
    expect(isLossyScheme(parseLinkUrl('udp://h:1'))).toBe(true)
    expect(isLossyScheme(parseLinkUrl('udp-listen://h:1'))).toBe(true)
    expect(isLossyScheme(parseLinkUrl('ws://h:1'))).toBe(false)
  })
})

test.each([
  ['tcp://h:1', { scheme: 'tcp', host: 'h', port: 1 }],
  ['tcp://h:1?tls=yes', { scheme: 'tcps', host: 'h', port: 1 }],
  ['wss://h:1', { scheme: 'wss', host: 'h', port: 1 }],
  ['udp-listen://[::1]:1', { scheme: 'udp', host: '::1', port: 1 }],
  ['sim:demo', undefined],
])('the place of %s is what a dialect may name', (text, place) => {
  expect(placeOf(parseLinkUrl(text))).toEqual(place)
})
