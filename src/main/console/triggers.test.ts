import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConsoleError } from '../../shared/errors'
import { requestChecks } from '../../shared/contract/contract'
import { MAX_TRIGGERS, NO_TRIGGER_ACTIONS, type TriggerContent } from '../../shared/model/triggers'
import { TraceScript } from '../../testing/trace-script'
import { VirtualClock } from '../../testing/virtual-clock'
import { Capture } from '../capture/capture'
import { ListViews } from '../capture/views/list-views'
import { viewLanguage } from '../capture/views/view-language'
import { TriggerFile, triggersPath } from '../workspace/trigger-file'
import { firingsFeed, triggersFeed } from './feeds/trigger-feeds'
import { RecordingFolder } from '../recording/library/recording-folder'
import { recordingDeeds } from './recordings/recording-deeds'
import { RecorderDesk } from './recordings/recorder-desk'
import { MAX_KEPT_FIRINGS, Triggers } from './triggers'

let workspace: string
let clock: VirtualClock
let capture: Capture
let script: TraceScript
let triggers: Triggers
let views: ListViews
let recorder: RecorderDesk
let begun: [snippet: string, linkId: number, name: string][]

const triggersOf = (on: Capture): Triggers => {
  const subjects = on.subjectSource({ nowMs: () => clock.nowMs(), dayStartMs: 0, linkOf: () => undefined })
  views = new ListViews(on.viewSource, clock, viewLanguage(subjects))
  return new Triggers(on, clock, subjects, new TriggerFile(triggersPath(workspace)), {
    startSnippet: (snippet, linkId, name) => {
      if (snippet === 'missing') throw new ConsoleError('SNIPPET_UNKNOWN', 'there is no snippet "missing"')
      begun.push([snippet, linkId, name])
    },
    ...recordingDeeds(() => recorder),
  })
}

beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'netcore-workspace-'))
  clock = new VirtualClock()
  capture = new Capture()
  begun = []
  recorder = new RecorderDesk({
    clock,
    startedAtMs: Date.UTC(2026, 10, 21),
    wallMs: () => Date.UTC(2026, 10, 21) + clock.nowMs(),
    folder: new RecordingFolder(workspace),
    capture,
    settings: { read: () => ({ values: {}, problem: null }), watch: () => () => undefined },
    library: 'test',
    linkFacts: () => ({ device: '', profile: '', protocol: '', url: '' }),
  })
  script = new TraceScript((event) => {
    recorder.observe(event)
    capture.observe(event)
  })
  triggers = triggersOf(capture)
})
afterEach(async () => {
  triggers.close()
  await recorder.close()
  views.close()
  await rm(workspace, { recursive: true })
})

const hot: TriggerContent = {
  name: 'Too hot',
  filter: 'body.temp >= 80',
  moment: 'settled',
  actions: {
    marker: true,
    note: 'look',
    notify: true,
    pauseView: false,
    sound: true,
    snippet: '',
    recording: 'none',
    saveMinutes: 0,
  },
  fires: 'always',
  cooldownMs: 50,
  isEnabled: true,
}

let key = 0
function message(temp: number, gapMs = 100): void {
  key += 1
  script.nowMs += gapMs
  script.opened({ messageKey: key, dir: 'in', route: 'sensor' })
  script.closed({ messageKey: key, dir: 'in' }, JSON.stringify({ temp }))
}

const shown = (): string[] =>
  views.rows({ filter: '', marks: [], order: 'time' }, 0, 100, []).rows.map((row) => {
    if (row.row === 'chunk') return `chunk of #${row.messageId}`
    return row.row === 'message' ? `#${row.id} ${row.note}` : `${row.kind} ${row.text}`
  })

