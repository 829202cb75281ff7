import { expect, test } from 'vitest'
import { completeSnippet } from './complete-snippet'

const known = {
  routes: ['cfg.get', 'cfg.put', 'echo'],
  messages: ['bring-up/read-mtu'],
  seen: { valuesOf: () => [], bodyPaths: ['value'] },
}
/** Labels offered at the `|`, and what would stand there. */
function offered(text: string, isAsked = true): readonly string[] {
  const at = text.indexOf('|')
  const found = completeSnippet(text.replace('|', ''), at, isAsked, known)
  return found === null
    ? []
    : found.options.map(({ label }) => text.slice(0, found.from).concat('…', label).split('\n').at(-1)!)
}

test('steps are offered behind a dash, with an example of each', () => {
  expect(offered('steps:\n  - |')).toEqual(
    ['send', 'expect', 'check', 'wait', 'set', 'repeat', 'stop if'].map((word) => `  - …${word}`),
  )
  expect(offered('steps:\n  - ex|')).toEqual(['  - …expect'])
})

test('filters are completed within their line', () => {
  expect(offered('steps:\n  - expect: msg.rou|')).toContain('  - expect: …msg.route')
  expect(offered('steps:\n  - stop if: body.x == 1 and bod|')).toContain(
    '  - stop if: body.x == 1 and …body.value',
  )
})

test('routes and messages of the workspace are offered where they belong', () => {
  expect(offered('steps:\n  - send:\n      route: cfg|')).toEqual([
    '      route: …cfg.get',
    '      route: …cfg.put',
  ])
  expect(offered('steps:\n  - send: |')).toEqual(['  - send: …bring-up/read-mtu'])
  expect(offered('steps:\n  - send: { route: ec|')).toEqual(['  - send: { route: …echo'])
})

test('places of values are offered for a variable', () => {
  expect(offered('steps:\n  - set:\n      id: rep|')[0]).toBe('      id: …reply.body.')
})

test('nothing comes up unasked between words', () => {
  expect(offered('title: x\n|', false)).toEqual([])
  expect(offered('title: x\n|')).toContain('…steps')
  expect(offered('title: Read| it')).toEqual([])
})
