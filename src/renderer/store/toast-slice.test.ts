import { expect, test } from 'vitest'
import { createStore } from 'zustand'
import { createToastSlice, type Toast, type ToastSlice } from './toast-slice'

const store = (): (() => ToastSlice) => createStore<ToastSlice>()(createToastSlice).getState
const toast = (key: string, text: string, tone: Toast['tone'] = 'ok'): Toast => ({ key, text, tone })

test('toasts of one key become one: the newest, how many, and whether all said the same', () => {
  const get = storeOf(['link', 'rig-3 is back'], ['link', 'rig-3 is back'])
  expect(get().toast).toMatchObject({ text: 'rig-3 is back', count: 2, isOne: true })
  get().toasted(toast('link', 'rig-4 is back'))
  expect(get().toast).toMatchObject({ text: 'rig-4 is back', count: 3, isOne: false })
  get().toasted(toast('link', 'rig-4 is back'))
  expect(get().toast).toMatchObject({ count: 4, isOne: false })
})

test('another key takes the place, and counts anew', () => {
  const get = storeOf(['a', 'saved'], ['a', 'saved'], ['b', 'sent'])
  expect(get().toast).toMatchObject({ key: 'b', count: 1, isOne: true })
  expect(get().waitingToast).toBeNull()
})

test('good news waits behind a failure, the newest of it only', () => {
  const get = store()
  get().toasted(toast('task', 'the run failed', 'err'))
  get().toasted(toast('a', 'saved'))
  get().toasted(toast('b', 'sent'))
  get().toasted(toast('b', 'sent'))
  expect(get().toast).toMatchObject({ key: 'task' })
  get().toasted(toast('task', 'the run failed', 'err'))
  expect(get().toast).toMatchObject({ key: 'task', count: 2 })
  get().toastDismissed()
  expect(get().toast).toMatchObject({ key: 'b', count: 2 })
  get().toastDismissed()
  expect(get().toast).toBeNull()
})

test('one failure takes the place of another', () => {
  const get = store()
  get().toasted(toast('a', 'failed', 'err'))
  get().toasted(toast('b', 'failed too', 'err'))
  expect(get().toast).toMatchObject({ key: 'b' })
})

function storeOf(...toasts: readonly [string, string][]): () => ToastSlice {
  const get = store()
  for (const [key, text] of toasts) get().toasted(toast(key, text))
  return get
}
