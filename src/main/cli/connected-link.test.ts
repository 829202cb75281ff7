import { expect, test } from 'vitest'
import { FirstPeer } from './connected-link'
import { createSession } from './session'

test('waiting for a peer ends when it is stopped, before it begins or later; a peer that came is there', async () => {
  const peer = new FirstPeer()
  await expect(peer.wait(AbortSignal.abort())).rejects.toThrow('aborted')
  const stop = new AbortController()
  const waiting = peer.wait(stop.signal)
  stop.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  const links = createSession({ onLink: (link) => peer.came(link) })
  const { link } = links.openLink('sim:demo')
  expect(await peer.wait(new AbortController().signal)).toBe(link)
  await links.closeAll()
})
