import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hasCode } from '../../../shared/errors'
import { MAX_KEPT_RUNS, MAX_TASKS_AT_WORK } from '../../../shared/model/tasks'
import { TasksBench } from '../../../testing/tasks-bench'
import { settlePromises } from '../../../testing/virtual-clock'
import { TriggerFilters } from '../../capture/triggers/trigger-filters'

let bench: TasksBench
beforeEach(() => {
  bench = new TasksBench()
})
afterEach(() => bench.close())

const POLL = 'every: 100ms\nsend: status.get\n'
const run = (untilMs: number): Promise<void> => bench.clock.advanceToAsync(untilMs)
const timesOf = (route: string): number[] =>
  bench.sent.filter((each) => each.route === route).map(({ atMs }) => atMs)

describe('what a task does', () => {
  test('sends on its grid, records each answer with its messages, and tells the trace', async () => {
    await bench.write('poll', POLL)
    await run(350)
    expect(timesOf('status.get')).toEqual([100, 200, 300])
    expect(bench.tasks.runsAfter('poll', 0)).toMatchObject(
      [1, 2, 3].map((runId) => ({
        runId,
        outcome: 'ok',
        detail: 'answered in 3.0 ms',
        dueMs: runId * 100,
        startedMs: runId * 100,
        endedMs: runId * 100 + 3,
        lateMs: 0,
        roundTripMs: 3,
        messageIds: [runId * 2 - 1, runId * 2],
      })),
    )
    expect(bench.told.map(({ task, outcome, linkId }) => [task, outcome, linkId])).toEqual(
      Array.from({ length: 3 }, () => ['poll', 'ok', 1]),
    )
    expect(bench.tasks.status('poll')).toMatchObject({ state: 'waiting', nextMs: 400, everyMs: 100, ok: 3 })
  })

  test('its messages can be filtered by its name', async () => {
    await bench.write('soak/poll', POLL)
    await run(100)
    bench.receive('other')
    const filters = new TriggerFilters(
      bench.capture.subjectSource({ nowMs: () => 0, dayStartMs: 0, linkOf: () => undefined }),
    )
    const holds = filters.compile('task.name == "soak/poll"')
    expect([1, 2].map((id) => filters.moveTo(id) && holds())).toEqual([true, false])
  })

  test('runs snippets and changes the cache, which needs no link; a failed snippet is a failed run', async () => {
    bench.connect('link down')
    await bench.write('keep', 'after: 50ms\ncache: {set: a, value: 1}\n')
    bench.connect('')
    await bench.write('good', 'after: 50ms\nsnippet: fine\n')
    await bench.write('bad', 'after: 50ms\nsnippet: broken\n')
    bench.connect('link down')
    bench.connect('')
    await run(60)
    expect(bench.cached).toEqual(['task keep: set'])
    expect([bench.outcomes('keep'), bench.outcomes('good'), bench.outcomes('bad')]).toEqual([
      ['ok'],
      ['ok'],
      ['failed'],
    ])
    expect(bench.tasks.status('bad')).toMatchObject({ state: 'done', failed: 1, nextMs: null })
  })

  test('jitter moves the sending, not the grid, and is no lateness', async () => {
    await bench.write('poll', 'every: 100ms\njitter: 20ms\nsend: status.get\n')
    await run(250)
    expect(timesOf('status.get')).toEqual([110, 210])
    expect(bench.tasks.status('poll').punctuality).toMatchObject({ runs: 2, maxMs: 0, lateRuns: 0 })
  })

  test('starts on a filter, at most once in its cooldown, and never by its own message', async () => {
    await bench.write('echo', 'on: msg.route in {"alarm", "status.get"}\ncooldown: 50ms\nsend: status.get\n')
    for (const atMs of [10, 20, 70]) {
      await run(atMs)
      bench.receive('alarm')
    }
    bench.receive('other')
    await run(500)
    expect(timesOf('status.get')).toEqual([10, 70])
    expect(bench.tasks.status('echo')).toMatchObject({ ok: 2, state: 'waiting', nextMs: null })
  })

  test('stops when the answer is what it says, and goes on when it is switched on again', async () => {
    await bench.write('poll', `${POLL}stop when: body.err != 0\n`)
    await run(250)
    bench.answer = '{"err":7}'
    await run(1000)
    expect(bench.tasks.status('poll')).toMatchObject({
      state: 'stopped',
      reason: 'body.err != 0',
      ok: 3,
      nextMs: null,
    })
    expect(bench.tasks.status('poll').last?.detail).toBe('answered in 3.0 ms; stops: body.err != 0')
    bench.answer = '{"err":0}'
    await bench.tasks.enable('poll', true)
    await run(1250)
    expect(bench.tasks.status('poll')).toMatchObject({ state: 'waiting', ok: 5 })
  })
})

