import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { RecordingSink } from '../../../../testing/recording-sink'
import { concatBytes, fromHex, toHex, tryUtf8 } from '../../../../shared/bytes'
import type { Headers, LosslessJson } from '../../../../shared/model/trace'
import type { EncodedFrame, IncomingHead } from '../dialect'
import { encodeCancel, encodeData, encodeMissionHead, encodeOpen } from './encoder'
import { lsoDialect } from './lso-dialect'
import { parsePythonJson } from './python-json-parse'
import {
  type GoldenPacket,
  type GoldenStream,
  loadVector,
  loadVectors,
  streamBytes,
} from './vectors/load-vectors'

const vectors = loadVectors()
const PIECES = [1, 2, 7, 1448, Number.POSITIVE_INFINITY]

interface Reassembled {
  readonly complete: { readonly head: IncomingHead; readonly bodyHex: string }[]
  readonly unfinished: { readonly extension: string; readonly declared: number; readonly received: number }[]
  readonly cancelled: string[]
}

/** The simplest reassembly there is: enough for streams without faults. */
function reassemble(stream: Uint8Array, pieceBytes: number): Reassembled {
  const codec = lsoDialect.createCodec({ onDamage: 'fatal' })
  const sink = new RecordingSink()
  const step = Math.min(pieceBytes, Math.max(1, stream.length))
  for (let at = 0; at < stream.length; at += step) codec.receive(stream.subarray(at, at + step), 0, sink)
  codec.end(0, sink)
  const open = new Map<string, { head: IncomingHead; bodyHex: string }>()
  const result: Reassembled = { complete: [], unfinished: [], cancelled: [] }
  for (const call of sink.calls) {
    if (call.call === 'open') open.set(call.head.ref, { head: call.head, bodyHex: '' })
    else if (call.call === 'cancel') {
      open.delete(call.ref)
      result.cancelled.push(call.ref)
    } else if (call.call === 'chunk') {
      const message = open.get(call.ref)
      if (message === undefined) continue
      message.bodyHex += call.payloadHex
      if (message.bodyHex.length / 2 === message.head.declaredBytes) {
        open.delete(call.ref)
        result.complete.push(message)
      }
    } else throw new Error(`unexpected: ${JSON.stringify(call)}`)
  }
  for (const { head, bodyHex } of open.values()) {
    result.unfinished.push({
      extension: head.ref,
      declared: head.declaredBytes ?? -1,
      received: bodyHex.length / 2,
    })
  }
  return result
}

/** The info of a message as a plain object of doubles, as JSON.parse of the vector file has it. */
function infoOf(head: IncomingHead): Record<string, unknown> {
  const info: Record<string, unknown> = {}
  if (head.route !== '') info['route'] = head.route
  if (head.kind === 'response') info['is_response'] = true
  if (head.correlationId !== '') info['message_id'] = head.correlationId
  return toDoubles({ ...info, ...(head.headers as Record<string, unknown>) }) as Record<string, unknown>
}

function toDoubles(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(toDoubles)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toDoubles(item)]))
}

const frameHex = (frame: EncodedFrame): string => toHex(concatBytes(frame.parts))
const sha256 = (hex: string): string => createHash('sha256').update(fromHex(hex)).digest('hex')

describe('the vectors', () => {
  test('are all 31, and their streams have the recorded hashes', () => {
    expect(vectors).toHaveLength(31)
    for (const { sent, fed } of vectors) {
      for (const stream of [sent.stream, ...(fed === undefined ? [] : [fed.stream])]) {
        expect(sha256(toHex(streamBytes(stream)))).toBe(stream.sha256)
      }
    }
  })
})

describe.each(vectors)('$name', ({ sent }) => {
  test.each(PIECES)('what Python sent decodes to the recorded messages in pieces of %d', (pieceBytes) => {
    const { complete, unfinished, cancelled } = reassemble(streamBytes(sent.stream), pieceBytes)
    expect(complete).toHaveLength(sent.messages.length)
    for (const [index, { head, bodyHex }] of complete.entries()) {
      const message = sent.messages[index]!
      expect(head.ref).toBe(message.extension)
      expect(infoOf(head)).toEqual(message.info)
      expect(head.declaredBytes).toBe(message.body_length)
      expect(sha256(bodyHex)).toBe(message.body_sha256)
    }
    expect(unfinished).toEqual(sent.unfinished)
    expect(cancelled).toEqual(sent.cancelled)
  })

  test('every packet Python sent is encoded again byte for byte from its meaning', () => {
    for (const packet of sent.stream.packets) expect(frameHex(encodeAgain(packet))).toBe(packet.hex)
  })
})

