import { describe, expect, test } from 'vitest'
import { type FocusPlace, globalAction, type KeyPress } from './global-keys'

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  isCommand: false,
  isShift: false,
  isAlt: false,
  ...more,
})
const command = { isCommand: true }

describe('keys that work everywhere', () => {
  test.each<[KeyPress, FocusPlace, string | null]>([
    [press('o', command), 'text', 'connect'],
    [press('O', command), 'other', 'connect'],
    [press('Enter', command), 'text', 'send'],
    [press('1', command), 'text', 'first-page'],
    [press('2', command), 'text', 'second-page'],
    [press('L', { ...command, isShift: true }), 'text', 'lock'],
    [press('D', { ...command, isShift: true }), 'text', 'reset'],
    [press('F6'), 'text', 'next-pane'],
    [press('F6', { isShift: true }), 'control', 'previous-pane'],
    [press(' '), 'other', 'pause'],
    [press('?', { isShift: true }), 'control', 'help'],
    [press('/', command), 'text', 'filter'],
    [press('f', command), 'text', 'find'],
    [press('F3'), 'text', 'find-next'],
    [press('F3', { isShift: true }), 'other', 'find-previous'],
    [press('e'), 'other', 'explain'],
    [press('End'), 'other', 'newest'],
    [press('Home'), 'control', 'oldest'],
  ])('%j with the focus in %s is %s', (pressed, place, action) => {
    expect(globalAction(pressed, place)).toBe(action)
  })

  test.each([' ', '?', 'End', 'Home', 'a', 'e'])('a text field keeps "%s" for itself', (key) => {
    expect(globalAction(press(key), 'text')).toBeNull()
  })

  test('Space presses the button that has the focus instead of pausing', () => {
    expect(globalAction(press(' '), 'control')).toBeNull()
  })

  test('other combinations stay with the browser', () => {
    expect(globalAction(press('o', { isCommand: true, isShift: true }), 'other')).toBeNull()
    expect(globalAction(press('Home', { isAlt: true }), 'other')).toBeNull()
    expect(globalAction(press('w', command), 'other')).toBeNull()
  })
})
