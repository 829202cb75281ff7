import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../../../../shared/bytes'
import { LEN_WINDOW_BYTES } from './arq/arq'
import { NAMEABLE_POSITIONS } from './arq/exchange'
import { MAX_HEADER_BYTES } from './arq/header-block'
import { MAX_HEADER_DEPTH } from './arq/header-shape'
import { EXTRA_FRAMES, HOPELESS_FRAMES, LEN_WINDOW_FRAMES, WINDOW_FRAMES } from './arq/sender'
import { ACK_REACH } from './arq/sent-frames'
import { HANDSHAKE_BYTES } from './session/frame-content'
import { DEFAULT_TIMING } from './session/session-types'
import { FrameEncoder } from './wire/frame-encoder'
import { FrameScanner } from './wire/frame-scanner'
import {
  CAPABILITY,
  CONTROL_TYPE,
  DEFAULT_SETTINGS,
  FRAME_TYPE,
  MESSAGE_FLAG,
  NATIVE_CODE,
  type NativeFrame,
} from './wire/frames'
import { SETTING_TAG } from './wire/layout'
import type { Framing } from './wire/wire'

const text = readFileSync(new URL('../../../../../docs/native-protocol.md', import.meta.url), 'utf8')

/** Examples: how it is framed, the bytes, and what they are. */
const examples = [...text.matchAll(/```frame (cobs|len|len-bare)\n((?:[0-9a-f ]+\n)+)(.*)\n```/g)].map(
  ([, framing, hex, json]) => ({
    framing: framing!,
    hex: hex!.replaceAll(/\s/g, ''),
    frames: JSON.parse(json!) as object,
  }),
)