describe.each(vectors.filter(({ sent }) => sent.stream.packets.length > 0))('$name', ({ sent }) => {
  test('the same heads come from the seam: route, kind, id and headers', () => {
    const sink = new RecordingSink()
    lsoDialect.createCodec({ onDamage: 'fatal' }).receive(streamBytes(sent.stream), 0, sink)
    const heads = sink.calls.flatMap((call) => (call.call === 'open' ? [call.head] : []))
    const missions = sent.stream.packets.filter((packet) => packet.kind === 'mission')
    expect(heads.map((head) => frameHex(encodeOpen({ ...head, bodyBytes: head.declaredBytes! })))).toEqual(
      missions.map((packet) => packet.hex),
    )
  })
})

describe.each(vectors.filter(({ fed }) => fed !== undefined))('$name', ({ name, fed, observed }) => {
  test('what Python was fed is understood as it understood it', () => {
    for (const pieceBytes of PIECES) {
      const { complete } = reassemble(streamBytes(fed!.stream), pieceBytes)
      const deliveries = observed?.delivered ?? []
      for (const { info, body_hex } of deliveries) {
        const { extension, ...rest } = info
        const message = complete.find(({ head }) => head.ref === extension)
        expect(message?.bodyHex).toBe(body_hex)
        expect(infoOf(message!.head)).toEqual(rest)
      }
      if (observed?.delivered !== undefined) expect(complete).toHaveLength(deliveries.length)
      else if (name !== 'peer-cancels-our-request') expect(complete.length).toBeGreaterThan(0)
    }
  })
})

/** Encodes a packet from what its texts say, read by the lossless parser so that big integers survive. */
function encodeAgain(packet: GoldenPacket): EncodedFrame {
  const bytes = fromHex(packet.hex)
  const extension = parsePythonJson(packet.extension_text) as Record<string, LosslessJson>
  if (packet.kind === 'data') {
    return encodeData(extension['extension'] as string, bytes.subarray(bytes.length - packet.meta_length))
  }
  if (packet.kind === 'cancel') return encodeCancel(extension['extension'] as string)
  const meta = parsePythonJson(packet.meta_text!) as Record<string, LosslessJson>
  return encodeMissionHead(meta['extension'] as string, Number(meta['length']), meta['info'] as Headers)
}

describe('single facts of the vectors', () => {
  const fedHeads = (name: string): IncomingHead[] => {
    const sink = new RecordingSink()
    const { fed } = loadVector(name)
    lsoDialect.createCodec({ onDamage: 'fatal' }).receive(streamBytes(fed!.stream), 0, sink)
    return sink.calls.flatMap((call) => (call.call === 'open' ? [call.head] : []))
  }

  test('callbacks of Python saw the same fields as our heads have', () => {
    for (const { name, fed, observed } of vectors) {
      if (fed === undefined) continue
      for (const callback of observed?.callbacks ?? []) {
        if (callback['is_cancel'] === true) continue
        const head = fedHeads(name).find((each) => each.correlationId === callback['message_id'])
        const { extension, ...headers } = callback['headers'] as Record<string, unknown>
        expect(head?.ref).toBe(extension)
        expect(head?.route).toBe(callback['route'])
        expect(head?.kind === 'response').toBe(callback['is_response'])
        expect(toDoubles(head?.headers)).toEqual(headers)
      }
    }
  })

  test('integers above 2^53 and -0.0 among the headers arrive exact', () => {
    const sink = new RecordingSink()
    const { sent } = loadVector('send-custom-info')
    lsoDialect.createCodec({ onDamage: 'fatal' }).receive(streamBytes(sent.stream), 0, sink)
    const [first] = sink.calls
    expect(first).toMatchObject({
      call: 'open',
      head: { route: 'hdr', headers: { i: 9007199254740993n, neg: -0 } },
    })
  })

  test('a type Python does not know is data, under the name it has on the wire', () => {
    const sink = new RecordingSink()
    const stream: GoldenStream = loadVector('receive-tolerated-shapes').fed!.stream
    lsoDialect.createCodec({ onDamage: 'fatal' }).receive(streamBytes(stream), 0, sink)
    const chunks = sink.calls.flatMap((call) => (call.call === 'chunk' ? [call] : []))
    expect(chunks.map(({ ref, extent }) => [ref, extent.frameKind])).toEqual([
      ['Tést', 'data'],
      ['Tést', 'whatever'],
      ['Tést', 'data'],
      ['Tést', 'data'],
    ])
    expect(tryUtf8(fromHex(chunks.map((chunk) => chunk.payloadHex).join('')))).toBe('abcdef')
  })

  test('frames lie where the vectors say', () => {
    for (const { sent } of vectors) {
      const sink = new RecordingSink()
      lsoDialect.createCodec({ onDamage: 'resync' }).receive(streamBytes(sent.stream), 0, sink)
      const extents = sink.calls.map((call) => ('extent' in call ? call.extent : undefined))
      expect(extents).toEqual(
        sent.stream.packets.map(({ kind, offset, length }) => ({
          frameKind: kind,
          streamOffset: offset,
          wireBytes: length,
        })),
      )
    }
  })
})
