import { describe, expect, test } from 'vitest'
import { utf8 } from '../../../shared/bytes'
import { peerErrorOf } from '../../../shared/model/peer-error'
import { errorReply } from './error-answer'

describe('error answers', () => {
  test('what is written is recognised', () => {
    const { body, headers } = errorReply({ code: 'HANDLER_FAILED', message: 'no "sensor"' }, 'r')
    expect(peerErrorOf({ body, headers: headers! })).toEqual({
      code: 'HANDLER_FAILED',
      message: 'no "sensor"',
    })
  })

  test('an ordinary answer with the same body is not an error', () => {
    const { body } = errorReply({ code: 'ROUTE_UNKNOWN', message: 'x' }, 'r')
    expect(peerErrorOf({ body, headers: {} })).toBeUndefined()
    expect(peerErrorOf({ body, headers: { status: 'ok' } })).toBeUndefined()
  })

  test.each(['', 'plain text', '[]', 'null', '{"code": 5, "error": {}}'])(
    'a peer that explains itself badly (%j) still failed',
    (text) => {
      expect(peerErrorOf({ body: utf8(text), headers: { status: 'error' } })).toEqual({
        code: 'HANDLER_FAILED',
        message: '',
      })
    },
  )
})
