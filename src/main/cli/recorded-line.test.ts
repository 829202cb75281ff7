import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { busyLine } from '../../testing/busy-line'
import { CliRun } from '../../testing/cli-run'
import { VirtualClock } from '../../testing/virtual-clock'
import { SessionTime } from '../recording/format/session-time'
import { Recorder } from '../recording/write/recorder'
import { systemDisk } from '../recording/write/recording-disk'
import type { TraceEvent } from '../../shared/model/trace'

let folder = ''
let trace: TraceEvent[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcore-line-'))
  trace = await busyLine({ pollPriority: 5, seconds: 2 })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function written(name: string, events: readonly TraceEvent[]): Promise<string> {
  const path = join(folder, `${name}.mcap`)
  const clock = new VirtualClock()
  const time = new SessionTime(Date.UTC(2026, 10, 22))
  const recorder = new Recorder({ disk: systemDisk, clock, time, path, library: 'test', sessionId: name })
  for (const event of events) {
    clock.advanceTo(event.atMs)
    recorder.observe(event)
  }
  await recorder.end()
  return path
}

test('what-if says what another priority would have changed, the same each time', async () => {
  const path = await written('busy', trace)
  const args = ['what-if', path, '--priority', 'status.get=0', '--jsonl', '--rows']
  const runs = [new CliRun(args), new CliRun(args)]
  for (const run of runs) expect(await run.exit).toBe(0)
  const [first, second] = runs.map((run) => run.lines.at(-1))
  expect(first).toMatchObject({ event: 'what-if', baud: 115_200, messages: 24, unfinished: 0 })
  expect(second).toEqual(first)
  expect(runs[0]!.lines.filter(({ event }) => event === 'what-if-message')).toHaveLength(24)
  const words = new CliRun(['what-if', path, '--priority', 'status.get=0'])
  expect(await words.exit).toBe(0)
  expect(String(words.stdout)).toContain('With status.get at priority 0')
})

test('what-if refuses settings that make no sense', async () => {
  for (const wrong of [
    ['--priority', 'x=9'],
    ['--policy', 'soon'],
    ['--chunk', '0'],
  ]) {
    expect(await new CliRun(['what-if', join(folder, 'busy.mcap'), ...wrong]).exit).toBe(2)
  }
})

test('verify --decode ends with 0 when the bytes say what was recorded, and with 6 and the place when they do not', async () => {
  const good = new CliRun(['verify', await written('good', trace), '--decode', '--jsonl'])
  expect(await good.exit).toBe(0)
  expect(good.lines.at(-1)).toMatchObject({ event: 'decoded', differences: 0, unchecked: [] })
  const changed = trace.map((event) =>
    event.type === 'message-closed' && event.dir === 'in'
      ? { ...event, body: event.body.map((byte) => byte ^ 1) }
      : event,
  )
  const bad = new CliRun(['verify', await written('bad', changed), '--decode', '--jsonl'])
  expect(await bad.exit).toBe(6)
  expect(bad.lines.find(({ event }) => event === 'decoded-otherwise')).toMatchObject({
    dir: 'in',
    what: 'message',
    field: 'body',
  })
  expect(bad.lines.at(-1)).toMatchObject({ code: 'RECORDING_DECODES_OTHERWISE' })
})
