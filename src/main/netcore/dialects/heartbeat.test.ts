import { describe, expect, test } from 'vitest'
import { Heartbeat, type HeartbeatOptions } from './heartbeat'

/** What it says until the peer is given up or `untilMs`, with signs of life at these times. */
function said(options: HeartbeatOptions, untilMs: number, signs: readonly number[] = []): string[] {
  const heartbeat = new Heartbeat(options)
  const words: string[] = []
  const left = [...signs]
  heartbeat.begin(0)
  for (let nowMs = 0; nowMs <= untilMs; ) {
    while (left.length > 0 && left[0]! <= nowMs) heartbeat.sign(left.shift()!)
    const tick = heartbeat.tick(nowMs)
    if (tick !== null) words.push(`${nowMs} ${tick}`)
    if (tick === 'lost') break
    nowMs = Math.max(nowMs + 1, Math.min(heartbeat.wakeAtMs, left[0] ?? Infinity))
  }
  return words
}

describe.each(['tick', 'deadline'] as const)('a heartbeat whose silence is found at the %s', (foundAt) => {
  test('asks at each interval while the peer gives signs, and never gives it up', () => {
    const signs = Array.from({ length: 10 }, (_, n) => n * 100 + 1)
    expect(said({ intervalMs: 100, foundAt }, 450, signs)).toEqual([
      '100 ping',
      '200 ping',
      '300 ping',
      '400 ping',
    ])
  })

  test('says nothing before it begins and after it ends', () => {
    const heartbeat = new Heartbeat({ intervalMs: 100, foundAt })
    expect([heartbeat.wakeAtMs, heartbeat.tick(1e9)]).toEqual([Infinity, null])
    heartbeat.begin(0)
    heartbeat.end()
    expect([heartbeat.wakeAtMs, heartbeat.tick(1e9)]).toEqual([Infinity, null])
  })
})

test('silence is found at the first tick after three intervals, or as soon as they are over', () => {
  const pings = ['100 ping', '200 ping', '300 ping']
  expect(said({ intervalMs: 100, foundAt: 'tick' }, 1000)).toEqual([...pings, '400 lost'])
  expect(said({ intervalMs: 100, foundAt: 'deadline' }, 1000)).toEqual([...pings.slice(0, 2), '300 lost'])
})

test('a silence of its own length is found in the same two ways', () => {
  const options = { intervalMs: 100, silenceMs: 250 }
  expect(said({ ...options, foundAt: 'tick' }, 1000)).toEqual(['100 ping', '200 ping', '300 lost'])
  expect(said({ ...options, foundAt: 'deadline' }, 1000)).toEqual(['100 ping', '200 ping', '250 lost'])
})

test('a sign in the last moment is as good as one before', () => {
  expect(said({ intervalMs: 100, foundAt: 'deadline' }, 1000, [299])).toContain('300 ping')
  expect(said({ intervalMs: 100, foundAt: 'tick' }, 1000, [399])).toContain('400 ping')
})

test('a shorter interval leaves the silence as it is', () => {
  const words = said({ intervalMs: 100, shorterBy: 0.1, foundAt: 'deadline' }, 1000)
  expect(words).toEqual(['90 ping', '180 ping', '270 ping', '300 lost'])
})
