import { describe, expect, test } from 'vitest'
import type { Command } from './command'
import { KeyMap } from './key-map'

const command = (id: string, keys: readonly string[], more: Partial<Command> = {}): Command => ({
  id,
  title: id,
  group: 'Test',
  keys,
  run: () => undefined,
  ...more,
})
const COMMANDS = [
  command('app.help', ['?']),
  command('view.pause', ['Space'], { page: 'live' }),
  command('link.connect', ['Mod+O']),
  command('tasks.new', ['Mod+N'], { page: 'tasks' }),
  command('message.new', ['Mod+N']),
  command('lanes.zoom-in', ['W', '+'], { pane: 'lanes' }),
  command('lanes.colours', ['C'], { pane: 'lanes' }),
  command('list.rows', ['ArrowUp'], { pane: 'list', isFixed: true }),
]
const live = { place: 'other', page: 'live' } as const

describe('a key map', () => {
  const map = new KeyMap(COMMANDS)

  test('text fields keep plain keys, controls keep Space and Enter', () => {
    expect(map.find('Space', live)?.id).toBe('view.pause')
    expect(map.find('Space', { ...live, place: 'control' })).toBeNull()
    expect(map.find('?', { ...live, place: 'control' })?.id).toBe('app.help')
    expect(map.find('?', { ...live, place: 'text' })).toBeNull()
    expect(map.find('Mod+O', { ...live, place: 'text' })?.id).toBe('link.connect')
  })

  test('a page gives a key of everywhere its own meaning', () => {
    expect(map.find('Mod+N', live)?.id).toBe('message.new')
    expect(map.find('Mod+N', { ...live, page: 'tasks' })?.id).toBe('tasks.new')
    expect(map.find('Space', { ...live, page: 'tasks' })).toBeNull()
  })

  test('of two with one key the one that can be done now is meant', () => {
    const never = { page: 'live', isEnabled: () => false }
    const both = new KeyMap([command('snippet.run', ['Mod+Enter'], never), command('send', ['Mod+Enter'])])
    expect(both.find('Mod+Enter', live)?.id).toBe('send')
    expect(new KeyMap([command('snippet.run', ['Mod+Enter'], never)]).find('Mod+Enter', live)?.id).toBe(
      'snippet.run',
    )
  })

  test('keys of a pane mean nothing elsewhere, and pass where nothing was changed', () => {
    expect(map.find('W', live)).toBeNull()
    expect(map.paneKey('W', 'lanes')).toBeNull()
    expect(map.paneKey('W', 'list')).toBeNull()
  })

  test('of two commands with one name the first holds, and it is told', () => {
    const twice = new KeyMap([...COMMANDS, command('app.help', ['F1'])])
    expect(twice.problems).toEqual([{ kind: 'twice', id: 'app.help' }])
    expect(twice.chordsOf('app.help')).toEqual(['?'])
    expect(twice.commands).toHaveLength(COMMANDS.length)
  })

  test('the same key for two things in one place is a conflict', () => {
    expect(map.conflicts).toEqual([])
    const both = new KeyMap([...COMMANDS, command('other', ['ctrl+o'])])
    expect(both.conflicts.map(({ chord, first, second }) => [chord, first.id, second.id])).toEqual([
      ['Mod+O', 'link.connect', 'other'],
    ])
  })
})

describe('keys of the operator', () => {
  test('replace those of the command', () => {
    const map = new KeyMap(COMMANDS, { 'link.connect': ['Mod+Shift+O'], 'app.help': [] })
    expect(map.find('Mod+O', live)).toBeNull()
    expect(map.find('Mod+Shift+O', live)?.id).toBe('link.connect')
    expect(map.find('?', live)).toBeNull()
    expect(map.isBoundAnew('link.connect')).toBe(true)
    expect(map.isBoundAnew('view.pause')).toBe(false)
  })

  test('in a pane are translated to the key it knows, and the old key is silent', () => {
    const map = new KeyMap(COMMANDS, { 'lanes.zoom-in': ['I'] })
    expect(map.paneKey('I', 'lanes')).toEqual({ kind: 'known', chord: 'W' })
    expect(map.paneKey('W', 'lanes')).toEqual({ kind: 'silent' })
    expect(map.paneKey('C', 'lanes')).toBeNull()
  })

  test('can swap two keys of a pane', () => {
    const map = new KeyMap(COMMANDS, { 'lanes.zoom-in': ['C'], 'lanes.colours': ['W'] })
    expect(map.paneKey('C', 'lanes')).toEqual({ kind: 'known', chord: 'W' })
    expect(map.paneKey('W', 'lanes')).toEqual({ kind: 'known', chord: 'C' })
  })

  test('that make no sense are told, and the others hold', () => {
    const map = new KeyMap(COMMANDS, {
      'app.helpp': ['F1'],
      'app.help': ['Ctrl+Hyper'],
      'list.rows': ['J'],
      'view.pause': ['P'],
    })
    expect(map.problems).toEqual([
      { kind: 'unknown-command', id: 'app.helpp' },
      { kind: 'unknown-key', id: 'app.help', key: 'Ctrl+Hyper' },
      { kind: 'fixed', id: 'list.rows' },
    ])
    expect(map.chordsOf('app.help')).toEqual(['?'])
    expect(map.chordsOf('view.pause')).toEqual(['P'])
  })

  test('tell who has a key already', () => {
    const map = new KeyMap(COMMANDS)
    expect(map.holderOf('Mod+O', 'app.help')?.id).toBe('link.connect')
    expect(map.holderOf('Space', 'app.help')?.id).toBe('view.pause')
    expect(map.holderOf('W', 'lanes.colours')?.id).toBe('lanes.zoom-in')
    expect(map.holderOf('W', 'app.help')).toBeNull()
  })
})
