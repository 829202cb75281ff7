import { expect, test } from 'vitest'
import { utf8 } from '../bytes'
import { peerErrorOf } from './peer-error'

const answer = (body: string, status = 'error') =>
  peerErrorOf({ kind: 'response', headers: { status }, body: utf8(body) })

test('an error answer gives the words of the peer', () => {
  expect(answer('{"error":"no handler","code":"ROUTE_UNKNOWN","route":"nope"}')).toEqual({
    code: 'ROUTE_UNKNOWN',
    message: 'no handler',
  })
})

test('an error answer without readable reasons is still one', () => {
  for (const body of ['', 'null', '[1]', '{"code":5}', '{']) {
    expect(answer(body)).toEqual({ code: 'HANDLER_FAILED', message: '' })
  }
})

test('an ordinary answer is none, whatever its body looks like', () => {
  expect(answer('{"error":"x","code":"ROUTE_UNKNOWN"}', 'fine')).toBeUndefined()
  expect(peerErrorOf({ kind: 'request', headers: { status: 'error' }, body: utf8('{}') })).toBeUndefined()
})
