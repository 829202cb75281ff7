import { appendFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../../shared/errors'
import { fileBody } from './file-body'

const code = (expected: ErrorCode) => expect.objectContaining({ code: expected }) as unknown
const bytes = Uint8Array.from({ length: 1_000_003 }, (_, at) => (at * 31 + (at >> 8)) & 255)

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-body-'))
  path = join(folder, 'image.bin')
  writeFileSync(path, bytes)
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a file as a body', () => {
  test('has the length and the bytes of the file, in any order', () => {
    const body = fileBody(path)
    expect(body.byteLength).toBe(bytes.length)
    for (const [offset, length] of [
      [0, 4096],
      [4096, 4096],
      [999_999, 4],
      [0, bytes.length],
    ] as const) {
      expect(Buffer.compare(body.read(offset, length), bytes.subarray(offset, offset + length))).toBe(0)
    }
    body.release()
  })

  test('can be a part of the file', () => {
    const body = fileBody(path, { offset: 10, byteLength: 20 })
    expect([body.byteLength, body.read(0, 20)]).toEqual([20, bytes.slice(10, 30)])
    expect(() => fileBody(path, { offset: 1_000_000, byteLength: 4 })).toThrow(code('FILE_UNREADABLE'))
    expect(() => fileBody(path, { offset: 1_000_004 })).toThrow(code('FILE_UNREADABLE'))
    body.release()
  })

  test('is refused when there is no ordinary file', () => {
    mkdirSync(join(folder, 'sub'))
    expect(() => fileBody(join(folder, 'missing'))).toThrow(code('FILE_UNREADABLE'))
    expect(() => fileBody(join(folder, 'sub'))).toThrow(code('FILE_UNREADABLE'))
  })

  test.each<[string, () => void]>([
    ['grew', () => appendFileSync(path, 'more')],
    ['shrank', () => truncateSync(path, 300_000)],
    [
      'was written to',
      () =>
        writeFileSync(
          path,
          bytes.map((byte) => byte ^ 1),
        ),
    ],
  ])('ends with an error instead of a mixture when it %s', (_, change) => {
    const body = fileBody(path)
    body.read(0, 4096)
    change()
    expect(() => body.read(600_000, 4096)).toThrow(code('BODY_UNREADABLE'))
    body.release()
  })

  test('stays as it was although another file takes its name', () => {
    const body = fileBody(path)
    rmSync(path)
    writeFileSync(path, 'another')
    expect(Buffer.compare(body.read(0, bytes.length), bytes)).toBe(0)
    body.release()
  })

  test('is closed by the last who holds it', () => {
    const body = fileBody(path)
    body.retain()
    body.release()
    expect(body.read(0, 1)).toEqual(bytes.slice(0, 1))
    body.release()
    body.release()
    expect(() => body.read(500_000, 1)).toThrow(code('BODY_UNREADABLE'))
  })
})
