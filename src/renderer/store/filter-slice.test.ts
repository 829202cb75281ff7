import { beforeEach, describe, expect, test } from 'vitest'
import { createStore, type StoreApi } from 'zustand'
import { type AppState, createAppState } from './app-store'

let store: StoreApi<AppState>
const state = (): AppState => store.getState()
const write = (text: string): void => {
  state().draftTyped(text)
  state().draftEntered()
}
beforeEach(() => {
  store = createStore<AppState>()(createAppState)
})

describe('the filter being written', () => {
  test('is in force once it is understood; until then the one before it is', () => {
    write('msg.id > 3')
    expect(state().listView.filter).toBe('msg.id > 3')
    write('msg.id > 3 and msg.rute == 1')
    expect(state().listView.filter).toBe('msg.id > 3')
    expect(state().drafts.filter.problem).toMatchObject({ from: 15, to: 23, suggestion: 'msg.route' })
    state().draftTyped('msg.id > 3 and ')
    expect(state().drafts.filter.problem).toBeNull() // it is looked at again
  })

  test('asks for no other view by what changes no message', () => {
    write('msg.id > 3')
    const view = state().listView
    write('  msg.id > 3 ')
    state().ruleChanged({ hue: 5 })
    expect(state().listView).toBe(view)
    state().ruleChanged({ mode: 'dim' })
    expect(state().listView).toEqual({ filter: '', marks: ['msg.id > 3'], order: 'time' })
  })

  test('is remembered, newest first and once', () => {
    for (const text of ['a', 'b', 'a', '(']) write(text)
    expect(state().filterHistory).toEqual(['a', 'b'])
  })
})

describe('chips', () => {
  test('take the filter out of the bar and are switched one by one', () => {
    write('a')
    state().chipSaved('first')
    expect(state().drafts.filter.text).toBe('')
    write('b')
    state().chipSaved('second')
    expect(state().listView.filter).toBe('(a) and (b)')
    const [first] = state().filters.chips
    state().chipChanged(first!.chipId, { isOn: false })
    expect(state().listView.filter).toBe('b')
    state().chipMoved(first!.chipId, 1)
    expect(state().filters.chips.map(({ name }) => name)).toEqual(['second', 'first'])
    state().hidingStopped()
    expect(state().listView.filter).toBe('')
  })

  test('are changed in the bar: tried out at once, and given up without a trace', () => {
    write('a')
    state().chipSaved('first')
    write('kept')
    const { chipId } = state().filters.chips[0]!
    state().chipEdited(chipId)
    expect(state().drafts.filter.text).toBe('a')
    write('a or c')
    expect(state().listView.filter).toBe('a or c')
    state().chipEditEnded(false)
    expect(state().listView.filter).toBe('(kept) and (a)')
    state().chipEdited(chipId)
    write('a or c')
    state().chipEditEnded(true)
    expect(state().listView.filter).toBe('(kept) and (a or c)')
    expect(state().drafts.filter.text).toBe('kept')
  })
})

test('finding lights matches, hides nothing, and leaves the filter alone', () => {
  write('msg.id > 3')
  state().barModeChosen('find')
  write('cfg')
  expect(state().listView).toEqual({ filter: 'msg.id > 3', marks: ['cfg'], order: 'time' })
  state().barModeChosen('filter')
  expect(state().listView).toEqual({ filter: 'msg.id > 3', marks: [], order: 'time' })
  state().barModeChosen('find')
  expect(state().listView.marks).toEqual(['cfg'])
})
