import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { TapeState } from '../../shared/model/tape'
import type { StatusSnapshot } from '../../shared/model/views'
import { simulatedRecording } from '../../testing/simulated-recording'
import { testConsole } from '../../testing/test-console'
import { VirtualClock } from '../../testing/virtual-clock'
import { createSimTransport, type SimAddress } from '../simulator/sim-transport'
import type { Console } from './console'
import type { SourcePort } from './console-types'

const VIEW = { view: { filter: '', marks: [], order: 'time' as const } }

let workspaceDir: string
let clock: VirtualClock
let core: Console

beforeEach(() => {
  workspaceDir = mkdtempSync(join(tmpdir(), 'two-recordings-'))
  mkdirSync(join(workspaceDir, 'recordings'))
  clock = new VirtualClock()
  core = testConsole({
    dir: workspaceDir,
    clock,
    transportFor: (address) => createSimTransport(address as SimAddress, clock),
  })
})
afterEach(async () => {
  await core.close()
  rmSync(workspaceDir, { recursive: true, force: true })
})

/** What a window that subscribes now is told first. */
function told<T>(feed: { take(): T | undefined; close(): void }): T {
  const item = feed.take()
  feed.close()
  if (item === undefined) throw new Error('nothing was told')
  return item
}

const tapeOf = (window: SourcePort): TapeState => told(window.subscribe('tape', {}))
const statusOf = (window: SourcePort): StatusSnapshot => told(window.subscribe('status', {}))
const rowsOf = async (window: SourcePort): Promise<number> =>
  (await window.call('list.rows', { ...VIEW, from: 0, count: 500, fields: [] })).rows.length

/** Opens a recording as a window does: by its name, and from then on by its number. */
async function openIn(recording: string, requests: readonly string[]): Promise<[SourcePort, number]> {
  writeFileSync(join(workspaceDir, 'recordings', recording), await simulatedRecording({ requests }))
  const { source } = await core.call('tape.open', { recording })
  const window = core.at(source)
  await expect
    .poll(async () => {
      await clock.advanceToAsync(clock.nowMs() + 1)
      return tapeOf(window).isLoaded
    })
    .toBe(true)
  return [window, source]
}

test('two windows look at two recordings at once, each at its own place, and closing one leaves the other', async () => {
  const [one, oneSource] = await openIn('one.mcap', ['{"a":1,"b":1}'])
  const [two, twoSource] = await openIn('two.mcap', ['{"a":1,"b":1}', '{"a":2,"b":2}', '{"a":3,"b":3}'])
  expect(oneSource).not.toBe(twoSource)
  expect((await core.call('tape.list', {})).tapes).toEqual([
    { source: oneSource, recording: 'one.mcap' },
    { source: twoSource, recording: 'two.mcap' },
  ])

  // each shows its own file, also when they are asked at the same moment
  const [ofOne, ofTwo] = await Promise.all([rowsOf(one), rowsOf(two)])
  expect(ofTwo).toBeGreaterThan(ofOne)
  expect([tapeOf(one).recording, tapeOf(two).recording]).toEqual(['one.mcap', 'two.mcap'])

  // one is played and moved, the other stands where it stood and shows what it showed
  const stood = tapeOf(two).positionMs
  const shown = statusOf(two)
  await one.call('tape.seek', { atMs: 500 })
  await one.call('tape.play', { isPlaying: true })
  await clock.advanceToAsync(clock.nowMs() + 1000)
  expect(tapeOf(one)).toMatchObject({ isPlaying: true, positionMs: expect.closeTo(1500, 0) as number })
  expect(tapeOf(two)).toMatchObject({ isPlaying: false, positionMs: stood })
  expect(statusOf(two)).toEqual(shown)
  // nor did anything happen in the live session, which is a third place to look at
  expect(statusOf(core).links).toEqual([])

  await one.call('tape.close', {})
  expect(() => core.at(oneSource)).toThrow(expect.objectContaining({ code: 'SOURCE_UNKNOWN' }))
  await two.call('tape.seek', { atMs: 1000 })
  expect(tapeOf(two).positionMs).toBe(1000)
  expect(await rowsOf(two)).toBe(ofTwo)
})
