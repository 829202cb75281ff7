import { describe, expect, test } from 'vitest'
import { fromHex, toHex, utf8 } from '../../shared/bytes'
import type { Headers, LosslessJson } from '../../shared/model/trace'
import {
  eventsOf,
  type ObservedStack,
  observedStack,
  pullAll,
  scriptedRandom,
  wireBytes,
} from '../../testing/stack-wire'
import {
  type GoldenCall,
  type GoldenVector,
  loadVectors,
  streamBytes,
} from './dialects/lso/vectors/load-vectors'
import { parsePythonJson } from './dialects/lso/python-json-parse'
import type { OutgoingFrame, OutgoingMessage } from './stack-types'

const vectors = loadVectors()
const sends = vectors.filter((vector) => vector.direction === 'python-sends')
const receives = vectors.filter((vector) => vector.direction === 'python-receives')

/** The `info` of a mission as Python wrote it, exact beyond doubles. */
function infosOf(vector: GoldenVector): Map<string, Headers> {
  const infos = new Map<string, Headers>()
  for (const packet of vector.sent.stream.packets) {
    if (packet.kind !== 'mission') continue
    const meta = parsePythonJson(packet.meta_text!) as { extension: string; info: Headers }
    infos.set(meta.extension, meta.info)
  }
  return infos
}

interface Endpointed {
  readonly message_id: string
  readonly mission_extension: string
}

const refOf = (call: GoldenCall): string =>
  typeof call.returned === 'string' ? call.returned : (call.returned as Endpointed).mission_extension

/** What our caller would say to make Python's call: a mission as is, or a routed request with drawn ids. */
function messageOf(call: GoldenCall, vector: GoldenVector, infos: Map<string, Headers>): OutgoingMessage {
  const sent = vector.sent.messages.find((message) => message.extension === refOf(call))
  const body = fromHex(call.body?.hex ?? sent?.body_hex ?? '')
  if (call.route !== undefined) return { route: call.route, kind: 'request', body }
  const { route, ...headers } = infos.get(refOf(call)) as { route?: LosslessJson } & Headers
  return {
    route: (route as string | undefined) ?? '',
    kind: 'event',
    body,
    headers,
    ...(call.extension ? { ref: call.extension } : {}),
    ...(call.buff !== undefined && { chunkBytes: call.buff }),
  }
}

/** Drawn ids in Python's order: message id before extension; none for an extension the caller chose. */
function drawnIds(call: GoldenCall): string[] {
  if (typeof call.returned === 'string') return call.extension ? [] : [call.returned]
  const { message_id, mission_extension } = call.returned as Endpointed
  return [message_id, mission_extension]
}

function replay(vector: GoldenVector): { frames: OutgoingFrame[]; observed: ObservedStack } {
  const calls = [...vector.input!.calls]
  const infos = infosOf(vector)
  const observed = observedStack({ random: scriptedRandom(calls.flatMap(drawnIds)) })
  const { stack } = observed
  const keys = new Map<string, number>()
  const frames: OutgoingFrame[] = []
  const act = (): void => {
    for (const call of calls) {
      const dueAt =
        call.after_packets ??
        (call as { packets_until_next_mission?: number }).packets_until_next_mission ??
        0
      if (!keys.has(refOf(call)) && frames.length >= dueAt) {
        keys.set(refOf(call), stack.send(messageOf(call, vector, infos), 0).messageKey)
      }
    }
    for (const call of calls) {
      if (call.cancelled_after_packets !== frames.length) continue
      expect(stack.cancel(keys.get(refOf(call))!, 0)).toBe(call.cancel_returned)
    }
  }
  stack.connected(0)
  for (;;) {
    act()
    const frame = stack.pull(0)
    if (frame === undefined) return { frames, observed }
    frames.push(frame)
  }
}

describe('what Python sends', () => {
  test('is covered: all vectors of that direction are here', () => {
    expect(sends).toHaveLength(18)
  })

  test.each(sends.filter(({ name }) => name !== 'send-cancel-sole-mission'))(
    '$name: the same calls with the same ids give the same bytes',
    (vector) => {
      const { frames } = replay(vector)
      expect(toHex(wireBytes(frames))).toBe(toHex(streamBytes(vector.sent.stream)))
    },
  )

  test('send-cancel-sole-mission: the same bytes, and the cancel does not wait for another message', () => {
    const vector = sends.find(({ name }) => name === 'send-cancel-sole-mission')!
    const [doomed, next] = vector.input!.calls as [GoldenCall, GoldenCall]
    const infos = infosOf(vector)
    const { stack } = observedStack({ random: scriptedRandom([doomed, next].flatMap(drawnIds)) })
    stack.connected(0)
    const { messageKey } = stack.send(messageOf(doomed, vector, infos), 0)
    const frames = [stack.pull(0)!, stack.pull(0)!, stack.pull(0)!]
    expect(stack.cancel(messageKey, 0)).toBe(true)
    frames.push(...pullAll(stack, 0))
    expect(frames.map((frame) => frame.frameKind)).toEqual(['mission', 'data', 'data', 'cancel'])
    stack.send(messageOf(next, vector, infos), 0)
    frames.push(...pullAll(stack, 0))
    expect(toHex(wireBytes(frames))).toBe(toHex(streamBytes(vector.sent.stream)))
  })

  test.each(sends)('$name: our receiver gets the same messages, however the wire is cut', (vector) => {
    const wire = streamBytes(vector.sent.stream)
    for (const step of [1, 2, 7, 1448, wire.length]) {
      const { stack, events } = observedStack()
      stack.connected(0)
      for (let at = 0; at < wire.length; at += step) stack.receive(wire.subarray(at, at + step), 0)
      const opened = new Map(eventsOf(events, 'message-opened').map((event) => [event.messageKey, event.ref]))
      const complete = eventsOf(events, 'message-closed').filter((event) => event.outcome === 'complete')
      const zeroLength = vector.sent.unfinished.filter((mission) => mission.declared === 0)
      expect(
        complete
          .filter((event) => event.bodyBytes > 0)
          .map((event) => [opened.get(event.messageKey), toHex(event.body)]),
      ).toEqual(vector.sent.messages.map((message) => [message.extension, message.body_hex]))
      expect(complete.filter((event) => event.bodyBytes === 0)).toHaveLength(zeroLength.length)
      const cancelled = eventsOf(events, 'message-closed').filter((event) => event.outcome === 'cancelled')
      expect(cancelled.map((event) => opened.get(event.messageKey))).toEqual(vector.sent.cancelled)
      expect(eventsOf(events, 'fault').filter((event) => event.code !== 'ROUTE_UNKNOWN')).toEqual([])
    }
  })
})

