import { expect, test } from 'vitest'
import type { Link } from '../link/link'
import { FirstPeer } from './connected-link'

test('waiting for a peer ends when it is stopped, before it begins or later, and only once', async () => {
  const peer = new FirstPeer()
  await expect(peer.wait(AbortSignal.abort())).rejects.toThrow('aborted')
  const stop = new AbortController()
  const waiting = peer.wait(stop.signal)
  stop.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  const link = {} as Link
  peer.came(link)
  expect(await peer.wait(new AbortController().signal)).toBe(link)
})
