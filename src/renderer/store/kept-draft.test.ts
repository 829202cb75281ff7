import { beforeEach, describe, expect, test } from 'vitest'
import { createStore } from 'zustand'
import { type ComposerSlice, createComposerSlice, EMPTY_COMPOSER_DRAFT } from './composer-slice'
import { keepDraft, MAX_KEPT_DRAFT_LENGTH } from './kept-draft'

const shelf = new Map<string, string>()
const storage = {
  getItem: (key: string) => shelf.get(key) ?? null,
  setItem: (key: string, value: string) => void shelf.set(key, value),
  removeItem: (key: string) => void shelf.delete(key),
}

/** A page of the same window: its composer, and how it goes. */
function openPage() {
  const store = createStore<ComposerSlice>()(createComposerSlice)
  const page = new EventTarget()
  keepDraft(store, page, () => storage)
  return { composer: () => store.getState(), goes: () => page.dispatchEvent(new Event('pagehide')) }
}

beforeEach(() => shelf.clear())

describe('what is being written', () => {
  test('is there again after a reload, all of it', () => {
    const page = openPage()
    const draft = {
      ...EMPTY_COMPOSER_DRAFT,
      route: 'cfg.put',
      kind: 'event',
      format: 'hex',
      body: '7e 01',
      priority: 0,
      headers: [{ name: 'a', value: '1' }],
    } as const
    page.composer().draftOpened(draft, 'bring-up/put')
    page.goes()
    const again = openPage().composer()
    expect([again.draft, again.draftName]).toEqual([draft, 'bring-up/put'])
  })

  test('is nothing when nothing was written, or when it is longer than what is kept', () => {
    const page = openPage()
    page.composer().draftChanged({ body: 'x'.repeat(MAX_KEPT_DRAFT_LENGTH / 2) })
    page.goes()
    expect(openPage().composer().draft.body).toHaveLength(MAX_KEPT_DRAFT_LENGTH / 2)
    page.composer().draftChanged({ body: 'x'.repeat(MAX_KEPT_DRAFT_LENGTH) })
    page.goes()
    expect(openPage().composer().draft).toBe(EMPTY_COMPOSER_DRAFT)
    openPage().goes()
    expect(shelf.size).toBe(0)
  })

  test.each([
    'no json',
    '[]',
    '{"draft":{"route":5},"name":null}',
    '{"draft":{"headers":{}},"name":null}',
    '{"draft":{"priority":9},"name":null}',
    '{"draft":{"bad":""},"name":null}',
    '{"draft":{},"name":7}',
  ])('is left alone when it makes no sense: %s', (text) => {
    shelf.set('netcore-console:draft', text)
    expect(openPage().composer().draft).toBe(EMPTY_COMPOSER_DRAFT)
  })

  test('begins empty where the browser keeps nothing', () => {
    const store = createStore<ComposerSlice>()(createComposerSlice)
    const page = new EventTarget()
    keepDraft(store, page, () => {
      throw new Error('forbidden')
    })
    page.dispatchEvent(new Event('pagehide'))
    expect(store.getState().draft).toBe(EMPTY_COMPOSER_DRAFT)
  })
})
