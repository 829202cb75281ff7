import { expect, test } from 'vitest'
import type { TriggerFiring } from '../../../shared/model/triggers'
import { coalesced } from './use-firings'

const firing = (firingId: number, triggerId: string, notify = true): TriggerFiring => ({
  firingId,
  triggerId,
  name: triggerId,
  messageId: firingId,
  linkId: 1,
  atMs: 0,
  route: '',
  notify,
  pauseView: false,
  sound: false,
})

test('firings become one toast: the last of them, how many, and whether all are of one trigger', () => {
  expect(coalesced(null, [firing(1, 'a', false)])).toBeNull()
  const one = coalesced(null, [firing(1, 'a'), firing(2, 'a'), firing(3, 'b', false)])
  expect(one).toMatchObject({ firing: { firingId: 2 }, count: 2, isOne: true })
  const many = coalesced(one, [firing(4, 'b')])
  expect(many).toMatchObject({ firing: { firingId: 4 }, count: 3, isOne: false })
  expect(coalesced(many, [firing(5, 'b')])).toMatchObject({ count: 4, isOne: false })
})
