import fc from 'fast-check'
import { expect, test } from 'vitest'
import { utf8 } from '../bytes'
import { valuesAt } from './body-paths'
import { bodyTree } from './body-tree'
import { skimJson } from './json-skim'

const NAMES = ['a', 'b', 'temp', '0', '1']
const step = fc.constantFrom<string | number>(...NAMES, 0, 1)
const path = fc.array(step, { minLength: 1, maxLength: 3 })
const scalar = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.constant(null),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
)
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    // written by hand, so that names may stand twice
    fc.array(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { maxLength: 4 }),
  ),
}))

/** JSON text; a list of pairs is an object whose names may repeat. */
function jsonOf(node: unknown, space: string): string {
  if (!Array.isArray(node)) return JSON.stringify(node)
  const isPairs = node.length > 0 && node.every(isPair)
  const parts = node.map((one: unknown) => {
    if (!isPairs) return jsonOf(one, space)
    const [name, inner] = one as [string, unknown]
    return `"${name}"${space}:${space}${jsonOf(inner, space)}`
  })
  return `${isPairs ? '{' : '['}${space}${parts.join(`${space},${space}`)}${space}${isPairs ? '}' : ']'}`
}

const isPair = (one: unknown): boolean =>
  Array.isArray(one) && one.length === 2 && NAMES.includes(one[0] as string)

const spansOfTree = (body: Uint8Array, steps: readonly (string | number)[]) =>
  valuesAt(bodyTree(body), steps).map(({ valueFrom, to }) => [valueFrom, to])

test('finds the values that the whole tree has at a path, repeated names and lists too', () => {
  fc.assert(
    fc.property(value, path, fc.constantFrom('', ' ', '\n\t'), (node, steps, space) => {
      const body = utf8(jsonOf(node, space))
      expect(skimJson(body, steps)).toEqual(spansOfTree(body, steps))
    }),
    { numRuns: 1500 },
  )
})

test('takes no damaged body for JSON that the reader refuses, and refuses none that it takes', () => {
  const damage = fc.tuple(
    fc.nat(),
    fc.constantFrom(0x22, 0x5c, 0x2c, 0x5d, 0x7d, 0x30, 0x2d, 0x2e, 0x65, 0x01),
  )
  fc.assert(
    fc.property(value, path, fc.array(damage, { minLength: 1, maxLength: 2 }), (node, steps, changes) => {
      const body = Uint8Array.from(utf8(jsonOf(node, '')))
      for (const [at, byte] of changes) body[at % body.length] = byte
      const { format } = bodyTree(body)
      const spans = skimJson(body, steps)
      if (spans === undefined) {
        if (format === 'json') expect(new TextDecoder().decode(body)).toMatch(/\\/) // an escape in a name
      } else {
        expect(format).toBe('json')
        expect(spans).toEqual(spansOfTree(body, steps))
      }
    }),
    { numRuns: 1500 },
  )
})

test('says nothing about bodies that are no JSON, end early, or have names it does not compare', () => {
  for (const text of ['', 'hello', '{"a":1', '{"a":1}x', '[1,]', '{"\\u0061":1}', '{"ä":1}', '[01]']) {
    expect(skimJson(utf8(text), ['a'])).toBeUndefined()
  }
  const deep = `${'['.repeat(101)}${']'.repeat(101)}`
  expect(skimJson(utf8(deep), [0])).toBeUndefined()
  expect(skimJson(utf8(deep.slice(1, -1)), [0])).toEqual([[1, 199]])
})
