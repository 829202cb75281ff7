import { expect, test } from 'vitest'
import { MAX_PROFILE_NAME_LENGTH } from '../../../shared/model/link-url'
import { copyName } from './profile-names'

test('a copy takes the first free name, also a copy of a copy', () => {
  expect(copyName('bench-A', ['bench-A'])).toBe('bench-A copy')
  expect(copyName('bench-A', ['bench-A', 'bench-A copy'])).toBe('bench-A copy 2')
  expect(copyName('bench-A copy 2', ['bench-A', 'bench-A copy', 'bench-A copy 2'])).toBe('bench-A copy 3')
})

test('the name of a copy is never too long', () => {
  const name = 'x'.repeat(MAX_PROFILE_NAME_LENGTH)
  expect(copyName(name, [name]).length).toBeLessThanOrEqual(MAX_PROFILE_NAME_LENGTH)
})
