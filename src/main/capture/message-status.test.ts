import { expect, test } from 'vitest'
import type { MessageStatus } from '../../shared/model/views'
import { isFinal, type MessageFacts, messageStatus } from './message-status'

const out: MessageFacts = {
  dir: 'out',
  isAwaited: false,
  outcome: 'open',
  hasFrames: false,
  settled: null,
}
const request: MessageFacts = { ...out, isAwaited: true }
const incoming: MessageFacts = { ...out, dir: 'in' }

const rows: [name: string, facts: MessageFacts, status: MessageStatus][] = [
  ['outgoing, no frame yet', out, 'queued'],
  ['outgoing, under way', { ...out, hasFrames: true }, 'sending'],
  ['outgoing, through', { ...out, hasFrames: true, outcome: 'complete' }, 'sent'],
  ['outgoing, cancelled', { ...out, outcome: 'cancelled' }, 'cancelled'],
  ['outgoing, failed', { ...out, outcome: 'failed' }, 'failed'],
  ['outgoing, link went down', { ...out, outcome: 'interrupted' }, 'interrupted'],
  ['request, through', { ...request, hasFrames: true, outcome: 'complete' }, 'waiting'],
  [
    'request, answered',
    { ...request, hasFrames: true, outcome: 'complete', settled: 'answered' },
    'answered',
  ],
  ['request, answered while still sending', { ...request, hasFrames: true, settled: 'answered' }, 'sending'],
  [
    'request, answered, rest cancelled',
    { ...request, outcome: 'cancelled', settled: 'answered' },
    'answered',
  ],
  ['request, no answer in time', { ...request, outcome: 'complete', settled: 'REQUEST_TIMEOUT' }, 'timeout'],
  ['request, no answer in time, never sent', { ...request, settled: 'REQUEST_TIMEOUT' }, 'timeout'],
  ['request, wait cancelled', { ...request, outcome: 'complete', settled: 'REQUEST_CANCELLED' }, 'cancelled'],
  ['request, link lost', { ...request, outcome: 'complete', settled: 'LINK_LOST' }, 'interrupted'],
  [
    'request, link down',
    { ...request, outcome: 'interrupted', settled: 'MESSAGE_INTERRUPTED' },
    'interrupted',
  ],
  ['request, answer failed', { ...request, outcome: 'complete', settled: 'MESSAGE_STALLED' }, 'failed'],
  ['incoming, under way', incoming, 'receiving'],
  ['incoming, through', { ...incoming, hasFrames: true, outcome: 'complete' }, 'received'],
  ['incoming, cancelled by the peer', { ...incoming, hasFrames: true, outcome: 'cancelled' }, 'cancelled'],
  ['incoming, failed', { ...incoming, outcome: 'failed' }, 'failed'],
  ['incoming, link went down', { ...incoming, outcome: 'interrupted' }, 'interrupted'],
]

test.each(rows)('%s', (_, facts, status) => {
  expect(messageStatus(facts)).toBe(status)
})

test('only messages on their way or waiting are not final', () => {
  const open = rows.map(([, , status]) => status).filter((status) => !isFinal(status))
  expect(new Set(open)).toEqual(new Set(['queued', 'sending', 'waiting', 'receiving']))
})
