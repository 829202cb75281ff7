import { expect, test } from 'vitest'
import { concatBytes } from '../../../../shared/bytes'
import { eventsOf, observedStack, pullAll } from '../../../../testing/stack-wire'
import { socketdDialect } from './socketd-dialect'
import { loadVectors, saidBy } from './vectors/load-vectors'
import { wrapFrame } from './wire/envelope'

const reading = (onDamage: 'fatal' | 'resync', isPackets = false): ReturnType<typeof observedStack> => {
  const side = observedStack({
    dialect: socketdDialect.reader!,
    codec: { onDamage, isPackets },
    answersErrors: false,
  })
  side.stack.onUnrouted(() => undefined)
  side.stack.connected(0)
  return side
}

const exchangeNamed = (name: string, dir: 'c2s' | 's2c'): Uint8Array[] =>
  saidBy(loadVectors().find((vector) => vector.name === name)!, dir).map(({ bytes }) => bytes)

test('a reader gives the messages of each direction, and writes nothing', () => {
  const asked = reading('fatal')
  asked.stack.receive(concatBytes(exchangeNamed('tcp-subscribe-3', 'c2s')), 0)
  expect(eventsOf(asked.events, 'message-opened')).toMatchObject([{ kind: 'request', route: '/sub' }])
  const answered = reading('fatal')
  answered.stack.receive(concatBytes(exchangeNamed('tcp-subscribe-3', 's2c')), 0)
  const opened = eventsOf(answered.events, 'message-opened')
  expect(opened.map(({ kind, route }) => [kind, route])).toEqual(Array(4).fill(['response', '/sub']))
  expect(new Set(opened.map(({ correlationId }) => correlationId)).size).toBe(1)
  for (const { stack } of [asked, answered]) {
    stack.wake(100_000)
    stack.farewell(100_000)
    expect([pullAll(stack, 100_000), stack.isSpent]).toEqual([[], false])
  }
})

test.each([
  ['a stream', 'fatal', false, (frames: Uint8Array[]) => [concatBytes(frames)]],
  ['a stream where damage is expected', 'resync', false, (frames: Uint8Array[]) => [concatBytes(frames)]],
  ['packets', 'fatal', true, (frames: Uint8Array[]) => frames],
  [
    'a line',
    'resync',
    false,
    (frames: Uint8Array[]) => [concatBytes(frames.map((frame) => wrapFrame([frame])))],
  ],
] as const)('a whole session is read from %s', (_, onDamage, isPackets, pieces) => {
  const frames = loadVectors().flatMap((vector) => vector.frames.map(({ bytes }) => bytes))
  const side = reading(onDamage, isPackets)
  for (const piece of pieces(frames)) side.stack.receive(piece, 0)
  expect(eventsOf(side.events, 'frame').filter(({ dir }) => dir === 'in')).toHaveLength(frames.length)
  expect(eventsOf(side.events, 'fault').filter(({ code }) => code !== 'ANSWER_UNMATCHED')).toEqual([])
  expect(eventsOf(side.events, 'message-closed').every(({ outcome }) => outcome === 'complete')).toBe(true)
})

test.each([1, 3, 50, 100_000])(
  'where damage is expected a reader goes on behind it, in pieces of %d bytes',
  (size) => {
    const frames = loadVectors().flatMap((vector) => vector.frames.map(({ bytes }) => bytes))
    const rubbish = Uint8Array.from({ length: 700 }, (_, at) => (at * 7919) & 255)
    const damaged = concatBytes([
      ...frames.slice(0, 20),
      rubbish,
      ...frames.slice(20, 40),
      rubbish,
      ...frames.slice(40),
    ])
    const side = reading('resync')
    for (let at = 0; at < damaged.length; at += size) side.stack.receive(damaged.slice(at, at + size), 0)
    const seen = eventsOf(side.events, 'frame').filter(({ dir }) => dir === 'in')
    expect(seen).toHaveLength(frames.length)
    const places = new Set(seen.map(({ streamOffset, wireBytes }) => `${streamOffset} ${wireBytes}`))
    const wanted = frames.map(({ length }, index) => {
      const before = frames.slice(0, index).reduce((sum, frame) => sum + frame.length, 0)
      return `${before + (index >= 20 ? 700 : 0) + (index >= 40 ? 700 : 0)} ${length}`
    })
    expect([...places]).toEqual(wanted)
    expect(eventsOf(side.events, 'fault').filter(({ code }) => code.startsWith('SOCKETD_BAD')).length).toBe(2)
  },
)
