import { describe, expect, test } from 'vitest'
import { colourTable, hueOfStyle, kindOfStyle, packStyle, priorityOfStyle } from './chunk-style'
import { packPixel, parseColour } from './colours'

describe('colours', () => {
  test('reads the forms that tokens have', () => {
    expect(parseColour('#4a93ee')).toEqual([0x4a, 0x93, 0xee, 255])
    expect(parseColour('#fff')).toEqual([255, 255, 255, 255])
    expect(parseColour('rgba(143, 162, 255, .5)')).toEqual([143, 162, 255, 128])
    expect(parseColour(' rgb(1 2 3 / 0.25) ')).toEqual([1, 2, 3, 64])
    expect(parseColour('transparent')[3]).toBe(0)
  })

  test('packs red into the lowest byte, as image data keeps it', () => {
    const bytes = new Uint8Array(Uint32Array.of(packPixel([1, 2, 3, 255], 1)).buffer)
    expect([...bytes]).toEqual([1, 2, 3, 255])
  })
})

describe('styles', () => {
  test('give back what was packed', () => {
    for (let hue = 0; hue <= 8; hue++) {
      for (const kind of ['request', 'response', 'event', 'bytes'] as const) {
        const style = packStyle(hue, 5, kind)
        expect([hueOfStyle(style), priorityOfStyle(style), kindOfStyle(style)]).toEqual([hue, 5, kind])
      }
    }
  })

  test('the same chunk has a colour of its own in every mode, control frames stay grey', () => {
    const urgent = packStyle(6, 0, 'response')
    const late = packStyle(6, 7, 'event')
    expect(colourTable('stream')[urgent]).toBe(6)
    expect(colourTable('priority')[urgent]).not.toBe(colourTable('priority')[late])
    expect(colourTable('type')[urgent]).not.toBe(colourTable('type')[late])
    for (const mode of ['stream', 'priority', 'type'] as const) expect(colourTable(mode)[0]).toBe(0)
  })
})
