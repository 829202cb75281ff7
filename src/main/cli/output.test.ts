import { describe, expect, test } from 'vitest'
import { ConsoleError } from '../../shared/errors'
import { Output, stringify } from './output'

function captured(isJsonl: boolean) {
  const written = { stdout: '', stderr: '' }
  const out = new Output(
    {
      stdout: (chunk) => {
        written.stdout += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1')
      },
      stderr: (text) => {
        written.stderr += text
      },
      stdin: (async function* () {})(),
      signal: new AbortController().signal,
      env: {},
    },
    isJsonl,
  )
  return { out, written }
}

describe('output', () => {
  test('writes integers of any size in headers as digits, and leaves out what is not there', () => {
    const value = { headers: { n: 12345678901234567890n, list: [1n, 'x', null] }, gone: undefined }
    expect(stringify(value)).toBe('{"headers":{"n":12345678901234567890,"list":[1,"x",null]}}')
  })

  test('is one object a line for machines, and text for people on standard error', () => {
    const { out, written } = captured(true)
    out.line({ event: 'listening', url: 'tcp-listen://127.0.0.1:1?dialect=lso' }, 'listening')
    out.raw(Uint8Array.of(1))
    out.note('a remark')
    expect(written.stdout).toBe('{"event":"listening","url":"tcp-listen://127.0.0.1:1?dialect=lso"}\n')
    expect(written.stderr).toBe('a remark\n')
  })

  test('is text and bytes as they are for people', () => {
    const { out, written } = captured(false)
    out.line({ event: 'listening', url: 'u' }, 'listening on u')
    out.line({ event: 'listening', url: 'never shown' })
    out.raw(Uint8Array.of(0xff, 10))
    expect(written.stdout).toBe('listening on u\n\u00ff\n')
  })

  test('lets no words of a peer reach a terminal as commands, and keeps lines and columns', () => {
    const { out, written } = captured(false)
    out.line(
      { event: 'listening', url: 'u' },
      'evil\u001b]0;x\u0007\u009b2Jname\r\u202etxt\ttab\nnext line – ✓',
    )
    out.note('the peer says: \u001b[2J')
    expect(written.stdout).toBe('evil·]0;x··2Jname··txt\ttab\nnext line – ✓\n')
    expect(written.stderr).toBe('the peer says: ·[2J\n')
  })

  test('names code, cause and remedy of an error', () => {
    const error = new ConsoleError('LINK_REFUSED', 'nobody listens on 127.0.0.1:9')
    const { out, written } = captured(true)
    out.error(error)
    expect(JSON.parse(written.stdout)).toEqual({
      event: 'error',
      code: 'LINK_REFUSED',
      message: 'nobody listens on 127.0.0.1:9',
      remedy: error.remedy,
    })
    expect(written.stderr).toContain('nobody listens on 127.0.0.1:9 (LINK_REFUSED)')
  })
})
