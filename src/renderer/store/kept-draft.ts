import type { StoreApi } from 'zustand'
import { type ComposerSlice, type Draft, EMPTY_COMPOSER_DRAFT } from './composer-slice'

const KEY = 'netcore-console:draft'
/** A longer message is in a file or the clipboard it came from. */
export const MAX_KEPT_DRAFT_LENGTH = 512 * 1024

type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/**
 * What is being written outlives a reload of the page: put by when the page goes, and taken up again in the same window
 * only. It stays in the browser's storage of this window, which may be missing or full: then the composer begins empty.
 */
export function keepDraft(
  store: Pick<StoreApi<ComposerSlice>, 'getState'>,
  page: Pick<EventTarget, 'addEventListener'>,
  shelf: () => Shelf,
): void {
  try {
    const kept: unknown = JSON.parse(shelf().getItem(KEY) ?? 'null')
    if (isKept(kept)) store.getState().draftOpened({ ...EMPTY_COMPOSER_DRAFT, ...kept.draft }, kept.name)
  } catch {
    // it begins empty
  }
  page.addEventListener('pagehide', () => {
    const { draft, draftName: name } = store.getState()
    const text = JSON.stringify({ draft, name })
    try {
      if (draft === EMPTY_COMPOSER_DRAFT || text.length > MAX_KEPT_DRAFT_LENGTH) shelf().removeItem(KEY)
      else shelf().setItem(KEY, text)
    } catch {
      // it will begin empty
    }
  })
}

/** It was written by a page of this program, perhaps by an older one: every part has the type of the empty draft's. */
function isKept(kept: unknown): kept is { readonly draft: Draft; readonly name: string | null } {
  if (typeof kept !== 'object' || kept === null || !('draft' in kept) || !('name' in kept)) return false
  const { draft, name } = kept
  if (typeof draft !== 'object' || draft === null || (name !== null && typeof name !== 'string')) return false
  return Object.entries(draft).every(
    ([key, value]) =>
      Object.hasOwn(EMPTY_COMPOSER_DRAFT, key) &&
      typeof value === typeof EMPTY_COMPOSER_DRAFT[key as keyof Draft] &&
      Array.isArray(value) === (key === 'headers') &&
      (key !== 'priority' || isPriority(value)),
  )
}

const isPriority = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 7
