import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ContractClient } from '../../shared/contract/contract-client'

/** A browser's storage that outlives the pages of one test. */
class Storage {
  readonly #values = new Map<string, string>()
  getItem = (key: string): string | null => this.#values.get(key) ?? null
  setItem = (key: string, value: string): void => {
    this.#values.set(key, value)
    Object.assign(this, { [key]: value })
  }
  removeItem = (key: string): void => {
    this.#values.delete(key)
    Reflect.deleteProperty(this, key)
  }
}

/** The core's side: one set of choices that all pages share. */
class Core {
  values: Record<string, string> = {}
  isGone = false
  readonly #feeds = new Set<(item: unknown) => void>()
  readonly client = {
    call: (name: string, request: { name: string; value: string }) => {
      if (this.isGone) return Promise.reject(new Error('gone'))
      if (name === 'settings.read') return Promise.resolve({ values: this.values, problem: null })
      this.values = { ...this.values, [request.name]: request.value }
      this.tell()
      return Promise.resolve({})
    },
    subscribe: (_: string, __: unknown, listener: (item: unknown) => void) => {
      this.#feeds.add(listener)
      return () => undefined
    },
  } as unknown as ContractClient

  tell(): void {
    for (const feed of this.#feeds) feed({ values: this.values, problem: null })
  }
}

/** Each page has its own modules, as in a browser. */
async function openPage(core: Core) {
  vi.resetModules()
  const kept = await import('./kept-settings')
  const { SharedSettings } = await import('./shared-settings')
  const settings = new SharedSettings(core.client)
  await settings.load()
  settings.follow()
  return kept
}

let core: Core
beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('addEventListener', () => undefined)
  vi.stubGlobal('localStorage', new Storage())
  core = new Core()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.resetModules() // other tests share the modules of this worker
})

describe('choices of the screen', () => {
  test('go to the workspace when they have come to rest, and to other pages', async () => {
    const one = await openPage(core)
    const other = await openPage(core)
    const taken = vi.fn()
    other.onSettingsTaken(taken)
    one.keepSetting('theme', 'light')
    one.keepSetting('theme', 'dark')
    expect(core.values).toEqual({})
    await vi.advanceTimersByTimeAsync(300)
    expect(core.values).toEqual({ theme: 'dark' })
    expect(other.readSetting('theme')).toBe('dark')
    expect(taken).toHaveBeenCalledExactlyOnceWith(new Set(['theme']))
  })

  test('of the workspace go before the copy in the browser', async () => {
    const before = await openPage(core)
    before.keepSetting('theme', 'light')
    await vi.advanceTimersByTimeAsync(300)
    core.values = { density: 'compact' }
    const after = await openPage(core)
    expect([after.readSetting('theme'), after.readSetting('density')]).toEqual([null, 'compact'])
  })

  test('that a page made just before it went are not lost', async () => {
    const before = await openPage(core)
    before.keepSetting('density', 'compact')
    core.values = { density: 'normal' } // the page is gone before its choice was told
    const after = await openPage(core)
    expect(after.readSetting('density')).toBe('compact')
    await vi.advanceTimersByTimeAsync(0)
    expect(core.values).toEqual({ density: 'compact' })
  })

  test('made without a core hold, and are told when there is one', async () => {
    core.isGone = true
    const page = await openPage(core)
    page.keepSetting('theme', 'dark')
    await vi.advanceTimersByTimeAsync(300)
    expect(page.readSetting('theme')).toBe('dark')
    core.isGone = false
    page.keepSetting('density', 'compact')
    await vi.advanceTimersByTimeAsync(300)
    expect(core.values).toEqual({ theme: 'dark', density: 'compact' })
  })

  test('that belong to this screen, or hold what was typed into a device, stay here', async () => {
    const page = await openPage(core)
    page.keepSetting('terminal-history', '["pass word"]')
    page.keepSetting('zoom', '150')
    await vi.advanceTimersByTimeAsync(300)
    core.tell()
    expect(core.values).toEqual({})
    expect(page.readSetting('zoom')).toBe('150')
  })
})
