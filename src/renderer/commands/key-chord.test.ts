import { describe, expect, test } from 'vitest'
import { actsInText, chordOf, chordWords, isTypedChord, keyStyleOf, parseChord, pressOf } from './key-chord'

describe('a chord', () => {
  test.each([
    ['Mod+Shift+d', 'Mod+Shift+D'],
    ['ctrl+shift+D', 'Mod+Shift+D'],
    ['Shift+Cmd+d', 'Mod+Shift+D'],
    ['e', 'E'],
    ['?', '?'],
    ['Shift+?', '?'],
    ['f6', 'F6'],
    ['Esc', 'Escape'],
    ['mod++', 'Mod++'],
    ['+', '+'],
    ['Ctrl+Plus', 'Mod++'],
    ['Alt+F1', 'Alt+F1'],
    ['ä', 'Ä'],
  ])('%s is written %s', (text, chord) => expect(parseChord(text)).toBe(chord))

  test.each(['', 'Mod+', 'Hyper+A', 'Mod+Mod+A', 'AB', 'F25', 'Ctrl+Meta+A', 'constructor', 'constructor+K'])(
    '“%s” names no key',
    (text) => expect(parseChord(text)).toBeNull(),
  )

  test('a press with Shift is said by the sign it types, a letter by its capital', () => {
    const press = { isCommand: false, isShift: true, isAlt: false }
    expect(chordOf({ ...press, key: '?' })).toBe('?')
    expect(chordOf({ ...press, key: 'M' })).toBe('Shift+M')
    expect(chordOf({ ...press, key: 'm', isShift: false })).toBe('M')
    expect(chordOf({ ...press, key: ' ', isShift: false })).toBe('Space')
  })

  test('Option on a Mac means the letter on the key', () => {
    expect(chordOf({ key: '¬', code: 'KeyL', isAlt: true, isCommand: false, isShift: false })).toBe('Alt+L')
  })

  test.each(['Shift', 'Control', 'Dead', 'Unidentified', 'AudioVolumeUp'])('%s alone is no chord', (key) => {
    expect(chordOf({ key, isAlt: false, isCommand: false, isShift: false })).toBeNull()
  })

  test.each(['Mod+Shift+D', 'E', '?', 'Space', 'Mod++', 'Alt+F1', 'Shift+M'])('%s can be pressed', (chord) =>
    expect(chordOf(pressOf(chord))).toBe(chord),
  )

  test('letters belong to text fields, with Ctrl and function keys they do not', () => {
    expect(['E', 'Shift+M', '?', 'Home', 'Enter', 'Space'].filter(actsInText)).toEqual([])
    expect(['Mod+K', 'F6', 'Shift+F6', 'Alt+L'].every(actsInText)).toBe(true)
  })

  test('what types a sign is known, so that it can be turned off', () => {
    expect(['E', 'Shift+M', '?', ','].every(isTypedChord)).toBe(true)
    expect(['Space', 'Enter', 'F6', 'Mod+K', 'Alt+,', 'Home'].filter(isTypedChord)).toEqual([])
  })

  test('is shown in the words of the system', () => {
    expect(chordWords('Mod+Shift+L', keyStyleOf('Linux x86_64'))).toBe('Ctrl Shift L')
    expect(chordWords('Mod+Shift+L', keyStyleOf('MacIntel'))).toBe('⌘⇧L')
    expect(chordWords('Mod++', 'words')).toBe('Ctrl +')
    expect(chordWords('ArrowUp', 'words')).toBe('↑')
  })
})
