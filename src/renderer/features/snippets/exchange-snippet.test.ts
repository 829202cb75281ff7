import { expect, test } from 'vitest'
import { utf8 } from '../../../shared/bytes'
import { compileFilter } from '../../../shared/filter'
import type { MessageDetail } from '../../../shared/model/views'
import { formatSnippet, parseSnippet } from '../../../shared/workspace/snippet-file'
import { exchangeName, exchangeSnippet } from './exchange-snippet'

const message = (more: Partial<MessageDetail>): MessageDetail =>
  ({
    route: 'cfg.get',
    kind: 'request',
    priority: 1,
    headers: {},
    roundTripMs: 310,
    body: new Uint8Array(0),
    ...more,
  }) as MessageDetail

test('an exchange becomes a request and what its answer says, and survives its file', () => {
  const request = message({ body: utf8('{"key":"net.mtu"}'), headers: { user: 'me', trace: { a: 1 } } })
  const answer = message({
    body: utf8('{"value":1500,"name":"it\'s \\"x\\"","f":1.5,"ok":true,"list":[1],"a b":{"c":"d"}}'),
  })
  const snippet = exchangeSnippet(request, answer, 'Again')
  expect(snippet.steps).toEqual([
    {
      step: 'send',
      message: {
        route: 'cfg.get',
        kind: 'request',
        priority: 1,
        timeoutMs: 30_000,
        headers: { user: 'me' },
        body: { format: 'json', text: '{"key":"net.mtu"}' },
        confirms: false,
        expect: '',
      },
      save: '',
    },
    {
      step: 'expect',
      filter:
        'body.value == 1500 and body.name == "it\'s \\"x\\"" and body.ok == true and body."a b".c == "d"',
      withinMs: 4000,
    },
  ])
  expect(parseSnippet(formatSnippet(snippet), '')).toEqual({ value: snippet })
})

test.each([
  [utf8('plain'), 'text == "plain"'],
  [Uint8Array.from([0xff, 0]), 'msg.size == 2'],
  [new Uint8Array(0), undefined],
])('an answer %j is held against %s', (body, filter) => {
  const [, expected] = exchangeSnippet(message({}), message({ body }), '').steps
  expect(expected?.step === 'expect' ? expected.filter : undefined).toBe(filter)
  expect(compileFilter(filter ?? '').ok).toBe(true)
})

test('bytes and braces are sent as they were', () => {
  const send = (body: Uint8Array) => {
    const [step] = exchangeSnippet(message({ body }), null, '').steps
    return step?.step === 'send' && typeof step.message === 'object' ? step.message.body : null
  }
  expect(send(Uint8Array.from([0xff, 0]))).toEqual({ format: 'hex', text: 'ff00' })
  expect(send(utf8('{{x}}'))?.format).toBe('hex')
  expect(send(utf8('hello'))).toEqual({ format: 'text', text: 'hello' })
})

test('its name is that of the route, free and fit for a file', () => {
  expect(exchangeName('/device/info', [])).toBe('device-info')
  expect(exchangeName('cfg.get', ['CFG.get', 'cfg.get-2'])).toBe('cfg.get-3')
  expect(exchangeName('con', [])).toBe('exchange')
  expect(exchangeName('…', [])).toBe('exchange')
})
