import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { utf8 } from '../../shared/bytes'
import { encodeLsoFile } from '../netcore/dialects/lso/lso-file'
import { fileBody } from './bodies/file-body'
import { LsoFile } from './lso-file-store'

const bytes = Uint8Array.from({ length: 700_001 }, (_, at) => (at * 31 + (at >> 8)) & 255)

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lso-file-'))
  path = join(folder, 'message.lso')
})
afterEach(() => rmSync(folder, { recursive: true }))

const onDisk = (): Uint8Array => new Uint8Array(readFileSync(path))

describe('a message in a file', () => {
  test('is written with its headers and body, and read back in parts', async () => {
    const file = await LsoFile.create(path, { extension: { route: 'r', n: 1 }, body: bytes })
    expect(Buffer.compare(onDisk(), encodeLsoFile(utf8('{"route": "r", "n": 1}'), bytes))).toBe(0)
    const read = await LsoFile.open(path)
    for (const each of [file, read]) {
      expect([each.extension, each.bodyBytes]).toEqual(['{"route": "r", "n": 1}', bytes.length])
      expect(each.headers).toEqual({ route: 'r', n: 1 })
      expect(await each.read(5, 3)).toEqual(bytes.slice(5, 8))
      expect(await each.read(bytes.length - 1, 1)).toEqual(bytes.slice(-1))
      expect(await each.checkComplete()).toEqual({ isComplete: true, extraBytes: 0 })
    }
    await expect(read.read(0, bytes.length + 1)).rejects.toMatchObject({ code: 'OPTION_INVALID' })
    await expect(read.read(-1, 1)).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  })

  test('takes its body from another file, and gives it to be sent', async () => {
    writeFileSync(join(folder, 'body.bin'), bytes)
    const source = fileBody(join(folder, 'body.bin'))
    const file = await LsoFile.create(path, { extension: 'e', body: source })
    source.release()
    const body = file.openBody()
    expect(Buffer.compare(body.read(0, body.byteLength), bytes)).toBe(0)
    body.release()
  })

  test.each([
    ['longer', 'a much longer extension than before'],
    ['shorter', ''],
    ['of the same length', 'Short'],
  ])('moves its body when its extension becomes %s', async (_, extension) => {
    const file = await LsoFile.create(path, { extension: 'short', body: bytes })
    chmodSync(path, 0o640)
    await file.setExtension(extension)
    expect(Buffer.compare(onDisk(), encodeLsoFile(utf8(extension), bytes))).toBe(0)
    expect([file.extension, await file.read(7, 2)]).toEqual([extension, bytes.slice(7, 9)])
    expect([statSync(path).mode & 0o777, readdirSync(folder)]).toEqual([0o640, ['message.lso']])
  })

  test('gets another body, and at last is nothing but the body', async () => {
    const file = await LsoFile.create(path, { extension: 'ext', body: bytes })
    await file.setBody(utf8('small'))
    expect([onDisk(), file.bodyBytes]).toEqual([encodeLsoFile(utf8('ext'), utf8('small')), 5])
    await file.releaseHead()
    expect([onDisk(), readdirSync(folder)]).toEqual([utf8('small'), ['message.lso']])
  })

  test('is not made where a file is, unless that may be replaced', async () => {
    writeFileSync(path, 'precious')
    await expect(LsoFile.create(path)).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    expect(readFileSync(path, 'utf8')).toBe('precious')
    await LsoFile.create(path, {}, { replaces: true })
    expect(onDisk()).toEqual(new Uint8Array(8))
  })

  test('that is missing or short is an error, and stays as it is', async () => {
    await expect(LsoFile.open(path)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    expect(readdirSync(folder)).toEqual([])
    writeFileSync(path, 'short')
    await expect(LsoFile.open(path)).rejects.toMatchObject({ code: 'LSO_FILE_INVALID' })
    expect(readFileSync(path, 'utf8')).toBe('short')
    await expect(LsoFile.open(folder)).rejects.toMatchObject({
      code: expect.stringMatching(/^(FILE_UNREADABLE|LSO_FILE_INVALID)$/) as string,
    })
  })

  test('whose body is cut off can be looked at, and says what is missing when its body is wanted', async () => {
    await LsoFile.create(path, { extension: 'ext', body: bytes })
    truncateSync(path, 8 + 3 + 100)
    const file = await LsoFile.open(path)
    expect(file.extension).toBe('ext')
    expect(await file.checkComplete()).toEqual({ isComplete: false, extraBytes: 100 - bytes.length })
    expect(await file.read(0, 100)).toEqual(bytes.slice(0, 100))
    for (const refused of [
      () => file.read(50, 100),
      () => Promise.resolve().then(() => file.openBody()),
      () => file.setExtension('x'),
      () => file.releaseHead(),
    ]) {
      await expect(refused()).rejects.toMatchObject({ code: 'LSO_FILE_INCOMPLETE' })
    }
    expect([statSync(path).size, readdirSync(folder)]).toEqual([111, ['message.lso']])
  })

  test('changes as a whole or not at all when its new body can not be read', async () => {
    const file = await LsoFile.create(path, { extension: 'ext', body: utf8('before') })
    const body = fileBody(path)
    body.release()
    await expect(file.setBody(body)).rejects.toMatchObject({ code: 'BODY_UNREADABLE' })
    await expect(LsoFile.create(join(folder, 'new'), { body })).rejects.toMatchObject({
      code: 'BODY_UNREADABLE',
    })
    expect([onDisk(), readdirSync(folder)]).toEqual([
      encodeLsoFile(utf8('ext'), utf8('before')),
      ['message.lso'],
    ])
  })
})