/** Cells of the rows of the table that begins with this header cell. */
function tableOf(...header: readonly string[]): string[][] {
  const lines = text.split('\n')
  const at = lines.findIndex((line) => line.startsWith(`| ${header.join(' | ')}`))
  expect(at).toBeGreaterThan(0)
  const rows: string[][] = []
  for (let row = at + 2; lines[row]!.startsWith('|'); row++) {
    rows.push(
      lines[row]!.split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
  }
  return rows
}

const asJson = (frame: NativeFrame): unknown =>
  JSON.parse(
    JSON.stringify(frame, (_key, value: unknown) => (value instanceof Uint8Array ? toHex(value) : value)),
  )

function decoded(framing: Framing, hasCrc: boolean, bytes: Uint8Array): unknown[] {
  const scanner = new FrameScanner(framing, { largestFrameBytes: 5_000 })
  scanner.hasCrc = hasCrc
  const frames: unknown[] = []
  scanner.receive(bytes, {
    frame(frame) {
      const shown = asJson(frame) as Record<string, unknown>
      delete shown['content']
      frames.push(shown)
    },
    fault: (fault) => frames.push(fault),
  })
  return frames
}

describe('docs/native-protocol.md', () => {
  test('has examples of every kind of place where bytes matter', () => {
    expect(examples.length).toBeGreaterThanOrEqual(14)
  })

  test.each(examples)('$framing $hex is what it says', ({ framing, hex, frames }) => {
    const got = decoded(framing === 'cobs' ? 'cobs' : 'len', framing !== 'len-bare', fromHex(hex))
    expect(got).toEqual(Array.isArray(frames) ? frames : [frames])
  })

  test('numbers frames, controls, settings, capabilities and codes as the program does', () => {
    const types = tableOf('type', 'name').map(([number, name]) => [
      Number(number),
      name!.split(',')[0]!.toLowerCase(),
    ])
    expect(Object.fromEntries(types.map(([number, name]) => [name, number]))).toEqual(FRAME_TYPE)
    const controls = tableOf('subtype', 'name').map(([number, name]) => [name!.toLowerCase(), Number(number)])
    expect(Object.fromEntries(controls)).toEqual(CONTROL_TYPE)
    const codes = tableOf('code', 'name').map(([number, name]) => [name, Number(number)])
    expect(Object.fromEntries(codes)).toEqual(NATIVE_CODE)
    const bits = tableOf('bit', 'capability').map(([bit, name]) => [name, 2 ** Number(bit)])
    expect(Object.fromEntries(bits)).toEqual(CAPABILITY)
    const settings = tableOf('tag', 'setting')
    expect(Object.fromEntries(settings.map(([tag, name]) => [name, Number(tag)]))).toEqual(SETTING_TAG)
    const defaults = settings.map(([, name, value]) => [name, name === 'identity' ? value : Number(value)])
    expect(Object.fromEntries(defaults)).toEqual(DEFAULT_SETTINGS)
  })

  test('gives flags as the program does', () => {
    const flags = Object.fromEntries(tableOf('flag', 'value').map(([name, value]) => [name, Number(value)]))
    const { fin, headers, name, error, extension, at } = MESSAGE_FLAG
    expect(flags).toEqual({ FIN: fin, HDR: headers, NAME: name, ERR: error, EXT: extension, AT: at })
  })

  test('states the constants as they are', () => {
    const constants = Object.fromEntries(
      tableOf('constant', 'value').map(([name, value]) => [name, Number(value)]),
    )
    expect(constants).toEqual({
      'ACK reach': ACK_REACH,
      'window, frames': WINDOW_FRAMES,
      'more for probes and control': EXTRA_FRAMES,
      'numbers without any ACK': HOPELESS_FRAMES,
      'LEN: numbers unsettled': LEN_WINDOW_FRAMES,
      'LEN: bytes unsettled': LEN_WINDOW_BYTES,
      'positions unsettled in a half (COBS)': NAMEABLE_POSITIONS,
      'header bytes': MAX_HEADER_BYTES,
      'header levels': MAX_HEADER_DEPTH,
      'handshake frame': HANDSHAKE_BYTES,
    })
  })

  test('states the times as they are', () => {
    const timers = Object.fromEntries(tableOf('timer', 'value').map(([name, value]) => [name, value]))
    const { firstTryMs, lastTryMs, pingMs, silentMs, sessionMs, retryMs } = DEFAULT_TIMING
    expect(timers['HELLO, AUTH of the host']).toBe(`${firstTryMs} ms, doubling to ${lastTryMs / 1000} s`)
    expect(timers['PING']).toBe(
      `${pingMs / 1000} s without any frame; silent after ${silentMs / 1000} s; forgotten after ${sessionMs / 1000} s`,
    )
    expect(timers['after a version mismatch, an own echo, a BYE']).toBe(`${retryMs / 1000} s`)
  })

  test('counts the bytes that frames cost as they are', () => {
    const data = (bytes: number): NativeFrame => ({
      kind: 'data',
      number: 1,
      sid: 9,
      offset: 0x1234,
      isFin: false,
      payload: new Uint8Array(bytes).fill(97),
    })
    const cobs = new FrameEncoder('cobs', { largestFrameBytes: 5_000 })
    const len = new FrameEncoder('len', { largestFrameBytes: 5_000 })
    len.hasCrc = false
    expect(cobs.encode(data(4096)).wireBytes - 4096).toBe(27)
    expect(len.encode({ ...data(4096), offset: -1 } as NativeFrame).wireBytes - 4096).toBe(5)
  })

  test('has an interface in C that is whole', () => {
    const header = /```c\n([\s\S]*?)```/.exec(text)![1]!
    for (const [open, close] of ['{}', '()', '[]']) {
      expect(header.split(open!).length).toBe(header.split(close!).length)
    }
    const { largestFrameBytes, receiveBytes, slots, urgentSlots } = DEFAULT_SETTINGS
    expect(header).toContain(`NW_FRAME = ${largestFrameBytes}, NW_IN = ${slots + urgentSlots}`)
    expect(header).toContain(`NW_RING = ${receiveBytes}`)
    const codes = /typedef enum { (NW_OK.*?) } nw_code;/.exec(header)![1]!.split(', ')
    const words = Object.keys(NATIVE_CODE).map(
      (name) => `NW_${name.replaceAll(/([A-Z])/g, '_$1').toUpperCase()}`,
    )
    expect(codes).toEqual(words)
  })
})
