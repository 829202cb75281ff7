import { describe, expect, test } from 'vitest'
import { parseLinkUrl } from '../../shared/model/link-url'
import { chooseChunkBytes, isLossyScheme, lineRateOf } from './line-settings'

describe('chunk size', () => {
  const at = (baud: number) => chooseChunkBytes(undefined, { baud, bitsPerByte: 10 }, 4096)

  test.each([
    { baud: 115_200, bytes: 288 },
    { baud: 921_600, bytes: 2304 },
    { baud: 9600, bytes: 64 },
    { baud: 3_000_000, bytes: 4096 },
  ])('is $bytes bytes at $baud baud, 8N1', ({ baud, bytes }) => expect(at(baud)).toBe(bytes))

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