describe('a message that matches', () => {
  test('begins a snippet on its link, or says at the trigger why not', async () => {
    const triggerId = await triggers.save({ ...hot, actions: { ...hot.actions, snippet: 'cool/down' } })
    message(90)
    clock.advanceBy(250)
    expect(begun).toEqual([['cool/down', 1, 'Too hot']])
    await triggers.save({ ...hot, actions: { ...hot.actions, snippet: 'missing' } }, triggerId)
    message(90)
    clock.advanceBy(250)
    expect(triggers.state().triggers[0]).toMatchObject({ fired: 1, problem: { code: 'SNIPPET_UNKNOWN' } })
    expect(capture.notesOf(2)).toMatchObject([{ kind: 'marker' }])
  })

  test('begins a recording, saves what came before, and ends the recording', async () => {
    await triggers.save({ ...hot, actions: { ...NO_TRIGGER_ACTIONS, recording: 'start', saveMinutes: 5 } })
    const cold = { ...hot, name: 'Cold again', filter: 'body.temp < 10' }
    await triggers.save({ ...cold, actions: { ...NO_TRIGGER_ACTIONS, recording: 'stop' } })
    message(20)
    clock.advanceBy(1)
    expect(recorder.isRecording).toBe(false)
    message(90)
    message(91)
    clock.advanceBy(1)
    expect(recorder.state().now).toMatchObject({ by: 'trigger' })
    await expect.poll(() => recorder.state().outcomes).toMatchObject([{ became: 'saved' }]) // once, not twice
    message(5)
    clock.advanceBy(1)
    await expect.poll(() => recorder.state().outcomes).toMatchObject([{}, { became: 'recorded' }])
    const entries = recorder.state().outcomes.map(({ entries }) => entries)
    expect(entries.every((count) => count > 0)).toBe(true)
    expect(await readdir(join(workspace, 'recordings'))).toHaveLength(2)
    expect(triggers.state().triggers).toMatchObject([{ problem: null }, { problem: null }])
  })

  test('says at the trigger why the memory cannot be saved', async () => {
    const deeds = new Error('no room')
    recorder.saveMemory = () => Promise.reject(deeds)
    await triggers.save({ ...hot, actions: { ...NO_TRIGGER_ACTIONS, saveMinutes: 5 } })
    message(90)
    clock.advanceBy(1)
    await expect.poll(() => triggers.state().triggers[0]?.problem?.message).toContain('no room')
  })

  test('gets a row below it, what was asked for, and is told to every screen', async () => {
    const triggerId = await triggers.save(hot)
    const screen = firingsFeed(triggers, clock)
    const list = triggersFeed(triggers, clock)
    expect(list.take()).toMatchObject({ triggers: [{ triggerId, matched: 0, problem: null }], skipped: 0 })
    for (const temp of [20, 81, 30]) message(temp)
    clock.advanceBy(250)
    expect(shown()).toEqual(['#1 ', '#2 look', 'trigger Too hot', '#3 '])
    expect(capture.notesOf(2)).toMatchObject([{ kind: 'marker', atMs: 200 }])
    const firing = {
      firingId: 1,
      triggerId,
      name: 'Too hot',
      messageId: 2,
      linkId: 1,
      atMs: 200,
      route: 'sensor',
    }
    expect(screen.take()).toEqual({
      firings: [{ ...firing, notify: true, pauseView: false, sound: true }],
      missed: 0,
    })
    expect(list.take()?.triggers).toMatchObject([{ matched: 1, fired: 1, lastAtMs: 200, lastMessageId: 2 }])
    expect(firingsFeed(triggers, clock).take()).toBeUndefined() // another screen: nothing happened since
  })

  test('in a storm is counted, told as missed to a slow screen, and never pushes out what happened to links', async () => {
    await triggers.save({ ...hot, actions: { ...hot.actions, marker: false, note: '' } })
    const screen = firingsFeed(triggers, clock)
    script.state('connected')
    script.state('interrupted')
    for (let count = 0; count < 3000; count++) message(90)
    message(90, 1)
    clock.advanceBy(1000)
    const told = screen.take()
    expect([told?.firings.length, told?.missed]).toEqual([MAX_KEPT_FIRINGS, 3000 - MAX_KEPT_FIRINGS])
    expect(triggers.state()).toMatchObject({ skipped: 0, triggers: [{ matched: 3001, fired: 3000 }] })
    const rows = views.rows({ filter: 'msg.id < 0', marks: [], order: 'time' }, 0, 500, []).rows
    expect(rows[0]).toMatchObject({ kind: 'link-down' })
  })
})

