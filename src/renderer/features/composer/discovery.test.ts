import { describe, expect, test } from 'vitest'
import { readFieldSchema } from '../../../shared/schema/field-schema'
import { discoveryOf } from './discovery'

describe('what a peer offers', () => {
  test('is asked of netconduit in its own words, and becomes a form', () => {
    const { route, methodsIn } = discoveryOf('netconduit')
    expect(route).toBe('rpc:listall')
    const [add, ping] = methodsIn({
      methods: [
        {
          name: 'add',
          description: 'Adds.',
          parameters: { a: 'int', b: 'float', c: 'Thing' },
          return_type: 'int',
        },
        { name: 'ping', parameters: {} },
      ],
      count: 2,
    })!
    expect(add).toMatchObject({ route: 'rpc:add', description: 'Adds.' })
    expect(add!.params).toEqual({
      type: 'object',
      properties: { a: { type: 'integer' }, b: { type: 'number' }, c: {} },
    })
    expect(readFieldSchema(add!.params).type).toBe('object')
    expect(ping).toEqual({ route: 'rpc:ping', description: '', params: null })
  })

  test('is asked of all others by rpc.discover', () => {
    const { route, methodsIn } = discoveryOf('native')
    expect(route).toBe('rpc/rpc.discover')
    expect(methodsIn({ methods: [{ name: 'x', params: { type: 'object' } }] })).toEqual([
      { route: 'rpc/x', description: '', params: { type: 'object' } },
    ])
  })

  test.each([null, 7, {}, { methods: 1 }, { methods: [{}] }])(
    'is nothing where the answer is %j',
    (answer) => {
      expect(discoveryOf('netconduit').methodsIn(answer)).toBeUndefined()
      expect(discoveryOf('lso').methodsIn(answer)).toBeUndefined()
    },
  )
})
