import { expect, test } from 'vitest'
import { DIALECT_NAMES, dialectNamed } from './registry'

test('every listed dialect is found under its name', () => {
  expect(DIALECT_NAMES).toEqual(['lso', 'native', 'netconduit', 'socketd', 'raw'])
  for (const name of DIALECT_NAMES) expect(dialectNamed(name).name).toBe(name)
})

test.each(['', 'LSO', 'Native', '__proto__', 'x'.repeat(1000)])('the name "%s" is refused', (name) => {
  expect(() => dialectNamed(name)).toThrow(expect.objectContaining({ code: 'DIALECT_UNKNOWN' }))
})
