import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type CompareState, MAX_COMPARISONS } from '../../../shared/model/compare'
import { simulatedRecording } from '../../../testing/simulated-recording'
import { VirtualClock } from '../../../testing/virtual-clock'
import { RecordingFolder } from '../../recording/library/recording-folder'
import { COMPARE_INTERVAL_MS, CompareDesk } from './compare-desk'

const PATIENTLY = { timeout: 15_000, interval: 5 }
/** Requests that differ from each other, so that there is one way to align them. */
const body = (n: number, a: number): string => JSON.stringify({ n, a, words: 'the same in both' })

let workspaceDir: string
let folder: RecordingFolder
const clock = new VirtualClock()
const desks: CompareDesk[] = []

beforeAll(async () => {
  workspaceDir = mkdtempSync(join(tmpdir(), 'netcore-compare-'))
  folder = new RecordingFolder(workspaceDir)
  folder.make()
  const put = (name: string, bytes: Uint8Array): void => writeFileSync(join(folder.dir, name), bytes)
  put('a.mcap', await simulatedRecording({ route: 'echo', requests: [body(1, 1), body(2, 1), body(3, 1)] }))
  put('b.mcap', await simulatedRecording({ route: 'echo', requests: [body(1, 1), body(2, 7), body(3, 1)] }))
  put('broken.mcap', new Uint8Array(100))
  symlinkSync(join(folder.dir, 'a.mcap'), join(folder.dir, 'link.mcap'))
})
afterAll(() => rmSync(workspaceDir, { recursive: true, force: true }))
afterEach(() => {
  for (const desk of desks.splice(0)) desk.close()
})

function newDesk(): CompareDesk {
  const desk = new CompareDesk({ clock, folder })
  desks.push(desk)
  return desk
}

async function open(
  desk: CompareDesk,
  a: string,
  b: string,
  ignore: readonly string[] = [],
): Promise<number> {
  const { comparison } = await desk.handlers['compare.open']({ a, b, ignore: [...ignore], shiftMs: 20 })
  return comparison
}

/** What its feed tells last, when that is the end. */
async function settled(desk: CompareDesk, comparison: number): Promise<CompareState> {
  const feed = desk.feed(comparison)
  let last: CompareState | undefined
  await expect
    .poll(() => {
      clock.advanceBy(COMPARE_INTERVAL_MS)
      last = feed.take() ?? last
      return last?.phase
    }, PATIENTLY)
    .toMatch(/ready|failed/)
  feed.close()
  return last!
}

test('two recordings that differ in one request have one changed row, found by filter, place, field and report', async () => {
  const desk = newDesk()
  const comparison = await open(desk, 'a.mcap', 'b.mcap')
  const { summary, phase } = await settled(desk, comparison)
  expect(phase).toBe('ready')
  expect(summary).toMatchObject({ isEqual: false, counts: { changed: 1, missing: 0, added: 0 } })
  const filter = 'diff.kind == changed'
  const { window } = await desk.handlers['compare.rows']({ comparison, filter, from: 0, count: 10 })
  expect(window).toMatchObject({
    total: 1,
    rows: [{ route: 'echo', kind: 'changed', field: { path: 'body.a' } }],
  })
  const { row } = window.rows[0]!
  expect(await desk.handlers['compare.position']({ comparison, filter, row })).toEqual({ position: 0 })
  const other = await desk.handlers['compare.position']({ comparison, filter, row: row === 0 ? 1 : 0 })
  expect(other).toEqual({ position: null })
  const { detail } = await desk.handlers['compare.detail']({ comparison, row })
  expect(JSON.stringify(detail)).toContain('body.a')
  const { text } = await desk.handlers['compare.markdown']({ comparison, filter: '' })
  expect(text).toContain('body.a')
})

test('what is ignored is no difference', async () => {
  const desk = newDesk()
  const comparison = await open(desk, 'a.mcap', 'b.mcap', ['body.a', 'reply.*'])
  expect((await settled(desk, comparison)).summary).toMatchObject({ isEqual: true, counts: { changed: 0 } })
})

test('two comparisons are open at once, each with its own; the oldest goes when there is one more', async () => {
  const desk = newDesk()
  const first = await open(desk, 'a.mcap', 'b.mcap')
  await settled(desk, first)
  const others: number[] = []
  for (let at = 0; at < MAX_COMPARISONS; at++) others.push(await open(desk, 'a.mcap', 'a.mcap'))
  for (const comparison of others) {
    expect((await settled(desk, comparison)).summary).toMatchObject({ isEqual: true })
  }
  expect(() => desk.handlers['compare.summary']({ comparison: first })).toThrow(
    `there is no comparison ${first}`,
  )
})

test('one that is closed while it reads is gone, and nothing of it is told any more', async () => {
  const desk = newDesk()
  const comparison = await open(desk, 'a.mcap', 'b.mcap')
  expect(() => desk.handlers['compare.summary']({ comparison })).toThrow('still being read')
  const feed = desk.feed(comparison)
  await desk.handlers['compare.close']({ comparison })
  clock.advanceBy(COMPARE_INTERVAL_MS)
  expect(feed.take()).toMatchObject({ phase: 'cancelled', summary: null })
  expect(() => desk.feed(comparison)).toThrow(`there is no comparison ${comparison}`)
})

test('a name that is none, a link, a file that is no recording and a filter that is not understood have their codes', async () => {
  const desk = newDesk()
  await expect(open(desk, '../a.mcap', 'b.mcap')).rejects.toMatchObject({ code: 'RECORDING_NAME_INVALID' })
  await expect(open(desk, 'link.mcap', 'b.mcap')).rejects.toMatchObject({ code: 'RECORDING_UNKNOWN' })
  const broken = await settled(desk, await open(desk, 'a.mcap', 'broken.mcap'))
  expect(broken).toMatchObject({ phase: 'failed', error: { code: 'RECORDING_INVALID' } })
  const comparison = await open(desk, 'a.mcap', 'b.mcap')
  await settled(desk, comparison)
  const rows = desk.handlers['compare.rows']({ comparison, filter: 'diff.kind ==', from: 0, count: 1 })
  await expect(rows).rejects.toMatchObject({ code: 'FILTER_INVALID' })
})
