import { describe, expect, test } from 'vitest'
import { TraceScript } from '../../testing/trace-script'
import { Capture } from './capture'
import { TriggerFilters } from './triggers/trigger-filters'

const run = (runId: number, atMs = runId * 10) =>
  ({
    type: 'task-run',
    linkId: 0,
    atMs,
    runId,
    task: 'poll',
    outcome: 'ok',
    detail: '',
    dueMs: atMs - 3,
    startedMs: atMs - 2,
    lateMs: 1,
  }) as const

describe('runs of tasks in the capture', () => {
  test('come to lanes once each, the newest up to the limit, and go with a clear', () => {
    const capture = new Capture({ taskRuns: 4 })
    const lanes = capture.readLanes(0)
    lanes.take(0)
    for (let runId = 1; runId <= 3; runId++) capture.observe(run(runId))
    expect(lanes.hasNews).toBe(true)
    expect(lanes.take(30)?.taskRuns).toEqual(
      [1, 2, 3].map((runId) => ({
        linkId: 0,
        atMs: runId * 10 - 2,
        untilMs: runId * 10,
        runId,
        task: 'poll',
        outcome: 'ok',
        lateMs: 1,
      })),
    )
    expect(lanes.take(31)).toBeUndefined()
    for (let runId = 4; runId <= 10; runId++) capture.observe(run(runId))
    expect(lanes.take(100)?.taskRuns.map(({ runId }) => runId)).toEqual([7, 8, 9, 10])
    capture.clear(101)
    expect(lanes.take(102)).toMatchObject({ isReset: true, taskRuns: [] })
  })

  test('a message that a task sent is found by its name, also through its answer', () => {
    const capture = new Capture()
    const script = new TraceScript(capture.observe)
    script.opened({ messageKey: 1, dir: 'out', kind: 'request', correlationId: 'a' })
    script.opened({ messageKey: 2, dir: 'out', kind: 'request', correlationId: 'b' })
    script.opened({ messageKey: 3, dir: 'in', kind: 'response', answersKey: 1 })
    capture.noteTask(capture.messageIdOf(1, 1), 'soak/poll')
    capture.noteTask(999, 'nobody')
    expect([1, 2].map((id) => capture.detail(id).task)).toEqual(['soak/poll', ''])
    const filters = new TriggerFilters(
      capture.subjectSource({ nowMs: () => 0, dayStartMs: 0, linkOf: () => undefined }),
    )
    const matching = (filter: string): number[] => {
      const holds = filters.compile(filter)
      return [1, 2, 3].filter((id) => filters.moveTo(id) && holds())
    }
    expect(matching('task.name == "soak/poll"')).toEqual([1])
    expect(matching('task.name')).toEqual([1])
    expect(matching('req.task.name contains "poll"')).toEqual([3])
  })
})
