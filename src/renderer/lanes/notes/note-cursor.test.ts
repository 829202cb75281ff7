import { describe, expect, test } from 'vitest'
import type { Note } from '../../../shared/model/notes'
import { NoteCursor } from './note-cursor'

const note = (noteId: number, atMs: number): Note => ({
  noteId,
  kind: 'marker',
  atMs,
  messageId: null,
  text: '',
})

describe('NoteCursor', () => {
  test('goes from note to note in the order of time, and no further than the last', () => {
    const cursor = new NoteCursor()
    cursor.set([note(1, 30), note(2, 10), note(3, 20)])
    expect(cursor.step(1, 15)?.noteId).toBe(3)
    expect(cursor.step(1, 0)?.noteId).toBe(1)
    expect(cursor.step(1, 0)).toBeNull()
    expect(cursor.chosen?.noteId).toBe(1)
    expect(cursor.step(-1, 0)?.noteId).toBe(3)
    expect(cursor.describe()).toEqual({ noteId: 3, place: 2, total: 3, distanceMs: -10 })
  })

  test('measures from the note chosen before, and forgets one that was removed', () => {
    const cursor = new NoteCursor()
    cursor.set([note(1, 30), note(2, 10)])
    cursor.choose(2)
    expect(cursor.describe()?.distanceMs).toBeNull()
    cursor.choose(1)
    expect(cursor.describe()?.distanceMs).toBe(20)
    cursor.set([note(1, 30)])
    expect(cursor.describe()?.distanceMs).toBeNull()
    cursor.set([])
    expect(cursor.describe()).toBeNull()
  })

  test('finds what is near an instant and nothing else', () => {
    const cursor = new NoteCursor()
    cursor.set([note(1, 10), note(2, 20)])
    expect(cursor.nearest(13, 3)?.noteId).toBe(1)
    expect(cursor.nearest(15, 4)).toBeNull()
    expect(cursor.nearest(15, 5)?.noteId).toBe(2)
  })
})
