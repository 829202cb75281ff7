import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { desktopLaunchOptions, webLaunchOptions } from './launch-options'

describe('options of the web host', () => {
  test('have defaults that expose nothing', () => {
    expect(webLaunchOptions([])).toEqual({
      host: '127.0.0.1',
      port: 0,
      workspaceDir: undefined,
      links: [],
      isJsonl: false,
    })
  })

  test('are taken as typed', () => {
    const argv = [
      '--host',
      '::1',
      '--port=8080',
      '--workspace',
      'here',
      '--link',
      'sim:demo',
      '--link',
      'tcp://h:1',
      '--jsonl',
    ]
    expect(webLaunchOptions(argv)).toEqual({
      host: '::1',
      port: 8080,
      workspaceDir: resolve('here'),
      links: ['sim:demo', 'tcp://h:1'],
      isJsonl: true,
    })
  })

  test('say how many messages are kept', () => {
    for (const count of [1000, 5_000_000]) {
      expect(webLaunchOptions(['--keep-messages', String(count)]).keepMessages).toBe(count)
    }
  })

  test.each([
    [['--prot', '1']],
    [['--port', 'x']],
    [['--port', '65536']],
    [['--port', '-1']],
    [['extra']],
    [['--link']],
    [['--keep-messages', '999']],
    [['--keep-messages', '5000001']],
    [['--keep-messages', '1e6']],
  ])('refuse %j', (argv) => {
    expect(() => webLaunchOptions(argv)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
  })
})

describe('options of the desktop program', () => {
  test.each([
    [['.', '--link', 'sim:demo'], ['sim:demo']],
    [
      ['--no-sandbox', '--inspect=1', '.', '--link=a', '--link', 'b'],
      ['a', 'b'],
    ],
    [['netcore://evil', '/etc/passwd', '--unknown', 'x'], []],
    [['--link'], []],
    [['--link='], []],
    [['--', '--link', 'x'], []],
  ])('%j opens %j and passes over the rest', (argv, links) => {
    expect(desktopLaunchOptions(argv)).toEqual({ workspaceDir: undefined, links })
  })

  test('the workspace is an absolute path', () => {
    expect(desktopLaunchOptions(['.', '--workspace', 'x']).workspaceDir).toBe(resolve('x'))
  })
})
