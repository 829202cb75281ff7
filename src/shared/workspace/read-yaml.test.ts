import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { readYaml } from './read-yaml'

const check = z.strictObject({
  route: z.string().max(10),
  priority: z.int().min(0).max(7).default(4),
  kind: z.enum(['request', 'event']).optional(),
  body: z.union([z.strictObject({ json: z.string() }), z.strictObject({ hex: z.string() })]).optional(),
  steps: z.array(z.strictObject({ wait: z.number() })).optional(),
})
const problem = (text: string) => readYaml(text, 'messages/a.yaml', check).problem

describe('reading a file of the workspace', () => {
  test('gives what it says, with what is left out', () => {
    expect(readYaml('# why\nroute: echo\n', 'a.yaml', check)).toEqual({
      value: { route: 'echo', priority: 4 },
    })
  })

  test('names line, column and remedy of bad YAML', () => {
    expect(problem('route: echo\nroute: again\n')).toMatchObject({
      file: 'messages/a.yaml',
      line: 2,
      column: 1,
      remedy: 'Keep one of the two lines.',
    })
    expect(problem('route: "echo\n')).toMatchObject({ remedy: expect.stringContaining('Close') })
    expect(problem('steps:\n\t- wait: 3\n')).toMatchObject({
      line: 2,
      remedy: expect.stringContaining('spaces'),
    })
  })

  test('says at the unknown key which keys there are', () => {
    expect(problem('route: echo\nprioritty: 3\n')).toEqual({
      file: 'messages/a.yaml',
      line: 2,
      column: 1,
      message: '"prioritty" is not known here',
      remedy: 'Known here: route, priority, kind, body, steps.',
    })
    expect(problem('route: echo\nsteps:\n  - wait: 1\n    until: 2\n')).toMatchObject({
      line: 4,
      column: 5,
      message: '"until" is not known in steps[1]',
      remedy: 'Known here: wait.',
    })
  })

  test.each([
    ['priority: 9\nroute: a', 1, 11, 'priority must be at most 7'],
    ['route: 7', 1, 8, 'route must be text'],
    ['route: abcdefghijkl', 1, 8, 'route must be at most 10 characters'],
    ['route: a\nkind: quest', 2, 7, 'kind must be one of request, event'],
    ['route: a\nsteps:\n  - wait: soon', 3, 11, 'steps[1].wait must be a number'],
    ['priority: 1', 1, 1, 'route is missing'],
    ['', 0, 0, 'route is missing'],
    ['- a\n- b', 1, 1, 'the file must be a mapping (lines of "key: value")'],
    ['route: a\nbody:\n  json: 7', 3, 9, 'body.json must be text'],
  ])('places %j at %i:%i', (text, line, column, message) => {
    expect(problem(text)).toMatchObject({ line, column, message })
  })

  test('gives up on aliases that stand for billions of values', () => {
    const rows = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
    for (let at = 1; at < 9; at++)
      rows.push(
        `a${at}: &a${at} [${Array(9)
          .fill(`*a${at - 1}`)
          .join(', ')}]`,
      )
    expect(problem(rows.join('\n'))).toMatchObject({ message: expect.stringContaining('aliases') })
  })

  test('reads no key into the prototype of an object', () => {
    const reading = readYaml('__proto__: {polluted: 1}', 'a.yaml', z.record(z.string(), z.unknown()))
    expect(Object.getPrototypeOf(reading.value)).toBe(Object.prototype)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})
