import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assetName } from './asset-path'

describe('names of assets', () => {
  test.each([
    ['/', '/index.html'],
    ['/?x=1', '/index.html'],
    ['/index.html', '/index.html'],
    ['/assets/main-B1x_2.js', '/assets/main-B1x_2.js'],
    ['/assets/main.js?v=1', '/assets/main.js'],
    ['/assets/main.js#part', '/assets/main.js'],
    ['/assets/a%20b.woff2', '/assets/a b.woff2'],
    ['/assets/%61.js', '/assets/a.js'],
  ])('%s is %s', (path, name) => {
    expect(assetName(path)).toBe(name)
  })

  test.each([
    ['a parent', '/../package.json'],
    ['a parent in the middle', '/assets/../../package.json'],
    ['an encoded parent', '/%2e%2e/package.json'],
    ['a half encoded parent', '/.%2E/package.json'],
    ['an encoded slash before a parent', '/assets%2f..%2f..%2fpackage.json'],
    ['a doubly encoded parent', '/%252e%252e/package.json'],
    ['a backslash', '/..\\package.json'],
    ['an encoded backslash', '/..%5cpackage.json'],
    ['a drive', '/C:/windows/win.ini'],
    ['a stream of a file', '/index.html::$DATA'],
    ['NUL', '/index.html%00.js'],
    ['a line break', '/index.html%0d%0aset-cookie:x'],
    ['a delete character', '/index.html%7f'],
    ['this folder', '/./index.html'],
    ['a double slash', '//evil.example/index.html'],
    ['an empty part', '/assets//main.js'],
    ['a folder', '/assets/'],
    ['a broken escape', '/%'],
    ['a broken escape in the middle', '/%zz/index.html'],
    ['bytes that are not UTF-8', '/%ff%fe'],
    ['an absolute address', 'http://evil.example/'],
    ['a relative path', 'index.html'],
    ['an asterisk', '*'],
    ['nothing', ''],
  ])('refuses %s', (_, path) => {
    expect(assetName(path)).toBeUndefined()
  })

  test('every text gives undefined or an absolute name without relative parts', () => {
    const piece = fc.constantFrom(
      '/',
      '.',
      '..',
      '%2e',
      '%2f',
      '%5c',
      '\\',
      '%',
      '%00',
      'a',
      ':',
      '?',
      '#',
      '%25',
    )
    const paths = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => `/${pieces.join('')}`),
    )
    fc.assert(
      fc.property(paths, (path) => {
        const name = assetName(path)
        if (name === undefined) return
        expect(name).toMatch(/^\/[^\\:%]+$/)
        expect(
          name
            .slice(1)
            .split('/')
            .some((part) => part === '' || part === '.' || part === '..'),
        ).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })
})
