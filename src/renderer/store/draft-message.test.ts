import { expect, test } from 'vitest'
import { EMPTY_COMPOSER_DRAFT } from './composer-slice'
import { draftOfMessage, headerText, headerValue, messageOfDraft } from './draft-message'

test('a message comes back from the composer as it was', () => {
  const message = {
    route: 'cfg.put',
    kind: 'event',
    priority: 1,
    timeoutMs: 2500,
    headers: {
      trace: 'a',
      hops: 3,
      digits: '3',
      isNew: true,
      none: null,
      word: 'true',
      big: '9007199254740993',
    },
    body: { format: 'msgpack', text: '{"a": 1}' },
    confirms: true,
    expect: 'body.ok == true',
  } as const
  expect(messageOfDraft(draftOfMessage(message), 2500)).toEqual(message)
})

test('a subscription stays one, and bytes become a request of the composer', () => {
  const message = messageOfDraft({ ...EMPTY_COMPOSER_DRAFT, route: 'log', kind: 'subscribe' }, 1)
  expect(message.kind).toBe('subscribe')
  expect(draftOfMessage(message).kind).toBe('subscribe')
  expect(draftOfMessage({ ...message, kind: 'bytes' }).kind).toBe('request')
})

test('a form is JSON, an empty body none, and a link without routes takes bytes', () => {
  const draft = { ...EMPTY_COMPOSER_DRAFT, route: ' r ', format: 'form', body: '{}' } as const
  expect(messageOfDraft(draft, 1).body).toEqual({ format: 'json', text: '{}' })
  expect(messageOfDraft({ ...draft, body: '  ' }, 1).body).toBeNull()
  expect(messageOfDraft({ ...draft, format: 'text', body: ' ' }, 1).body).toEqual({
    format: 'text',
    text: ' ',
  })
  expect(messageOfDraft(draft, 1, true)).toMatchObject({ route: '', kind: 'bytes' })
})

test.each([
  ['12', 12],
  ['-0.5', -0.5],
  ['9007199254740993', '9007199254740993'],
  ['1.0', '1.0'],
  ['true', true],
  ['null', null],
  ['"12"', '12'],
  ['"', '"'],
  ['plain words', 'plain words'],
  ['{{token}}', '{{token}}'],
])('the header text %s means %j, and is shown as it was typed', (text, value) => {
  expect(headerValue(text)).toBe(value)
  expect(headerText(value)).toBe(text)
})