describe('what Python receives', () => {
  test('is covered: all vectors of that direction are here', () => {
    expect(receives).toHaveLength(13)
  })

  const delivered = receives.filter((vector) => vector.observed?.delivered !== undefined)
  test.each(delivered)('$name: the same messages, each once, in order of completion', (vector) => {
    const { stack, events } = observedStack()
    const bodies: [string, string, Headers][] = []
    stack.onUnrouted((request) => {
      bodies.push([request.ref, toHex(request.body), request.headers])
      return undefined
    })
    stack.connected(0)
    stack.receive(streamBytes(vector.fed!.stream), 0)
    // Python delivers the last completed first; the specification asks for order of completion.
    const python = [...vector.observed!.delivered!].reverse()
    const expected = python.map(({ info, body_hex }) => [info['extension'], body_hex])
    // A mission of length 0 is delivered at its head; Python never does (netcore-lso.md §11 Q5).
    expect(bodies.filter(([, body]) => body !== '').map(([ref, body]) => [ref, body])).toEqual(expected)
    expect(bodies.filter(([, body]) => body === '').map(([ref]) => ref)).toEqual(
      vector.name === 'receive-zero-length-head' ? ['Zero01'] : [],
    )
    expect(eventsOf(events, 'fault')).toEqual([])
  })

  const answered = receives.filter(({ name }) => name.startsWith('answer-') || name.startsWith('peer-'))
  test.each(answered)(
    '$name: the request goes out with the same bytes and its wait ends the same way',
    async (vector) => {
      const { message_id, mission_extension } = JSON.parse(
        JSON.stringify((vector.observed as { returned?: unknown }).returned),
      ) as Endpointed
      const { stack, events } = observedStack({ random: scriptedRandom([message_id, mission_extension]) })
      let routed = 0
      stack.route('q', () => {
        routed += 1
        return undefined
      })
      stack.connected(0)
      const pending = stack.request({ route: 'q', body: utf8('?') }, 0)
      expect(toHex(wireBytes(pullAll(stack, 0)))).toBe(toHex(streamBytes(vector.sent.stream)))
      stack.receive(streamBytes(vector.fed!.stream), 5)
      const callback = vector.observed!.callbacks![0]!
      if (callback['is_cancel'] === true) {
        await expect(pending.answer).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' })
      } else {
        const answer = await pending.answer
        const { extension, ...headers } = callback['headers'] as Record<string, unknown>
        expect(toHex(answer.body)).toBe(callback['body_hex'])
        expect(answer.route).toBe(callback['route'])
        expect({ ...answer.headers }).toEqual(headers)
        expect(answer.ref).toBe(extension)
        expect(answer.roundTripMs).toBe(5)
        const opened = eventsOf(events, 'message-opened').find((event) => event.dir === 'in')!
        expect(opened.answersKey).toBe(pending.messageKey)
        expect(opened.kind).toBe('response')
        expect(opened.route).toBe(callback['route'])
      }
      expect(eventsOf(events, 'request-settled')).toHaveLength(1)
      expect(routed).toBe(0)
      expect(pullAll(stack, 5)).toEqual([])
    },
  )

  const replied = receives.filter(({ name }) => name.startsWith('reply-'))
  test.each(replied)('$name: a handler that answers the same gives the same bytes', (vector) => {
    const replies = [...vector.sent.messages]
    const { stack } = observedStack({ random: scriptedRandom(replies.map((message) => message.extension)) })
    stack.onUnrouted((request) => {
      const index = replies.findIndex(({ info }) => info['message_id'] === request.correlationId)
      if (index < 0) return undefined
      const { info, body_hex } = replies[index]!
      const route = info['route']
      return { body: fromHex(body_hex), route: typeof route === 'string' ? route : '' }
    })
    stack.connected(0)
    const packets = vector.fed!.stream.packets
    const wire: string[] = []
    for (const packet of packets) {
      stack.receive(fromHex(packet.hex), 0)
      wire.push(toHex(wireBytes(pullAll(stack, 0))))
    }
    expect(wire.join('')).toBe(toHex(streamBytes(vector.sent.stream)))
  })

  test('is covered: every vector is used by one of the tests above', () => {
    expect(delivered.length + answered.length + replied.length).toBe(receives.length)
  })
})
