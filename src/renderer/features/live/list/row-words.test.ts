import { describe, expect, test } from 'vitest'
import type { MessageRow, MessageStatus } from '../../../../shared/model/views'
import { statusLook } from '../../../ui/status-look'
import { rowSentence } from './row-words'

const row = (change: Partial<MessageRow>): MessageRow => ({
  id: 48_213,
  linkId: 1,
  openedMs: 512,
  dir: 'out',
  route: 'cfg.put',
  kind: 'request',
  isSubscription: false,
  priority: 0,
  bodyBytes: 612,
  doneBytes: 612,
  chunks: 3,
  status: 'answered',
  code: null,
  roundTripMs: 108.6,
  hue: 2,
  partnerId: 48_214,
  preview: '{}',
  ...change,
})

describe('words for a message', () => {
  test.each<[MessageStatus, string, string | null]>([
    ['queued', 'wait', null],
    ['sending', 'wait', null],
    ['sent', 'check', 'ok'],
    ['waiting', 'wait', null],
    ['answered', 'check', 'ok'],
    ['receiving', 'wait', null],
    ['received', 'check', 'ok'],
    ['cancelled', 'x', 'warn'],
    ['failed', 'x', 'err'],
    ['timeout', 'x', 'err'],
    ['interrupted', 'unplug', 'warn'],
  ])('%s has a glyph, a tone and words', (status, icon, tone) => {
    const look = statusLook(row({ status }))
    expect(look).toMatchObject({ icon, tone })
    expect(look.words).not.toBe('')
  })

  test('progress is known only when the length is', () => {
    expect(statusLook(row({ status: 'sending', bodyBytes: 8192, doneBytes: 2048 })).progress).toBe(0.25)
    expect(statusLook(row({ status: 'receiving', bodyBytes: 0, doneBytes: 10 })).progress).toBeNull()
    expect(statusLook(row({ status: 'receiving', bodyBytes: 2000, doneBytes: 3000 })).progress).toBe(1)
  })

  test('a message that fits a moment is not measured', () => {
    expect(statusLook(row({ status: 'receiving', bodyBytes: 73, doneBytes: 0 })).progress).toBeNull()
  })

  test('a failure names its cause where a short name exists', () => {
    expect(statusLook(row({ status: 'answered', code: 'HANDLER_FAILED' }))).toMatchObject({
      tone: 'err',
      words: 'handler failed',
    })
    expect(statusLook(row({ status: 'failed', code: 'ROUTE_UNKNOWN' })).words).toBe('no handler')
    expect(statusLook(row({ status: 'failed', code: 'LSO_BAD_JSON' })).words).toBe('failed')
  })

  test('a row is one sentence', () => {
    const startedAtMs = new Date(2026, 10, 21, 10, 42, 7).getTime()
    expect(rowSentence(row({}), startedAtMs)).toBe('#48213 10:42:07.512, sent cfg.put request, 612 bytes, ok')
  })
})
