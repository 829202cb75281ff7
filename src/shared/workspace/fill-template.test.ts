import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fillJson, fillText, variableUses } from './fill-template'

const values: Readonly<Record<string, string>> = {
  n: '512',
  s: 'a "b"\n',
  list: '[1, 2]',
  braces: '{{n}}',
  'a.b-c': 'x',
}
const valueOf = (name: string): string | undefined => values[name]

describe('variables of a text', () => {
  test('are names between two braces; other braces are text', () => {
    expect(variableUses('{{n}} {{ a.b-c }} {n} {{1+1}} {{}} {{{n}}}').map(({ name }) => name)).toEqual([
      'n',
      'a.b-c',
      'n',
    ])
  })

  test('become their values, and values are never filled again', () => {
    expect(fillText('cfg.{{n}}/{{ braces }}', valueOf).text).toBe('cfg.512/{{n}}')
  })

  test('without a value stay and are told with their place', () => {
    const filled = fillText('{{n}} {{who}}', valueOf)
    expect(filled).toMatchObject({ text: '512 {{who}}', missing: [{ name: 'who', at: 6, length: 7 }] })
  })

  test('know which written character a filled one came from', () => {
    const { text, writtenAt } = fillText('ab{{n}}cd', valueOf)
    expect(Array.from(text, (_, at) => writtenAt(at))).toEqual([0, 1, 2, 2, 2, 7, 8])
  })
})

describe('variables of JSON', () => {
  test('within quotes are text, outside they are values', () => {
    const text = '{"k": "v={{n}} {{s}}", "n": {{n}}, "s": {{s}}, "l": {{list}}, "e": "\\"{{s}}"}'
    expect(JSON.parse(fillJson(text, valueOf).text)).toEqual({
      k: 'v=512 a "b"\n',
      n: 512,
      s: 'a "b"\n',
      l: [1, 2],
      e: '"a "b"\n',
    })
  })

  test('never break out of their place, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (value, name) => {
        const text = `{${JSON.stringify(`${name}{{x}}`)}: [{{x}}, "{{x}}"]}`
        const filled = JSON.parse(fillJson(text, () => value).text) as Record<string, unknown[]>
        expect(Object.values(filled)[0]?.[1]).toBe(value)
        expect(Object.values(filled)[0]).toHaveLength(2)
      }),
    )
  })
})