describe('triggers', () => {
  test('are at work again when the program starts anew, changed by hand while it runs, and begin anew when saved', async () => {
    const triggerId = await triggers.save({ ...hot, fires: 'once' })
    message(90)
    message(90)
    clock.advanceBy(1)
    expect(triggers.state().triggers).toMatchObject([{ matched: 2, fired: 1, isSpent: true }])
    await triggers.save({ ...hot, fires: 'once' }, triggerId)
    expect(triggers.state().triggers).toMatchObject([{ matched: 0, fired: 0, isSpent: false }])
    triggers.close()

    capture = new Capture()
    begun = []
    script = new TraceScript(capture.observe)
    triggers = triggersOf(capture)
    message(90)
    clock.advanceBy(1)
    expect(triggers.state().triggers).toMatchObject([{ name: 'Too hot', fired: 1 }])
    const changed = new Promise<void>((resolve) => triggers.onChange(resolve))
    const path = triggersPath(workspace)
    await writeFile(path, (await readFile(path, 'utf8')).replace('80', 'eighty ('))
    await changed
    expect(triggers.state().triggers).toMatchObject([{ problem: { code: 'FILTER_INVALID' } }])
    message(90)
    clock.advanceBy(1)
    expect(shown().filter((row) => row.startsWith('trigger'))).toHaveLength(1)
  })

  test('with a filter that is not understood are refused with its place, and nothing is written', async () => {
    await expect(triggers.save({ ...hot, filter: 'msg.rout == "a"' })).rejects.toMatchObject({
      code: 'FILTER_INVALID',
      message: expect.stringContaining('character 1:') as string,
    })
    expect(() => triggers.test('and', 'closed')).toThrow(expect.objectContaining({ code: 'FILTER_INVALID' }))
    await expect(readFile(triggersPath(workspace))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('beyond 64 in a file written by hand are listed, and not at work', async () => {
    const blocks = Array.from({ length: MAX_TRIGGERS + 1 }, (_, at) => `[t${at}]\nfilter = msg.id > 0\n`)
    await writeFile(triggersPath(workspace), blocks.join('\n'))
    triggers.close()
    triggers = triggersOf(capture)
    message(1)
    clock.advanceBy(1)
    const state = triggers.state().triggers
    expect(state.filter(({ fired }) => fired === 1)).toHaveLength(MAX_TRIGGERS)
    expect(state.at(-1)).toMatchObject({ fired: 0, problem: { code: 'TRIGGERS_TOO_MANY' } })
    await expect(triggers.save(hot)).rejects.toMatchObject({ code: 'TRIGGERS_TOO_MANY' })
    await triggers.remove('t5')
    expect(triggers.state().triggers.at(-1)).toMatchObject({ triggerId: 't64', problem: null })
  })

  test.each([
    ['a name that is too long', { name: 'n'.repeat(65) }],
    ['no filter', { filter: '' }],
    ['a note that is too long', { actions: { ...hot.actions, note: 'n'.repeat(501) } }],
    ['a cooldown that is too short', { cooldownMs: 49 }],
    ['a cooldown of over a day', { cooldownMs: 86_400_001 }],
    ['more minutes than a day has', { actions: { ...hot.actions, saveMinutes: 1441 } }],
    ['an unknown action', { actions: { ...hot.actions, explode: true } }],
  ])('with %s are refused at the door', (_, change) => {
    const check = requestChecks['trigger.save']
    expect(check.safeParse({ ...hot, name: 'n'.repeat(64), cooldownMs: 86_400_000 }).success).toBe(true)
    expect(check.safeParse({ ...hot, ...change }).success).toBe(false)
  })

  test('tell which of the messages kept they would have fired on', async () => {
    for (let count = 0; count < 50; count++) message(count * 2)
    script.opened({ messageKey: ++key, dir: 'in', route: 'sensor' })
    expect(await triggers.test('body.temp >= 80', 'settled')).toEqual({
      matched: 10,
      tested: 50,
      messageIds: [41, 42, 43, 44, 45, 46, 47, 48, 49, 50],
    })
    expect(await triggers.test('msg.route == "sensor"', 'opened')).toMatchObject({ matched: 51, tested: 51 })
    expect((await triggers.test('msg.id > 0', 'closed')).messageIds).toHaveLength(20)
  })

  test('say when their notes cannot be made, and go on firing', async () => {
    await triggers.save(hot)
    for (let count = 0; count < 10_000; count++) {
      capture.setNote({ kind: 'marker', atMs: 0, messageId: null, text: '' })
    }
    message(90)
    clock.advanceBy(1)
    expect(triggers.state().triggers).toMatchObject([{ fired: 1, problem: { code: 'NOTES_TOO_MANY' } }])
  })
})
