import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { toHex, utf8 } from '../src/shared/bytes'
import { LsoFile } from '../src/main/link/lso-file-store'
import { pattern } from './pattern'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lso-file-'))
  path = join(folder, 'message.lso')
})
afterEach(() => rmSync(folder, { recursive: true }))

function python(...args: string[]): Promise<string> {
  const interpreter = process.env['PYTHON_PEER']
  if (interpreter === undefined)
    throw new Error('PYTHON_PEER is not set: run these tests with "npm run test:interop"')
  return new Promise((resolve, reject) => {
    execFile(
      interpreter,
      ['interop/python/lso_file.py', ...args],
      { maxBuffer: 1 << 26 },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`${error.message}\n${stderr}`))
        else resolve(stdout)
      },
    )
  })
}

const seenByPython = async (): Promise<unknown> => JSON.parse(await python('read', path))

const EXTENSION = '{"route": "l\\u00f6schen", "n": 1152921504606846976}'

describe('files of messages', () => {
  test.each([0, 1, 5000])('written by Python are read by us: a body of %i bytes', async (byteCount) => {
    const body = pattern(byteCount, 3)
    await python('write', path, EXTENSION, toHex(body))
    const file = await LsoFile.open(path)
    expect([file.extension, file.bodyBytes]).toEqual([EXTENSION, byteCount])
    expect(file.headers).toEqual({ route: 'löschen', n: 2n ** 60n })
    expect(await file.checkComplete()).toEqual({ isComplete: true, extraBytes: 0 })
    expect(toHex(await file.read(0, byteCount))).toBe(toHex(body))
  })

  test.each([0, 1, 100_000])('written by us are read by Python: a body of %i bytes', async (byteCount) => {
    const body = pattern(byteCount, 7)
    await LsoFile.create(path, { extension: { route: 'löschen', n: 2n ** 60n }, body })
    expect(await seenByPython()).toEqual({
      extension: EXTENSION,
      length: byteCount,
      exact: true,
      extra: 0,
      body: toHex(body),
    })
  })

  test('are the same bytes whoever wrote them, whoever changed them', async () => {
    await python('write', path, 'first', toHex(pattern(3000, 1)))
    const file = await LsoFile.open(path)
    await file.setExtension('a longer second extension')
    const ours = readFileSync(path)
    await python('extension', path, 'third')
    await python('extension', path, 'a longer second extension')
    expect(Buffer.compare(readFileSync(path), ours)).toBe(0)
    await file.setBody(utf8('another body'))
    expect(await seenByPython()).toMatchObject({
      extension: 'a longer second extension',
      length: 12,
      body: toHex(utf8('another body')),
    })
  })

  test('lose their head alike', async () => {
    await LsoFile.create(path, { extension: 'head', body: pattern(3000, 1) })
    const file = await LsoFile.open(path)
    await file.releaseHead()
    const ours = readFileSync(path)
    rmSync(path)
    await LsoFile.create(path, { extension: 'head', body: pattern(3000, 1) })
    await python('release', path)
    expect(Buffer.compare(readFileSync(path), ours)).toBe(0)
    expect(toHex(ours)).toBe(toHex(pattern(3000, 1)))
  })

  test('that are missing are made by Python in silence, and by us never', async () => {
    await expect(LsoFile.open(path)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    expect(readdirSync(folder)).toEqual([])
    await python('read', path)
    expect(statSync(path).size).toBe(8)
    expect((await LsoFile.open(path)).bodyBytes).toBe(0)
  })
})
