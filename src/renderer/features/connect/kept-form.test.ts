import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepForm, keptForm } from './kept-form'
import { EMPTY_FORM } from './link-form'

let kept: Map<string, string>
beforeEach(() => {
  kept = new Map()
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  })
})
afterEach(() => vi.unstubAllGlobals())

test('the form connected with last comes back without its password, which was kept nowhere', () => {
  const form = { ...EMPTY_FORM, kind: 'tcp', port: '4242', dialect: 'native', isLossy: true } as const
  keepForm({ ...form, password: 'secret' })
  expect(keptForm()).toEqual(form)
  expect(JSON.stringify([...kept])).not.toContain('secret')
})
