import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ConsoleError } from '../../shared/errors'
import { raceOpen } from './open-abort'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('an attempt that throws while it starts rejects with that, and leaves neither timer nor listener', async () => {
  const abort = new AbortController()
  const removed = vi.spyOn(abort.signal, 'removeEventListener')
  const opening = raceOpen({
    target: 'somewhere',
    timeoutMs: 10_000,
    signal: abort.signal,
    timeoutMessage: 'too late',
    start() {
      throw new ConsoleError('TLS_FAILED', 'no key')
    },
  })
  await expect(opening).rejects.toMatchObject({ code: 'TLS_FAILED' })
  expect(vi.getTimerCount()).toBe(0)
  expect(removed).toHaveBeenCalledOnce()
})