describe('while its link is down', () => {
  test.each([
    ['hold', ['ok', 'held', 'held', 'ok', 'ok'], [100, 420, 500]],
    ['drop', ['ok', 'dropped', 'dropped', 'dropped', 'ok'], [100, 500]],
    ['fail', ['ok', 'failed', 'failed', 'failed', 'ok'], [100, 500]],
  ])('%s does what it says, and says so', async (policy, outcomes, times) => {
    await bench.write('poll', `${POLL}while down: ${policy}\n`)
    await run(150)
    bench.connect('link down')
    await run(410)
    const isHeld = policy === 'hold'
    expect(bench.tasks.status('poll')).toMatchObject({
      state: isHeld ? 'held' : 'waiting',
      reason: 'link down',
      downSinceMs: 150,
    })
    await run(420)
    bench.connect('')
    await run(510)
    expect([bench.outcomes('poll'), timesOf('status.get')]).toEqual([outcomes, times])
    expect(new Set(bench.tasks.runsAfter('poll', 0).map(({ detail }) => detail))).toEqual(
      new Set(['answered in 3.0 ms', 'link down']),
    )
    // What waited for its link says nothing of how punctual the task is.
    expect(bench.tasks.status('poll').punctuality).toMatchObject({ lateRuns: 0 })
  })
})

describe('overrun: due while it still runs', () => {
  test.each([
    ['skip', [100, 400], ['skipped', 'skipped', 'ok']],
    ['queue', [100, 350], ['ok']],
    ['parallel', [100, 200, 300, 400], ['ok']],
  ])('%s does what it says', async (policy, times, outcomes) => {
    bench.answerMs = 250
    await bench.write('poll', `${POLL}overrun: ${policy}\n`)
    await run(440)
    expect(timesOf('status.get')).toEqual(times)
    expect(bench.outcomes('poll')).toEqual(outcomes)
  })
})

describe('late runs', () => {
  test('a run that waited for the line is late by that, and names what was on it', async () => {
    await bench.write('poll', POLL)
    await run(150)
    bench.queueMs = 36
    await run(250)
    bench.queueMs = 0
    await run(550)
    const runs = bench.tasks.runsAfter('poll', 0)
    expect(runs.map(({ lateMs, behind }) => [lateMs, behind])).toEqual([
      [0, ''],
      [36, 'fw.write'],
      [0, ''],
      [0, ''],
      [0, ''],
    ])
    expect(bench.tasks.status('poll').punctuality).toMatchObject({
      runs: 5,
      p50Ms: 0,
      p99Ms: 36,
      lateRuns: 1,
      behind: 'fw.write',
      behindRuns: 1,
      driftMs: 0,
    })
  })

  test('ten hours of runs are counted, and only the newest are kept', async () => {
    await bench.write('poll', 'every: 30s\nsend: status.get\n')
    await run(36_000_000)
    expect(bench.tasks.status('poll')).toMatchObject({ ok: 1199 })
    await run(36_000_100)
    expect(bench.tasks.status('poll')).toMatchObject({ ok: 1200, punctuality: { runs: MAX_KEPT_RUNS } })
    expect(bench.tasks.runsAfter('poll', 0).length).toBeLessThan(2 * MAX_KEPT_RUNS)
  })
})

