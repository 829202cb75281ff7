import { describe, expect, test } from 'vitest'
import {
  fieldsOf,
  inlineRoute,
  NEW_TASK,
  placeOf,
  problemOf,
  whatOf,
  whenOf,
  withFields,
  withWhat,
  withWhen,
} from './task-text'

const TEXT = '# why\nevery: 500ms # fast\njitter: 20ms\nsend: a\n'

describe('the form over the file of a task', () => {
  test('changes one line and leaves the others with their comments', () => {
    expect(withFields(TEXT, { every: '1s', 'while down': 'drop' })).toBe(
      '# why\nevery: 1s # fast\njitter: 20ms\nsend: a\nwhile down: drop\n',
    )
    expect(withFields(TEXT, { jitter: undefined })).toBe('# why\nevery: 500ms # fast\nsend: a\n')
  })

  test('another trigger or action takes the place of the one before', () => {
    const cron = withWhen(TEXT, 'cron')
    expect(cron).toContain('cron: 0 22 * * *')
    expect(cron).not.toMatch(/every|jitter/)
    expect([whenOf(fieldsOf(cron)!), whatOf(fieldsOf(withWhat(cron, 'cache'))!)]).toEqual(['cron', 'cache'])
  })

  test('keeps what makes no sense, and names the field that is to blame', () => {
    const wrong = withFields(TEXT, { every: 'soon' })
    expect(wrong).toContain('every: soon')
    expect(problemOf(wrong)).toMatchObject({ field: 'every', problem: { line: 2 } })
    expect(problemOf(withFields(TEXT, { 'while down': 'wait' }))?.field).toBe('while down')
    expect(problemOf(TEXT)).toBeNull()
    expect(problemOf(NEW_TASK)?.field).toBe('send')
    expect(fieldsOf('every: "')).toBeNull()
  })

  test('knows a message that is written within, and the place of a problem', () => {
    expect(inlineRoute(fieldsOf('every: 1s\nsend: {route: cfg.put}\n')!)).toBe('cfg.put')
    expect(inlineRoute(fieldsOf(TEXT)!)).toBeNull()
    const { problem } = problemOf('every: 1s\nsend: a\nwhile down: wait\n')!
    expect(placeOf('every: 1s\nsend: a\nwhile down: wait\n', problem)).toEqual({ from: 30, to: 34 })
  })
})
