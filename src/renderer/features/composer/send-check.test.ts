import { describe, expect, test } from 'vitest'
import type { LinkStatus } from '../../../shared/model/views'
import { shownLink } from '../../../testing/shown-link'
import { type Draft, EMPTY_COMPOSER_DRAFT } from '../../store/composer-slice'
import { texts } from '../../ui/texts'
import { readDraftBody } from './draft-body'
import { checkSend, MAX_BODY_BYTES, timeoutOf } from './send-check'

const draft: Draft = {
  ...EMPTY_COMPOSER_DRAFT,
  route: ' echo ',
  kind: 'request',
  format: 'text',
  body: 'hi',
  priority: 2,
  timeoutText: '5',
}
const link = (change: Partial<LinkStatus> = {}): LinkStatus => shownLink({ linkId: 7, ...change })
const check = (change: Partial<Draft>, target: LinkStatus | undefined = link()) => {
  const full = { ...draft, ...change }
  return checkSend(full, readDraftBody(full.format, full.body), target)
}

describe('what can be sent', () => {
  test('a request with route, priority and timeout', () => {
    expect(check({})).toEqual({
      kind: 'ready',
      message: {
        linkId: 7,
        draft: {
          route: 'echo',
          kind: 'request',
          headers: {},
          body: { format: 'text', text: 'hi' },
          priority: 2,
          timeoutMs: 5000,
          confirms: false,
          expect: '',
        },
      },
    })
  })

  test('nothing while the link shakes hands, or is closed', () => {
    const session = { sinceMs: 0, peerIdentity: '', isResumed: false, code: null, detail: '' } as const
    const shaking = link({ session: { phase: 'handshake', ...session } })
    expect(check({}, shaking)).toEqual({
      kind: 'blocked',
      reason: 'The link is not connected: shaking hands.',
    })
    const problem = { code: 'AUTH_FAILED', message: '', remedy: '' } as const
    expect(check({}, link({ phase: 'closed', problem }))).toEqual({
      kind: 'blocked',
      reason: 'The link is not connected: closed.',
    })
  })

  test('a subscription needs a route, and a time for its first answer', () => {
    expect(check({ kind: 'subscribe' })).toMatchObject({
      kind: 'ready',
      message: { draft: { kind: 'subscribe', timeoutMs: 5000 } },
    })
    expect(check({ kind: 'subscribe', timeoutText: 'x' })).toMatchObject({ field: 'timeout' })
    expect(check({ kind: 'subscribe', route: ' ' })).toMatchObject({
      field: 'route',
      reason: 'A subscription needs a route.',
    })
  })

  test('an event does not care about the timeout field', () => {
    expect(check({ kind: 'event', timeoutText: 'x' })).toMatchObject({
      kind: 'ready',
      message: { draft: { kind: 'event' } },
    })
  })

  test('a raw link takes bytes without a route', () => {
    expect(check({ route: '' }, link({ dialect: 'raw' }))).toMatchObject({
      kind: 'ready',
      message: { draft: { kind: 'bytes', route: '' } },
    })
  })

  test.each([
    [undefined, 'No link yet. Connect first (Ctrl O).'],
    [link({ phase: 'reconnecting' }), 'The link is not connected: reconnecting.'],
    [link({ phase: 'listening' }), 'Nobody has connected yet.'],
  ])('nothing without a working link (%#)', (target, reason) => {
    const body = readDraftBody('text', 'hi')
    expect(checkSend(draft, body, target)).toEqual({ kind: 'blocked', reason })
  })

  test.each<[Partial<Draft>, string]>([
    [{ route: ' ' }, 'route'],
    [{ timeoutText: '0' }, 'timeout'],
    [{ format: 'json', body: '{' }, 'body'],
    [{ format: 'hex', body: '7' }, 'body'],
    [{ body: 'x'.repeat(MAX_BODY_BYTES + 1) }, 'body'],
  ])('a mistake is reported at its field (%#)', (change, field) => {
    expect(check(change)).toMatchObject({ kind: 'invalid', field })
  })

  test('nothing, while a link only listens: by the lock, or by its own address', () => {
    const locked = check({}, link({ isListenOnly: true }))
    expect(locked).toEqual({ kind: 'blocked', reason: texts.lock.composer })
    const own = check({}, link({ isListenOnly: true, url: 'sim:demo?baud=9600&listen=only' }))
    expect(own).toEqual({ kind: 'blocked', reason: texts.lock.composerLink })
  })

  test.each([
    ['5', 5000],
    ['0.25', 250],
    ['0,25', 250],
    ['.5', 500],
    ['3600', 3_600_000],
    ['3601', undefined],
    ['0', undefined],
    ['-1', undefined],
    ['1e3', undefined],
    ['', undefined],
  ])('a timeout of "%s" s is %s ms', (text, ms) => {
    expect(timeoutOf(text)).toBe(ms)
  })
})