describe('clocks (catalogue T1)', () => {
  test.each([
    ['an hour back', -3_600_000],
    ['a day back', -86_400_000],
    ['an hour on', 3_600_000],
  ])('%s: no storm, the interval keeps its beat, the rule runs at most once more', async (_, jumpMs) => {
    bench.wallOffsetMs = Date.UTC(2026, 10, 21, 12)
    await bench.write('poll', 'every: 1s\nsend: status.get\n')
    await bench.write('hourly', 'cron: 0 * * * *\nsend: hourly\n')
    await run(5500)
    bench.wallOffsetMs += jumpMs
    await run(30_500)
    expect(timesOf('status.get')).toEqual(Array.from({ length: 30 }, (_, at) => (at + 1) * 1000))
    expect(timesOf('hourly').length).toBeLessThanOrEqual(1)
  })

  test('two hours of sleep give one run, and one line in the log for all the others', async () => {
    await bench.write('poll', 'every: 1s\nsend: status.get\n')
    await run(2500)
    bench.tasks.pauseAll(false)
    bench.clock.sleepTo(7_202_500)
    await run(7_203_100)
    expect(bench.outcomes('poll')).toEqual(['ok', 'ok', 'skipped', 'ok', 'ok'])
    const [, , slept] = bench.tasks.runsAfter('poll', 0)
    expect(slept).toMatchObject({
      dueCount: 7199,
      detail: '7199 due times passed at once: one run catches up',
    })
  })
})

describe('a handler that fails (catalogue T2)', () => {
  test('one that never settles and one that fails each time do not touch the others', async () => {
    bench.answer = null
    await bench.write('stuck', 'every: 100ms\nsend: nobody\n')
    await bench.write('bad', 'every: 100ms\nsnippet: broken\n')
    await bench.write('good', 'every: 100ms\nsnippet: fine\n')
    await run(10_050)
    expect([bench.tasks.status('stuck').skipped, bench.tasks.status('stuck').state]).toEqual([99, 'running'])
    expect([bench.tasks.status('bad').failed, bench.tasks.status('good').ok]).toEqual([100, 100])
    expect(bench.tasks.status('good').punctuality?.maxMs).toBe(0)
  })
})

describe('many tasks (catalogue T3)', () => {
  test('100 tasks at 100 ms for a minute: none lost, none drifts', async () => {
    for (let at = 0; at < 100; at++) await bench.write(`t${at}`, 'every: 100ms\ncache: {touch: a}\n')
    const beginMs = bench.clock.nowMs()
    await run(beginMs + 60_050)
    for (const name of bench.tasks.names) {
      expect(bench.tasks.status(name)).toMatchObject({
        ok: 600,
        failed: 0,
        skipped: 0,
        punctuality: { driftMs: 0 },
      })
    }
  })
})

describe('by hand', () => {
  test('runs now, leaves out the next, and switches off in the file, where comments stay', async () => {
    await bench.write('poll', `# twice a second\n${POLL}`)
    await run(50)
    bench.tasks.runNow('poll')
    await run(60)
    expect(bench.tasks.skipNext('poll')).toBe(true)
    await run(250)
    expect(bench.tasks.runsAfter('poll', 0)).toMatchObject([
      { outcome: 'ok', isManual: true, dueMs: 50 },
      { outcome: 'skipped', detail: 'skipped by hand', dueMs: 100 },
      { outcome: 'ok', isManual: false, dueMs: 200 },
    ])
    expect(bench.tasks.status('poll').punctuality).toMatchObject({ runs: 1 })
    await bench.tasks.enable('poll', false)
    expect(bench.workspace.read('tasks', 'poll').text).toBe(`# twice a second\n${POLL}enabled: false\n`)
    await run(1000)
    expect(bench.tasks.status('poll')).toMatchObject({ state: 'off', nextMs: null, ok: 2 })
    bench.tasks.runNow('poll')
    await run(1010)
    expect(bench.tasks.status('poll')).toMatchObject({ state: 'off', ok: 3 })
  })

  test('a task that runs once is done, runs again when asked, and begins anew when switched off and on', async () => {
    await bench.write('once', 'after: 100ms\nsnippet: fine\n')
    await run(150)
    expect(bench.tasks.status('once')).toMatchObject({ state: 'done', ok: 1 })
    bench.tasks.runNow('once')
    await run(160)
    expect(bench.tasks.status('once')).toMatchObject({ state: 'done', ok: 2 })
    await bench.tasks.enable('once', false)
    await bench.tasks.enable('once', true)
    expect(bench.tasks.status('once')).toMatchObject({ state: 'waiting', nextMs: 260 })
    await run(300)
    expect(bench.tasks.status('once')).toMatchObject({ state: 'done', ok: 3 })
  })

  test('all pause together and go on without making up for it', async () => {
    await bench.write('poll', POLL)
    await bench.write('other', POLL)
    bench.tasks.pauseAll(true)
    await run(1000)
    expect([bench.sent, bench.tasks.status('poll').state, bench.tasks.isPaused]).toEqual([[], 'paused', true])
    bench.tasks.pauseAll(false)
    await run(1150)
    expect(timesOf('status.get')).toEqual([1100, 1100])
  })

  test('a copy has a free name and is off', async () => {
    await bench.write('poll', POLL)
    expect([await bench.tasks.clone('poll'), await bench.tasks.clone('poll')]).toEqual([
      'poll copy',
      'poll copy 2',
    ])
    expect(bench.tasks.status('poll copy')).toMatchObject({ state: 'off' })
    expect(bench.workspace.read('tasks', 'poll copy').text).toBe(`${POLL}enabled: false\n`)
  })

  test('what is not there, or makes no sense, is refused with its code', async () => {
    const codeOf = (work: () => unknown): unknown => {
      try {
        return work()
      } catch (error) {
        return ['TASK_UNKNOWN', 'TASK_INVALID', 'TASK_BUSY'].find((code) =>
          hasCode(error, code as 'TASK_BUSY'),
        )
      }
    }
    await bench.write('broken', 'every: soon\nsend: a\n')
    await bench.write('poll', POLL)
    bench.tasks.runNow('poll')
    expect([
      codeOf(() => bench.tasks.runNow('nobody')),
      codeOf(() => bench.tasks.skipNext('broken')),
      codeOf(() => bench.tasks.runNow('poll')),
    ]).toEqual(['TASK_UNKNOWN', 'TASK_INVALID', 'TASK_BUSY'])
  })
})

