import { expect, test } from 'vitest'
import { contentPolicy, securityHeaders } from './content-policy'

test('the policy is exactly the reviewed one', () => {
  expect(contentPolicy()).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
      "connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; " +
      "frame-ancestors 'none'",
  )
})

test('added sources widen connections only', () => {
  const widened = contentPolicy(['ws://127.0.0.1:1'])
  expect(widened).toBe(contentPolicy().replace("connect-src 'self'", "connect-src 'self' ws://127.0.0.1:1"))
})

test('no header opens the answer to other origins, and nothing allows unsafe code', () => {
  const headers = securityHeaders(['ws://127.0.0.1:1'])
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  expect(Object.values(headers).join()).not.toContain('unsafe')
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  })
})