describe('the files', () => {
  test('a change from outside is followed, counts stay; what is removed ends', async () => {
    await bench.write('poll', POLL)
    await run(150)
    await bench.write('poll', 'every: 50ms\nsend: faster\n')
    await run(260)
    expect(timesOf('faster')).toEqual([200, 250])
    expect(bench.tasks.status('poll')).toMatchObject({ ok: 3, punctuality: { runs: 2 } })
    await bench.workspace.remove('tasks', 'poll', bench.workspace.read('tasks', 'poll').revision)
    await run(1000)
    expect([bench.tasks.names, timesOf('faster').length]).toEqual([[], 2])
  })

  test('a broken file is a task with its problem, and the others work on', async () => {
    await bench.write('poll', POLL)
    await bench.write('wrong', 'every: 100ms\nsend: a\nwhile down: wait\n')
    await bench.write('never', 'send: a\ncron: 0 0 30 2 *\n')
    await run(150)
    expect(bench.tasks.status('wrong')).toMatchObject({
      state: 'broken',
      problem: { file: 'tasks/wrong.yaml', line: 3, message: 'while down must be one of hold, drop, fail' },
    })
    expect(bench.tasks.status('never')).toMatchObject({ state: 'broken', problem: { line: 2 } })
    expect(bench.tasks.status('poll')).toMatchObject({ ok: 1 })
    await bench.write('wrong', POLL)
    await run(260)
    expect(bench.tasks.status('wrong')).toMatchObject({ problem: null, ok: 1 })
  })

  test('a file that becomes broken stops its task', async () => {
    await bench.write('poll', POLL)
    await run(150)
    await bench.write('poll', 'every: 100ms\n')
    await run(1000)
    expect(bench.sent).toHaveLength(1)
  })

  test(`at most ${MAX_TASKS_AT_WORK} are at work`, async () => {
    const names = Array.from({ length: MAX_TASKS_AT_WORK + 1 }, (_, at) => `t${String(at).padStart(3, '0')}`)
    for (const name of names) await bench.write(name, 'enabled: false\nafter: 1s\nsnippet: a\n')
    const broken = bench.tasks.names.filter((name) => bench.tasks.status(name).state === 'broken')
    expect(broken).toEqual([names.at(-1)])
  })
})

test('runs forget their messages when the capture is cleared', async () => {
  await bench.write('poll', POLL)
  await run(150)
  bench.capture.clear(150)
  await settlePromises()
  expect(bench.tasks.runsAfter('poll', 0).map(({ messageIds }) => messageIds)).toEqual([[]])
})
